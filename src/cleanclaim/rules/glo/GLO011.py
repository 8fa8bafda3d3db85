"""A routine visit of pregnancy or after birth, where the delivery's code includes it.

What it checks
--------------
A visit without 24 or 25 whose only diagnoses are supervision of normal pregnancy (Z34) or routine postpartum follow-up
(Z39.2), by the provider, or one of the same biller and taxonomy, who bills a delivery code that includes such care:
before birth 59400, 59510, 59610, 59618; for six weeks after it also 59410, 59430, 59515, 59614, 59622.

Why it matters
--------------
Routine care is paid within the code of the whole (global period MMM). Each visit billed besides is paid twice.

How to fix
----------
Do not bill the visit. If the provider gave only a part of the care, bill that part (59409, 59425, 59426, 59430) in
place of the whole.

Limits
------
Visits with any other diagnosis are not looked at, nor whether more visits than usual were needed.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, convention, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO011",
    name="routine-visit-in-maternity-care",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} is routine maternity care, which {surgery} by the same provider or specialty "
        "includes."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Do not bill routine visits besides the code that includes them.",
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(
        convention("codes of routine obstetric care include the visits before and after birth"),
        manual("VII.G.4", "maternity procedures have the global period MMM"),
    ),
)


def check(line: LineFacts) -> bool:
    """Routine care that the delivery's code includes."""
    mine = SameProvider.NO < line.package_by <= SameProvider.COLLEAGUE
    return line.package == Package.MATERNITY and mine
