"""An ICD-10-CM diagnosis for a service before 2015-10-01.

What it checks
--------------
No diagnosis of a claim with a date of service (of an inpatient claim: of discharge) before 2015-10-01 is coded in
ICD-10-CM.

Why it matters
--------------
Until that day ICD-9-CM was the code set for diagnoses, and payers rejected any other.

How to fix
----------
Check the date of service first: a mistyped year is the usual cause. If it is right, code the claim in ICD-9-CM.

Limits
------
Files that do not say in which system they code are read as ICD-10-CM; then only the statement of the system is
missing, so this is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.dxv.DXV009 import FIRST_DAY
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV010",
    name="icd10-before-transition",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    message=("{icd10cm} ({diagnosis}) is read as ICD-10-CM, but the care is of {service_date}, before 2015-10-01."),
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Check the date of service; if it is right, code {diagnosis} in ICD-9-CM.",
    ),
    adjustment=Adjustment("CO", "146", ("M76",)),
    settings=tuple(Setting),
    citations=(regulation("45 CFR 162.1002(c)", "ICD-10-CM is the code set for diagnoses from October 1, 2015"),),
)


def check(dx: DiagnosisFacts) -> bool:
    """The diagnosis is coded in ICD-10-CM, and the care is of 2015-09-30 or earlier."""
    return dx.is_icd10cm and 0 < dx.service_day < FIRST_DAY
