"""Modifier 63 on a patient who is no infant.

What it checks
--------------
63 on a service given a year or more after the patient's birth.

Why it matters
--------------
63 says that the patient weighed less than four kilograms. At a year of age that is all but impossible.

How to fix
----------
Take 63 off, or correct the date of birth.

Limits
------
The weight is not on the claim; the year is our own limit. The rule is the custom of the trade.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import M63, bears
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

YEAR: Final = 365

RULE = Rule(
    code="MOD038",
    name="infant-modifier-of-older-patient",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message=(
        "{hcpcs} bears 63, for an infant under four kilograms, and the patient was born a year or more before "
        "{service_date}."
    ),
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 63 from {hcpcs}, or correct the date of birth.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(convention("63: procedures on infants of less than four kilograms"),),
)


def check(line: LineFacts) -> bool:
    """The line bears 63, and the patient was a year old."""
    if not bears(line) or not line.modifiers[M63] or line.evaluation_and_management or not line.birth_day:
        return False
    return line.service_day >= line.birth_day + YEAR
