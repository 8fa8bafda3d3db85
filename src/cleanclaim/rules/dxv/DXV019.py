"""A supplementary diagnosis as the first-listed one.

What it checks
--------------
The principal or first-listed diagnosis is no code that only adds to another: the organism of an infection classified
elsewhere (B95-B97), the outcome of a delivery (Z37), severe sepsis (R65.2-), the coma and stroke scales (R40.21-R40.24,
R29.7-), underimmunization (Z28.3-), social circumstances (Z55-Z65) and the body mass index (Z68).

Why it matters
--------------
Such a code says nothing of why the patient came. A claim that begins with one is returned or denied.

How to fix
----------
Put the code of the condition, the delivery or the visit first, and this one after it.

Limits
------
The coding guidelines say it and were read second-hand, so this is never more than review. Some state Medicaid programs
take Z55-Z65 first while a patient is being assessed; this is not known here.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.dxv.beginnings import Addition, addition, only_adds
from cleanclaim.rules.dxv.guidelines import guideline
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Citation, Fix, Setting, Severity

_SAID_BY: Final = {
    Addition.ORGANISM: guideline("I.C.1.b", "B95-B97 are additional codes for the organism of an infection"),
    Addition.OUTCOME_OF_DELIVERY: guideline(
        "I.C.15.b.5, I.C.21.c.11", "Z37 is an additional code on the mother's record"
    ),
    Addition.SEVERE_SEPSIS: guideline("I.C.1.d.4", "a code of R65.2 can never be a principal diagnosis"),
    Addition.DOCUMENTED_BY_OTHERS: guideline(
        "I.B.14", "body mass index, coma and stroke scales, social determinants: secondary diagnoses only"
    ),
}


def _of_kind(dx: DiagnosisFacts) -> tuple[Citation, ...]:
    return (_SAID_BY[addition(dx)],)


RULE = Rule(
    code="DXV019",
    name="supplementary-diagnosis-first",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    settings=tuple(Setting),
    message="{icd10cm} only adds to another diagnosis and cannot be the first-listed one.",
    fix=Fix(
        action="reorder-diagnoses",
        safety="review",
        text="Put the code of the condition first and {icd10cm} after it; pointers move with their codes.",
    ),
    adjustment=Adjustment("CO", "16", ("MA63",)),
    citations=tuple(_SAID_BY.values()),
    cites=_of_kind,
)


def check(dx: DiagnosisFacts) -> bool:
    """The first-listed diagnosis only adds to another."""
    return dx.principal and dx.is_icd10cm and only_adds(dx)
