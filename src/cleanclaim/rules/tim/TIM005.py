"""An admission later than the care it is billed with.

What it checks
--------------
The admission date of a professional claim is not after its last day of service, nor that of an institutional claim
after the end of the statement period.

Why it matters
--------------
One of the two dates is wrong. Claims are returned for it, and a stay cannot be matched to the hospital's claim.

How to fix
----------
Take the date of admission from the hospital's record.

Limits
------
Silent where either date is not given.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, reason_code
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="TIM005",
    name="admission-after-service",
    severity=Severity.REVIEW,
    scope=Scope.CLAIM,
    settings=tuple(Setting),
    message=(
        "The admission date, {admission}, is after the last day of the care that the claim bills, {last_day_of_care}."
    ),
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Correct the admission date or the dates of service, whichever the record shows wrong.",
    ),
    adjustment=Adjustment("CO", "16", ("MA40",)),
    citations=(reason_code("rarc", "MA40", "missing, incomplete or invalid admission date"),),
)


def check(claim: ClaimFacts) -> bool:
    """Both days are known, and the admission is the later one."""
    last_day = claim.last_service_day if claim.professional else claim.statement_to_day
    return 0 < last_day < claim.admission_day
