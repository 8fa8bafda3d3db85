"""An ambulance service at another place than the ambulance.

What it checks
--------------
A professional line of ground or air ambulance transport or mileage (A0425-A0436) whose place of service is neither 41
nor 42.

Why it matters
--------------
Ambulance suppliers bill the vehicle as the place; the addresses of pickup and destination have fields of their own.
Contractors reject other places.

How to fix
----------
Bill 41 for land, 42 for air or water.

Limits
------
That only these two places are taken is custom as far as it was read here.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

TRANSPORT_FIRST: Final = code_number("A0425")
TRANSPORT_LAST: Final = code_number("A0436")
AMBULANCE: Final = (41, 42)

RULE = Rule(
    code="POS006",
    name="ambulance-in-another-place",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is an ambulance service, and place of service {pos} is neither 41 nor 42.",
    fix=Fix(
        action="correct-place",
        safety="review",
        text="Bill line {line_no} with place of service 41 (land) or 42 (air or water).",
    ),
    adjustment=Adjustment("CO", "5", ("M77",)),
    citations=(convention("ambulance transport is billed at place of service 41 or 42"),),
)


def check(line: LineFacts) -> bool:
    """Transport is billed at a known place that is no ambulance."""
    if not TRANSPORT_FIRST <= line.code_number <= TRANSPORT_LAST:
        return False
    return line.place_of_service > 0 and line.place_of_service not in AMBULANCE
