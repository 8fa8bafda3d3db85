"""A visit in global days, by a colleague of the surgeon or of another payer's patient, without modifier 24.

What it checks
--------------
A visit without 24 or 57 in the 10 or 90 days after a procedure with that global period, where it is not beyond doubt
that the days bind: the visit is by another provider of the same biller and the same taxonomy; or the payer is not
Medicare; or the procedure was broken off (53) or the provider took over only the care after it (55).

Why it matters
--------------
Medicare takes physicians of one group and one specialty for one physician. Most payers follow its global days, some
with their own definition of what is included. Who takes over care after surgery is paid for it by 55.

How to fix
----------
If the visit is about the surgery, do not bill it. If it is unrelated, add 24. If the colleague is of another
specialty, check the taxonomy codes.

Limits
------
The specialty under which a physician is enrolled is not on the claim; the taxonomy stands for it. The day on which
care was taken over (55) is not read.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, convention, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO002",
    name="visit-in-shared-global-days",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} may lie in the {global_days} global days of {surgery} (day {days_after}) by the "
        "same group and specialty, and no modifier 24 says that it is unrelated."
    ),
    fix=Fix(
        action="add-modifier",
        safety="review",
        text="If the visit is about the surgery, do not bill it. If the record shows that it is unrelated, add 24.",
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(
        manual(
            "I.D",
            "postoperative E&M services related to recovery or complications are included; unrelated ones take 24",
        ),
        convention(
            "Medicare takes physicians of one group and one specialty for one; other payers mostly follow its days"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """A visit after surgery, and some doubt whether the surgery's days bind it."""
    surgeon = line.package_by == SameProvider.SAME
    doubtful = surgeon and (line.medicare == 0 or not line.package_certain)
    return line.visit and line.package == Package.POST_OP and (doubtful or line.package_by == SameProvider.COLLEAGUE)
