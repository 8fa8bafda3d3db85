"""A line that bills a service again.

What it checks
--------------
A line that is the same as an earlier one of the patient and provider in every respect: code, modifiers, dates, place
of service, revenue code, drug, units, charge and note, on this claim or on another, and that bears no modifier for a
repeated or distinct service (59, XE, XS, XP, XU, 76, 77, 91, and 27 for hospital visits).

Why it matters
--------------
Payers deny an exact repeat as a duplicate. If the service was done twice, the claim must say so.

How to fix
----------
Remove the line if it stands there twice by mistake. If the service was repeated, add the modifier that says so to the
second line (76, 77, 91, 59 or X, or the side), or report the units on one line where the code allows it.

Limits
------
Drugs and supplies of a hospital are left out: each dispensing may be posted as a line of its own. Claims that repeat
another as a whole are reported by DUP002. Lines of a claim that was since replaced or voided are not compared.
"""

from __future__ import annotations

from cleanclaim.rules.facts import CodeKind, LineFacts
from cleanclaim.rules.model import Related, Rule, Scope, convention
from cleanclaim.rules.modifiers import REPEATED_SERVICE, any_of
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="DUP001",
    name="duplicate-line",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    related=Related.REPEATED_LINE,
    message="{hcpcs} on {service_date} is the same as {repeated_line}, and no modifier says that it was done again.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text=(
            "Remove the line if the service was done once. If it was repeated, add the modifier that says so (76, 77, "
            "91, 59 or X, or the side): it answers the duplicate, not a limit of units."
        ),
    ),
    adjustment=Adjustment("OA", "18"),
    citations=(convention("payers deny an exact repeat of patient, provider, date, code, place and charge"),),
)


def check(line: LineFacts) -> bool:
    """The line repeats another and no modifier says why."""
    hospital_supply = not line.professional and line.code_kind == CodeKind.LEVEL_II
    return line.duplicate_line and not hospital_supply and not any_of(line.modifiers, REPEATED_SERVICE)
