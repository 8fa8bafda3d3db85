"""A line dated outside the statement period.

What it checks
--------------
Every dated line of an institutional claim lies within the claim's statement period, first and last day included.

Why it matters
--------------
The claim says twice when the care was given, and not the same. Payers return it.

How to fix
----------
Correct the line's date or the period; take care of another period to its own claim.

Limits
------
Silent where the period or the line's date is not given.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, reason_code
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="TIM006",
    name="service-outside-statement",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.OUTPATIENT, Setting.NONE),
    message=("Line {line_no} is of {service_date}, outside the statement period {statement_from} to {statement_to}."),
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Correct the date of line {line_no}, or the statement period.",
    ),
    adjustment=Adjustment("CO", "16", ("MA31",)),
    citations=(
        reason_code("rarc", "MA31", "missing, incomplete or invalid beginning and ending dates of the period billed"),
        convention("line dates lie within the statement period: UB-04, form locators 6 and 45"),
    ),
)


def check(line: LineFacts) -> bool:
    """The line begins before the period, or ends after it."""
    if line.service_day <= 0 or line.statement_from_day <= 0 or line.statement_to_day < line.statement_from_day:
        return False
    return line.service_day < line.statement_from_day or line.service_end_day > line.statement_to_day
