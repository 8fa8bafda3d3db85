"""Modifier 50 with more than one unit.

What it checks
--------------
A line with 50 and more than one unit of a code with bilateral indicator 1 or 3.

Why it matters
--------------
50 says both sides with one unit. Two units with 50 say that two sites were treated, each on both sides: payers pay
four, or return the line.

How to fix
----------
Bill one unit with 50. If two sites were treated on both sides, the record must show each.

Limits
------
One unit for each site that was treated on both sides is allowed, so the record decides. Units over the published limit
are the MUE rules' own.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M50
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD048",
    name="both-sides-in-several-units",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    message="{hcpcs} bears 50 with {units} units: both sides of one site are one unit with 50.",
    fix=Fix(
        action="bill-one-unit",
        safety="review",
        text="Bill one unit of {hcpcs} with 50, unless the record shows that several sites were treated on both sides.",
    ),
    adjustment=Adjustment("CO", "16", ("M53",)),
    citations=(manual("I.V", "both sides: modifier 50 with one unit of service, for each site"),),
)


def check(line: LineFacts) -> bool:
    """Both sides, more than one unit, and no limit that is exceeded as well."""
    return (
        bears(line)
        and line.modifiers[M50] == 1
        and line.units_per_day > 1
        and line.bilateral in (1, 3)
        and (line.mue_value < 0 or line.units_of_day <= line.mue_value)
    )
