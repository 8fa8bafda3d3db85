"""An ICD-9-CM diagnosis for a service since 2015-10-01.

What it checks
--------------
No diagnosis of a claim with a date of service (of an inpatient claim: of discharge) on or after 2015-10-01 is coded
in ICD-9-CM, as the qualifiers BK and BF of an 837 say.

Why it matters
--------------
ICD-10-CM has been the only code set for diagnoses since that day; the claim is rejected.

How to fix
----------
Code the documented condition in ICD-10-CM, with the qualifiers ABK and ABF. Do not translate by table alone: most
ICD-9 codes have several candidates.

Limits
------
Workers' compensation and automobile insurers are not bound by HIPAA, and some took ICD-9 for longer.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope, reason_code, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

FIRST_DAY: Final = dt.date(2015, 10, 1).toordinal()

RULE = Rule(
    code="DXV009",
    name="icd9-after-transition",
    severity=Severity.DENY,
    scope=Scope.DIAGNOSIS,
    message="{icd10cm} ({diagnosis}) is coded in ICD-9-CM for care on {service_date}, after 2015-09-30.",
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text="Code the documented condition of {icd10cm} in ICD-10-CM.",
    ),
    adjustment=Adjustment("CO", "146", ("M76",)),
    settings=tuple(Setting),
    citations=(
        reason_code("rarc", "N742", "ICD-10 is required by October 1, 2015"),
        regulation("45 CFR 162.1002(c)", "ICD-10-CM is the code set for diagnoses from October 1, 2015"),
    ),
)


def check(dx: DiagnosisFacts) -> bool:
    """The diagnosis is coded in ICD-9-CM, and the care is of 2015-10-01 or later."""
    return dx.is_icd9cm and dx.service_day >= FIRST_DAY
