"""A service that ends before it begins.

What it checks
--------------
The last day of a line's service is not before its first.

Why it matters
--------------
The period cannot be read, so the line is rejected.

How to fix
----------
Exchange or correct the two dates.

Limits
------
None known.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT013",
    name="service-dates-reversed",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="Line {line_no} ends on {service_to}, before it begins on {service_date}.",
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Exchange or correct the first and the last day of line {line_no}.",
    ),
    adjustment=Adjustment("CO", "16", ("M52", "M59")),
    settings=tuple(Setting),
    citations=(x12("2400 DTP*472*RD8", "a range of dates: the first day, then the last"),),
)


def check(line: LineFacts) -> bool:
    """Both days are known and the last is before the first."""
    return line.service_end_day < line.service_day
