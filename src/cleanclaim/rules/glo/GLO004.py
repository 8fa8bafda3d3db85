"""A visit on the day of the provider's own major surgery, without modifier 57.

What it checks
--------------
A visit on the day of a procedure with 90 global days by the same provider, that bears none of 57, 25 and 24, on a claim
filed with Medicare or with a payer the claim does not tell.

Why it matters
--------------
The visit at which the surgery was decided on is payable with 57. Every other visit of the day belongs to the package.

How to fix
----------
Add 57 if the record shows that the surgery was decided on at this visit. Otherwise do not bill it.

Limits
------
Silent where a published pair edit stands between the visit and another service of the day: PTP reports it. With 25 see
GLO013.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO004",
    name="visit-on-day-of-major-surgery",
    severity=Severity.DENY,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} is on the day of {surgery} by the same provider, which has 90 global days, and no "
        "modifier 57 says that the surgery was decided on at it."
    ),
    fix=Fix(
        action="add-modifier",
        safety="review",
        text="Add 57 if the record shows that the surgery was decided on at this visit; otherwise do not bill it.",
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(
        manual(
            "I.D",
            "E&M services on the date of a major procedure are included, but for the decision for surgery (57); MACs "
            "have the edits",
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """The surgeon's own visit on the day of a 90-day procedure."""
    return line.package == Package.DAY_OF_MAJOR and line.package_by == SameProvider.SAME and line.medicare != 0
