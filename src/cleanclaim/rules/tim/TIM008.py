"""A patient older than anyone.

What it checks
--------------
On the last day of service the patient is not more than 124 years old by the date of birth on the claim.

Why it matters
--------------
The date of birth is wrong, mostly by its century. The payer does not find the patient, or denies for age.

How to fix
----------
Take the date of birth from the insurance card.

Limits
------
124 years is the highest age that Medicare's code editors take (custom, no document at hand).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

OLDEST_DAYS: Final = 124 * 366
"""A little more than 124 years: nobody is accused for a leap day."""

RULE = Rule(
    code="TIM008",
    name="patient-older-than-anyone",
    severity=Severity.REVIEW,
    scope=Scope.CLAIM,
    settings=tuple(Setting),
    message="By the date of birth on the claim the patient is more than 124 years old.",
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Correct the patient's date of birth.",
    ),
    adjustment=Adjustment("CO", "16", ("N329",)),
    citations=(convention("Medicare's code editors take ages of 0 to 124 years"),),
)


def check(claim: ClaimFacts) -> bool:
    """Both days are known, and more than 124 years apart."""
    return claim.birth_day > 0 and claim.last_service_day - claim.birth_day > OLDEST_DAYS
