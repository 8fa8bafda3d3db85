"""A professional service line without a date of service.

What it checks
--------------
A line of a professional claim has a service date that can be read.

Why it matters
--------------
Every edit and every price depends on the day of service; without it the line is rejected. Nothing else of the line
can be checked here either.

How to fix
----------
Enter the day the service was done, or the first and the last day of a service over several days.

Limits
------
Institutional lines may rest on the statement period and are not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT009",
    name="no-service-date",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="Line {line_no} has no date of service, or none that can be read.",
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Enter the date of service of line {line_no}.",
    ),
    adjustment=Adjustment("CO", "16", ("M52",)),
    settings=(Setting.PRACTITIONER,),
    citations=(x12("2400 DTP*472", "service date of a professional line: required"),),
)


def check(line: LineFacts) -> bool:
    """The service date of the line, a professional one, is not known."""
    return line.service_day == 0
