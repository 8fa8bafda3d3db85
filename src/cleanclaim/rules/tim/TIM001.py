"""A service before the patient was born.

What it checks
--------------
The first day of a line is not before the patient's date of birth.

Why it matters
--------------
One of the two dates is wrong. Payers deny such a line for that reason alone, or do not find the patient at all.

How to fix
----------
Hold the date of birth against the insurance card and the date of service against the record. A newborn billed under
the mother's number is a usual cause: the claim must name the child, or the mother's own care her date of birth.

Limits
------
Silent where the claim gives no date of birth. Care on the day of birth is not before it.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, reason_code
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="TIM001",
    name="service-before-birth",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="The service on line {line_no}, of {service_date}, is before the patient's date of birth.",
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Correct the date of birth or the date of service of line {line_no}, whichever the record shows wrong.",
    ),
    adjustment=Adjustment("CO", "14"),
    settings=tuple(Setting),
    citations=(reason_code("carc", "14", "the date of birth follows the date of service"),),
)


def check(line: LineFacts) -> bool:
    """Both days are known, and the service is the earlier one."""
    return 0 < line.service_day < line.birth_day
