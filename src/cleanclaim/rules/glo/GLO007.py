"""A procedure in the global days of an earlier one, without modifier 58, 78 or 79.

What it checks
--------------
A procedure with 0, 10 or 90 global days, in the 10 or 90 days after one with that period, by the same provider or one
of the same biller and taxonomy, that bears none of 58, 78 and 79.

Why it matters
--------------
Without a modifier the payer takes it for the treatment of a complication, which is paid within the first procedure.

How to fix
----------
58 if it was planned, is more extensive, or is therapy after a diagnostic procedure; 78 if the patient had to go back to
the operating room for it; 79 if it has nothing to do with the first. Otherwise do not bill it.

Limits
------
Procedures of one day are PTP's. What is not surgery in the fee schedule (XXX: imaging, tests) is not in the package.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO007",
    name="procedure-in-global-days",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} lies in the {global_days} global days of {surgery} (day {days_after}) by the same "
        "provider or specialty, and no modifier 58, 78 or 79 says how it stands to it."
    ),
    fix=Fix(
        action="add-modifier",
        safety="review",
        text=(
            "Add 58 (staged, more extensive, or therapy), 78 (return to the operating room) or 79 (unrelated), as the "
            "record shows; a complication treated elsewhere is not billed."
        ),
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(
        manual("I.C.14", "complications are included unless the patient returns to the operating room (78)"),
        manual("I.E.c", "58: a planned, more extensive or therapeutic procedure in the postoperative period"),
    ),
)


def check(line: LineFacts) -> bool:
    """A procedure, not a visit, after another of the same provider or specialty."""
    mine = SameProvider.NO < line.package_by <= SameProvider.COLLEAGUE
    return not line.visit and line.package == Package.POST_OP and mine
