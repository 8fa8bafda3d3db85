"""An ambulance ride that begins where none can.

What it checks
--------------
Ground and air transport and its mileage (A0425-A0436) whose modifier begins with X.

Why it matters
--------------
X is the stop at a physician's office on the way to the hospital: a destination only. The line is returned or denied.

How to fix
----------
Take the origin from the trip sheet; the stop's own ride is part of the one to the hospital.

Limits
------
The instruction was read second-hand. XE, XS and XP are taken as the modifiers of their own that they also are: a line
with one of them and no origin is MOD056's. Institutional claims are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import Journey, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD057",
    name="ride-from-no-origin",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) begins at X, which is a destination only.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Put on {hcpcs} the origin and destination that the trip sheet shows.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        convention(
            "X is a destination code only (Medicare Claims Processing Manual, chapter 15, section 30, read "
            "second-hand; Palmetto GBA, Origin/Destination Ambulance Modifiers, 2020-05-28)"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """The ride's modifier begins with X."""
    return line.journey == Journey.NO_ORIGIN
