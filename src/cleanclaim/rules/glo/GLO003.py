"""A visit in the global days of another provider of the group, whose specialty is not told.

What it checks
--------------
A visit without 24 or 57 in the 10 or 90 days after a procedure with that global period, by another provider of the same
biller, where the taxonomy of one of the two is not on the claim.

Why it matters
--------------
If both are of one specialty, Medicare takes them for one physician, and the visit for a part of the package.

How to fix
----------
Nothing, if the two are of different specialties. Send the rendering provider's taxonomy (PRV*PE in loop 2310B or
2420A), and the question does not arise.

Limits
------
Only says what cannot be known. Providers of the same taxonomy are GLO002.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO003",
    name="visit-in-global-days-of-group",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} lies in the {global_days} global days of {surgery} by another provider of the "
        "group; if both are of one specialty, it needs 24 or is included."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Check whether the two are of one specialty; if so, bill the visit only if it is unrelated (24).",
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(convention("Medicare takes physicians of one group and one specialty for one"),),
)


def check(line: LineFacts) -> bool:
    """A visit after surgery in the group, specialties unknown."""
    return line.visit and line.package == Package.POST_OP and line.package_by == SameProvider.PERHAPS
