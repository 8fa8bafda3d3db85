"""A visit on the day of the provider's own major surgery that bears 25 instead of 57.

What it checks
--------------
A visit with 25, and neither 57 nor 24, on the day of a procedure with 90 global days by the same provider, on a claim
filed with Medicare or with a payer the claim does not tell.

Why it matters
--------------
Of the visits of that day only the one at which the surgery was decided on is payable, with 57; the others belong to
the package. 25 is for the day of procedures with 0 or 10 global days.

How to fix
----------
Replace 25 by 57 if the record shows that the surgery was decided on at this visit. Otherwise check whether the visit
was for another problem, and be ready to show it.

Limits
------
Some contractors pay a visit for another problem with 25, so that this is never more than review. The day before, and
the visits of colleagues, are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO013",
    name="visit-of-major-surgery-with-25",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    after_findings=True,
    message=(
        "{hcpcs} on {service_date} is on the day of {surgery} by the same provider, which has 90 global days: 57, not "
        "25, says that the surgery was decided on at it."
    ),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text=(
            "Replace 25 by 57 if the record shows that the surgery was decided on at this visit; otherwise check that "
            "the visit was for another problem."
        ),
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(
        manual(
            "I.D",
            "E&M services on the date of a major procedure are included, but for the decision for surgery (57); 25 is "
            "for minor procedures",
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """The surgeon's own visit on the day of a 90-day procedure rests on 25 alone, and no pair edit denies it."""
    return (
        line.package == Package.DAY_OF_MAJOR_WITH_25
        and line.package_by == SameProvider.SAME
        and line.medicare != 0
        and not line.bundled
    )
