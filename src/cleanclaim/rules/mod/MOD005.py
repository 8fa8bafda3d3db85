"""Modifier 50 together with LT or RT.

What it checks
--------------
No line bears 50, which names both sides, and LT or RT.

Why it matters
--------------
50 pays both sides. With LT or RT the line says both sides and one side at once; payers return it or pay one side.

How to fix
----------
For both sides keep 50 and take the side off; for one side keep LT or RT and take 50 off.

Limits
------
That payers reject the combination is the custom of the trade, not a published rule. On a visit any side is MOD023's.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import SIDES, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention, manual
from cleanclaim.rules.modifiers import M50
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD005",
    name="side-beside-both-sides",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears 50 for both sides and LT or RT for one ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep 50 on {hcpcs} for both sides, or LT or RT for one.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(
        convention("LT and RT are not used with 50"),
        manual("I.V", "both sides: modifier 50 with one unit of service"),
    ),
)


def check(line: LineFacts) -> bool:
    """The line names both sides and a side."""
    return (
        bears(line)
        and not line.evaluation_and_management
        and line.modifiers[M50] == 1
        and count_of(line.modifiers, SIDES) > 0
    )
