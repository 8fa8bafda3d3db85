"""Two shares of one surgery on one line.

What it checks
--------------
More than one of 54, 55 and 56 on a line.

Why it matters
--------------
Each share has its own price and its own dates: 54 the day of the operation, 55 the days of care taken over. On one
line they cannot be priced.

How to fix
----------
Bill one line for each share that was given; all three are the surgery without modifiers.

Limits
------
The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import SHARES, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD019",
    name="two-shares-of-surgery",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears more than one of 54, 55 and 56 ({modifiers}): each share is a line of its own.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Bill one line of {hcpcs} for each share that was given.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("54, 55 and 56 are billed on lines of their own"),),
)


def check(line: LineFacts) -> bool:
    """The line bears two of the three."""
    return bears(line) and count_of(line.modifiers, SHARES) > 1
