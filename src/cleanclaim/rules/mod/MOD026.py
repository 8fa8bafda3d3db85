"""Two of 58, 78 and 79 on one line.

What it checks
--------------
More than one of 58, 78 and 79 on a line.

Why it matters
--------------
A later procedure was planned (58), an unplanned return for a complication (78), or unrelated (79). Each is paid
differently, and no two can be true.

How to fix
----------
Keep the one the operative report shows.

Limits
------
The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import AFTER_SURGERY, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD026",
    name="after-surgery-modifiers-contradict",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears more than one of 58, 78 and 79 ({modifiers}), which exclude each other.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one of 58, 78 and 79 that the operative report shows.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("58, 78 and 79 exclude each other"),),
)


def check(line: LineFacts) -> bool:
    """The line bears two of the three."""
    return bears(line) and not line.evaluation_and_management and count_of(line.modifiers, AFTER_SURGERY) > 1
