"""A manifestation as the first-listed diagnosis.

What it checks
--------------
The principal or first-listed diagnosis is no code whose title says "in diseases classified elsewhere" and which a
Code first note binds.

Why it matters
--------------
Such a code only says how another disease shows itself. The tabular list never permits it as the first-listed or
principal diagnosis; payers deny or return the claim.

How to fix
----------
Put the code of the underlying disease first and the manifestation after it. The Code first note of the code names the
diseases that come into question.

Limits
------
Manifestations whose title does not say so are another rule's matter. Where no tabular list in force on the date is
loaded nothing is said.
"""

from __future__ import annotations

from cleanclaim.rules.dxv.guidelines import tabular
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV012",
    name="manifestation-first",
    severity=Severity.DENY,
    scope=Scope.DIAGNOSIS,
    tables=("icd10cm-manifestation",),
    settings=tuple(Setting),
    message=(
        "{icd10cm} is a manifestation of a disease classified elsewhere and cannot be the first-listed diagnosis."
    ),
    fix=Fix(
        action="reorder-diagnoses",
        safety="review",
        text=("Put the code of the underlying disease first and {icd10cm} after it; pointers move with their codes."),
    ),
    adjustment=Adjustment("CO", "16", ("MA63",)),
    citations=(
        tabular(
            "Introduction, Code First", "such codes are never permitted to be first-listed or principal diagnosis codes"
        ),
    ),
)


def check(dx: DiagnosisFacts) -> bool:
    """The principal or first-listed diagnosis is a manifestation."""
    return dx.principal and dx.manifestation
