"""A diagnosis code that does not exist.

What it checks
--------------
Every ICD-10-CM code of the claim against the list in force on the date of service (of an inpatient claim: on the
date of discharge). This code is in no list at hand.

Why it matters
--------------
A diagnosis that is not in the code set makes the claim invalid; lines that point at it are denied.

How to fix
----------
Look the condition up in the tabular list of the year and enter its code. Usual causes: a character too many, O for 0
or I for 1, an ICD-9 code under an ICD-10 qualifier.

Limits
------
Silent where no list in force on the date is loaded.
"""

from __future__ import annotations

from cleanclaim.rules.facts import DiagnosisFacts, DxState
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV001",
    name="unknown-diagnosis-code",
    severity=Severity.DENY,
    scope=Scope.DIAGNOSIS,
    tables=("icd10cm",),
    message="{icd10cm} ({diagnosis}) is not an ICD-10-CM code.",
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text="Replace {icd10cm} by the code of the documented condition.",
    ),
    adjustment=Adjustment("CO", "146", ("M76", "M64")),
    settings=tuple(Setting),
    citations=(regulation("45 CFR 162.1000(a)", "codes must be valid when the care is furnished"),),
)


def check(dx: DiagnosisFacts) -> bool:
    """No list at hand has the code, and one in force on the date was looked in."""
    return dx.is_icd10cm and dx.state == DxState.UNKNOWN_CODE
