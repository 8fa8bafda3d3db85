"""An ambulance line that does not say where the ride began and ended.

What it checks
--------------
Ground and air transport and its mileage (A0425-A0436) without a modifier of two letters: the origin (D, E, G, H, I, J,
N, P, R, S), then the destination (the same, or X).

Why it matters
--------------
Whether a ride is covered depends on where it began and ended. A line that does not say so is returned or denied.

How to fix
----------
Add the modifier of the trip sheet, such as RH (residence to hospital), first on the line.

Limits
------
The instruction was read second-hand. Silent with QL (the patient died before the ride), and on the miles of a day whose
only ride was by van or taxi. From 2021 to 2023 C, F, O, U
and W are taken as destinations too (Medicare's ET3 model). Institutional claims are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import Journey, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD056",
    name="ride-without-origin-and-destination",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) does not say where the ambulance ride began and ended.",
    fix=Fix(
        action="add-modifier",
        safety="review",
        text="Add to {hcpcs} the two letters of origin and destination that the trip sheet shows.",
    ),
    adjustment=Adjustment("CO", "4", ("N822",)),
    citations=(
        convention(
            "origin and destination on each ambulance trip (Medicare Claims Processing Manual, chapter 15, section 30, "
            "read second-hand; Palmetto GBA, Origin/Destination Ambulance Modifiers, 2020-05-28)"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """No modifier of the line is an origin and a destination."""
    return line.journey == Journey.UNSTATED
