"""A visit on the day of the provider's minor procedure, without modifier 25.

What it checks
--------------
A visit on the day of a procedure with 0 or 10 global days by the same provider, that bears none of 25, 24 and 57, and
with no published pair edit between the visit and another service of the day.

Why it matters
--------------
The visit that leads to a minor procedure is paid within it, for a new patient too. Only a significant, separately
identifiable visit is payable, with 25. NCCI has many of these pairs, not all: where it has one, PTP reports it.

How to fix
----------
Add 25 if the record shows a visit beyond the decision for the procedure and its usual work. Otherwise do not bill it.

Limits
------
Whether the visit went beyond the procedure is in the record.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO006",
    name="visit-on-day-of-minor-procedure",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    related=Related.SURGERY,
    tables=("global",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} is on the day of {surgery} by the same provider, which includes the visit that "
        "leads to it; no modifier 25 says that this one went beyond."
    ),
    fix=Fix(
        action="add-modifier",
        safety="review",
        text="Add 25 if the record shows a significant, separately identifiable visit; otherwise do not bill it.",
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(
        manual(
            "I.D", "E&M services on the day of a minor procedure are in general included; NCCI has many, not all, edits"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """The provider's own visit on the day of a minor procedure."""
    return line.package == Package.DAY_OF_MINOR and line.package_by == SameProvider.SAME
