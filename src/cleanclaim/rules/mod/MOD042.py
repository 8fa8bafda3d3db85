"""JW together with JZ.

What it checks
--------------
JW and JZ on one line.

Why it matters
--------------
JW bills the part of a single-dose drug that was thrown away, JZ says that nothing was. Both cannot be true of one
line.

How to fix
----------
Bill the amount given on a line without JW and the amount thrown away on a second line with JW; or one line with JZ.

Limits
------
Whether the drug comes in a single-dose container is not known here.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import JW, JZ, bears
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD042",
    name="waste-and-no-waste",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears JW (a part was thrown away) and JZ (nothing was).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep JZ on {hcpcs} if nothing was thrown away; otherwise bill the waste on a line of its own with JW.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("JW and JZ exclude each other"),),
)


def check(line: LineFacts) -> bool:
    """The line bears both."""
    return bears(line) and line.modifiers[JW] + line.modifiers[JZ] > 1
