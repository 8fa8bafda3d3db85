"""A visit on the day before a major surgery, or on its day for another payer or by a colleague, without 57.

What it checks
--------------
A visit without 57, 25 or 24 on the day before a procedure with 90 global days, by the same provider or one of the same
biller and taxonomy; and one on the day itself where GLO004 leaves room for doubt: another payer than Medicare, or a
colleague.

Why it matters
--------------
The global package of a major procedure begins the day before. The visit at which the surgery was decided on is payable
with 57, the usual visit before it is not.

How to fix
----------
Add 57 if the record shows that the surgery was decided on at this visit. Otherwise do not bill it.

Limits
------
That the package begins the day before is read in the fee schedule's indicator (090) as the trade reads it. Silent where
a published pair edit stands between the visit and another service of its day.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, layout, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO005",
    name="visit-before-major-surgery",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} is on the day of, or the day before, {surgery}, which has 90 global days, and no "
        "modifier 57 says that the surgery was decided on at it."
    ),
    fix=Fix(
        action="add-modifier",
        safety="review",
        text="Add 57 if the record shows that the surgery was decided on at this visit; otherwise do not bill it.",
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(
        manual("I.D", "the E&M service that decides on a major procedure takes 57; others are included"),
        layout("global surgery", "090: major surgery with one day before and 90 days after in the fee"),
    ),
)


def check(line: LineFacts) -> bool:
    """The day before, or the day with some doubt whose it is."""
    own = line.package_by == SameProvider.SAME
    if line.package == Package.DAY_BEFORE_MAJOR:
        return own or line.package_by == SameProvider.COLLEAGUE
    return line.package == Package.DAY_OF_MAJOR and (
        (own and line.medicare == 0) or line.package_by == SameProvider.COLLEAGUE
    )
