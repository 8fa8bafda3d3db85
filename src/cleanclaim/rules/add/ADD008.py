"""Ambulance mileage without the transport.

What it checks
--------------
Mileage (A0425 on the ground, A0435 and A0436 in the air) where the claim bills no ambulance service of the day that is
not mileage, and no ride by van or taxi.

Why it matters
--------------
Miles are paid beside the transport they belong to. Alone they are returned or denied.

How to fix
----------
Bill the transport (A0426-A0434) on the same claim; ask yourself why the miles were split from it.

Limits
------
The instruction was read second-hand. Which transport goes with which mileage is not asked, nor whether it is on another
claim. Institutional claims are not judged.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

GROUND: Final = code_number("A0425")
FIXED_WING: Final = code_number("A0435")
ROTARY_WING: Final = code_number("A0436")

RULE = Rule(
    code="ADD008",
    name="mileage-without-transport",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bills miles on {service_date}, and the claim has no ambulance transport of that day.",
    fix=Fix(
        action="add-primary",
        safety="review",
        text="Bill the transport to which the miles of {hcpcs} belong on the same claim.",
    ),
    adjustment=Adjustment("CO", "107", ("N122",)),
    citations=(
        convention(
            "mileage is billed beside the base rate (Medicare Claims Processing Manual, chapter 15, section 30, read "
            "second-hand)"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """Mileage, and no transport beside it."""
    is_mileage = line.code_number in (GROUND, FIXED_WING, ROTARY_WING)
    return is_mileage and line.is_hcpcs and not line.transport_present
