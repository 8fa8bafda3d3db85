"""76 together with 77.

What it checks
--------------
76 and 77 on one line.

Why it matters
--------------
76 says that the same physician repeated the procedure, 77 that another did. Both cannot be.

How to fix
----------
Keep the one that is true of the physician who bills the line.

Limits
------
The rule follows from what the two mean; that payers deny it is custom.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M76, M77
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD033",
    name="repeat-by-two-physicians",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears 76 (same physician) and 77 (another physician).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} 76 or 77, as the record shows who did the first one.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(manual("I.E", "76: repeated by the same, 77: by another physician"),),
)


def check(line: LineFacts) -> bool:
    """The line bears both."""
    return bears(line) and not line.evaluation_and_management and line.modifiers[M76] + line.modifiers[M77] > 1
