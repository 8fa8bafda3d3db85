"""A diagnosis code that is not in force on the date of service.

What it checks
--------------
Every ICD-10-CM code of the claim against the list in force on the date of service (of an inpatient claim: on the
date of discharge). This code is in the list of another year only.

Why it matters
--------------
Codes come and go every October, and some in April. A code used before or after its time is invalid.

How to fix
----------
Use the code that took its place on the date of service. A code made more specific usually kept its first characters.

Limits
------
Known only for the years whose lists are loaded; a code of any other year is reported as unknown.
"""

from __future__ import annotations

from cleanclaim.rules.facts import DiagnosisFacts, DxState
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV003",
    name="diagnosis-not-in-force",
    severity=Severity.DENY,
    scope=Scope.DIAGNOSIS,
    tables=("icd10cm",),
    message="{icd10cm} ({diagnosis}) is an ICD-10-CM code of another year, not in force on {service_date}.",
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text="Replace {icd10cm} by the code in force on {service_date} for the documented condition.",
    ),
    adjustment=Adjustment("CO", "146", ("M76", "M64")),
    settings=tuple(Setting),
    citations=(regulation("45 CFR 162.1000(a)", "codes must be valid when the care is furnished"),),
)


def check(dx: DiagnosisFacts) -> bool:
    """Only the list of another year has the code."""
    return dx.is_icd10cm and dx.state == DxState.NOT_IN_FORCE
