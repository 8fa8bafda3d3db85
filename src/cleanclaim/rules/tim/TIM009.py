"""A professional line that runs over New Year.

What it checks
--------------
The first and the last day of a professional line lie in the same calendar year.

Why it matters
--------------
Codes, fees and the patient's deductible change with the year. Payers process a line by one date only, or ask for it
to be split.

How to fix
----------
Bill a line, or a claim, for each year.

Limits
------
Payers differ, and no published rule was at hand; so this only informs.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="TIM009",
    name="service-over-new-year",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="Line {line_no} ({hcpcs}) runs from {service_date} to {service_to}, over the end of a year.",
    fix=Fix(
        action="split-line",
        safety="review",
        text="Split line {line_no} at the end of the year.",
    ),
    citations=(convention("services over the end of a year are billed apart"),),
)


def check(line: LineFacts) -> bool:
    """The days of the line lie in two calendar years."""
    return line.spans_years and line.service_day <= line.service_end_day
