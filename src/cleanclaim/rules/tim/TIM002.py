"""A service later than the claim that bills it.

What it checks
--------------
The first day of a line is not after the day on which the file says it was made.

Why it matters
--------------
Services are billed when they have been done. Payers deny a line whose date is still to come.

How to fix
----------
Correct the date of service, or send the claim again after the service.

Limits
------
A service over several days is looked at by its first day only, since some are billed while they go on. The day the
file was made is the sender's own statement, which may be wrong; so this is never more than review. Silent where the
file does not state it.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, reason_code
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="TIM002",
    name="service-after-submission",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="The service on line {line_no} is of {service_date}, but the file says it was made on {submitted}.",
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Correct the date of line {line_no}, or send the claim once the service has been done.",
    ),
    adjustment=Adjustment("CO", "110"),
    settings=tuple(Setting),
    citations=(reason_code("carc", "110", "the billing date predates the service date"),),
)


def check(line: LineFacts) -> bool:
    """Both days are known, and the service is the later one."""
    return 0 < line.submitted_day < line.service_day
