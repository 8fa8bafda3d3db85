"""Visits over several days whose units are not the days.

What it checks
--------------
A line of daily visits (office, hospital, emergency, nursing facility, home: 99202-99239, 99281-99285, 99304-99316,
99341-99350) over a range of days has as many units as the range has days.

Why it matters
--------------
A range stands for the same visit on each of its days. If the units differ the payer cannot tell on which days the
patient was seen, and returns the line.

How to fix
----------
Bill one unit for each day of an unbroken range, or a line for each day.

Limits
------
Other services may run over days in other ways and are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.tim.daily import daily_visit
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="TIM007",
    name="visit-days-are-not-units",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=(
        "Line {line_no} bills {units} of {hcpcs} from {service_date} to {service_to}, which is another number of days."
    ),
    fix=Fix(
        action="correct-units",
        safety="review",
        text="Bill a line for each day on which {hcpcs} was done, or one unit for each day of the range.",
    ),
    adjustment=Adjustment("CO", "16", ("M53",)),
    citations=(convention("a range of days stands for identical services on each of them: CMS-1500 item 24A and 24G"),),
)


def check(line: LineFacts) -> bool:
    """A range of days has another number of units, of a code that is billed by the day."""
    days = line.service_end_day - line.service_day + 1
    if line.service_day <= 0 or days <= 1 or line.units < 0:
        return False
    return daily_visit(line.code_number) and line.units != days
