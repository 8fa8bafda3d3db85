"""A visit code that is made for another place.

What it checks
--------------
Office visits (99202-99215) at an inpatient place; hospital and emergency visits (99221-99239, 99281-99285) at an
office, home, clinic or nursing facility; nursing facility visits (99304-99316) at an office, home, clinic or
emergency room; home visits (99341-99350) at an office, hospital, clinic or nursing facility.

Why it matters
--------------
The code names the place as much as the place code does. Payers deny the line when they contradict each other, or pay
the rate of the wrong one.

How to fix
----------
Take the place from the record, and the visit code of that place.

Limits
------
Which places fit is custom, so this is never more than review. Places in doubt are not judged: telehealth, outpatient
departments, and an office visit at a nursing facility, as Medicare wants the visit of a resident placed. At 21 an
office visit may be right when a hospital inpatient was brought to the office.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.pos.visits import visit_elsewhere
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="POS003",
    name="visit-in-another-place",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is not a visit that is made at place of service {pos}.",
    fix=Fix(
        action="correct-place",
        safety="review",
        text="Correct the place of service of line {line_no}, or use the visit code of that place.",
    ),
    adjustment=Adjustment("CO", "5", ("M77",)),
    citations=(
        convention("CPT has visit codes by place: office, hospital, emergency department, nursing facility, home"),
    ),
)


def check(line: LineFacts) -> bool:
    """The place of service is none where visits of the code are made."""
    return visit_elsewhere(line)
