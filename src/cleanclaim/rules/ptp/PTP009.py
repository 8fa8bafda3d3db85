"""A procedure pair of two practitioners of one group and specialty.

What it checks
--------------
Two lines of an NCCI edit that no modifier on them bypasses, billed to Medicare for one patient and day by one group
under two rendering practitioners with the same taxonomy code.

Why it matters
--------------
Medicare takes physicians of one group and specialty for one physician: the edit binds them as it binds one.

How to fix
----------
Bill Column One only, or, if the services were distinct, report the modifier that says so.

Limits
------
Medicare goes by the specialty a practitioner is enrolled under, which no claim names. The taxonomy code stands for it,
so the finding is never more than review. Lines without a taxonomy code are not compared.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, manual
from cleanclaim.rules.ptp.bypass import stands
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PTP009",
    name="procedure-pair-of-colleagues",
    severity=Severity.REVIEW,
    scope=Scope.PAIR,
    tables=("ptp",),
    message=(
        "{column_two} (line {line_two}) {bundling} {column_one} (line {line_one}), which another practitioner of the "
        "same group and specialty billed that day: Medicare takes the two for one."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {column_two}. {modifier_advice}.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(
        manual("XI.P.8", "not separately reportable by two practitioners of the same specialty"),
        convention("the taxonomy code stands for the specialty a practitioner is enrolled under"),
    ),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The lines are of two colleagues, and the edit stands."""
    return edit.of_colleague and edit.start_known and not edit.borrowed and stands(edit, one, two)
