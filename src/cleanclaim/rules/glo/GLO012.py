"""A visit around a procedure whose global days the contractor sets.

What it checks
--------------
A visit without 24, 25 or 57 by the same provider on the day of a procedure of global period YYY, or in the 90 days
after it.

Why it matters
--------------
The Medicare contractor decides how many days the package has, so that the visit may be a part of it.

How to fix
----------
Ask the contractor for the days of the code. If the visit lies in them and is unrelated, add 24.

Limits
------
Unlisted procedures are YYY. What contractors set is in no table at hand.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="GLO012",
    name="visit-in-contractor-global-days",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} is on the day of, or soon after, {surgery} by the same provider, whose global days "
        "the Medicare contractor sets."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Ask the contractor how many global days the procedure has.",
    ),
    citations=(manual("I.D", "the global period for YYY procedures is defined by the MAC"),),
)


def check(line: LineFacts) -> bool:
    """The provider's own visit near a YYY procedure."""
    return line.package == Package.CONTRACTOR and line.package_by == SameProvider.SAME
