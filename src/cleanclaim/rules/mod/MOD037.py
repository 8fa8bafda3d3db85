"""Two of 52, 53, 73 and 74 on one line.

What it checks
--------------
More than one of 52, 53, 73 and 74 on a line.

Why it matters
--------------
A service was reduced (52), stopped by the physician (53), or stopped by the facility before (73) or after (74)
anesthesia. Each is paid differently.

How to fix
----------
Keep the one the record shows.

Limits
------
The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import STOPPED, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD037",
    name="stopped-in-two-ways",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears more than one of 52, 53, 73 and 74 ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one of 52, 53, 73 and 74 that the record shows.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("52, 53, 73 and 74 exclude each other"),),
)


def check(line: LineFacts) -> bool:
    """The line bears two of the four."""
    return bears(line) and count_of(line.modifiers, STOPPED) > 1
