"""Chiropractic manipulation that Medicare takes as maintenance.

What it checks
--------------
98940, 98941 or 98942 from October 2004 on, on a claim of Medicare's, without AT and without GA, GX, GY or GZ.

Why it matters
--------------
Medicare pays manipulation only while it treats an acute or chronic subluxation. AT says that it does; without it the
line is taken as maintenance and denied as not necessary.

How to fix
----------
Add AT if the record shows active treatment with expected improvement. Maintenance bears GA where an ABN was signed
before the service, GZ where none was.

Limits
------
The manual that asks for AT was read only second-hand; the HCPCS list names the modifier for these three codes.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import ACTIVE_TREATMENT_FROM, AT, LIABILITY, count_of, is_manipulation
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Citation, Fix, Setting, Severity

RULE = Rule(
    code="MOD047",
    name="manipulation-without-active-treatment",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) lacks AT: Medicare takes it as maintenance and denies it.",
    fix=Fix(
        action="add-modifier",
        safety="review",
        text=(
            "Add AT to {hcpcs} if the record shows active treatment; otherwise GA if an ABN was signed before the "
            "service, GZ if none was."
        ),
    ),
    adjustment=Adjustment("CO", "50"),
    citations=(
        Citation("hcpcs", "2025Q4", "AT", text="to be used when reporting 98940, 98941, 98942"),
        convention("MM3449, as a contractor quotes it: without AT manipulation is denied as maintenance"),
    ),
)


def check(line: LineFacts) -> bool:
    """Medicare is billed for manipulation without AT."""
    if line.medicare != 1 or not line.is_hcpcs or not is_manipulation(line) or line.modifiers[AT]:
        return False
    return line.service_day >= ACTIVE_TREATMENT_FROM and count_of(line.modifiers, LIABILITY) == 0
