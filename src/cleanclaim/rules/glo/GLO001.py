"""A visit in the global days of the same provider's surgery, without modifier 24.

What it checks
--------------
A visit of the 10 or 90 days after a procedure with that global period (fee schedule column GLOB DAYS), by the provider
who did the procedure, that bears neither 24 nor 57. For claims filed with Medicare, or with a payer the claim does not
tell.

Why it matters
--------------
Visits for recovery and for complications are paid within the procedure. A visit that is unrelated is payable, but only
with 24: without it the payer takes it for a part of the package.

How to fix
----------
If the visit is about the surgery or a complication of it, do not bill it (99024 at no charge reports it). If it is
unrelated, add 24 and point the line at the diagnosis that shows it.

Limits
------
Sees the surgeries among the claims checked and those of `--history`. Critical care, preventive visits and management by
the month are left out. A procedure with 54 opens no days after it; one with 55 or 53 is reported by GLO002.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO001",
    name="visit-in-own-global-days",
    severity=Severity.DENY,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} lies in the {global_days} global days of {surgery} by the same provider (day "
        "{days_after}), and no modifier 24 says that it is unrelated."
    ),
    fix=Fix(
        action="add-modifier",
        safety="review",
        text=(
            "If the visit is about the surgery, do not bill it. If the record shows that it is unrelated, add 24 and "
            "point at the unrelated diagnosis."
        ),
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(
        manual(
            "I.D",
            "postoperative E&M services related to recovery or complications are included; unrelated ones take 24",
        ),
        manual("I.C.14", "treatment of complications that need no return to the operating room is included"),
    ),
)


def check(line: LineFacts) -> bool:
    """The surgeon's own visit, days surely of a package, and Medicare's rule binds."""
    return (
        line.visit
        and line.package == Package.POST_OP
        and line.package_by == SameProvider.SAME
        and line.package_certain
        and line.medicare != 0
    )
