"""A diagnosis code of another age.

What it checks
--------------
Diagnosis codes that the tabular list keeps for an age, against the patient's on the date of service: Z00.110 (under 8
days) and Z00.111 (8 to 28 days), Z68.1-Z68.45 (20 years and over), Z68.51-Z68.56 (2 to 19 years), and chapter 15
(pregnancy) for a child under 9.

Why it matters
--------------
The date of birth or the code is wrong, and payers with age edits deny the line.

How to fix
----------
Hold the date of birth against the record; take the code of the patient's age.

Limits
------
The tabular list states few ages; those of other code editors are not at hand. Perinatal codes are not judged by age,
since a condition that began then may last for life. Silent where the date of birth is not given.
"""

from __future__ import annotations

from cleanclaim.rules.dxv.ages import out_of_age
from cleanclaim.rules.dxv.guidelines import tabular
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope, reason_code
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV017",
    name="diagnosis-of-another-age",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    settings=tuple(Setting),
    message="{icd10cm} ({diagnosis}) is a code of another age than the patient has on {service_date}.",
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text="Replace {icd10cm} by the code of the patient's age, or correct the date of birth.",
    ),
    adjustment=Adjustment("CO", "9", ()),
    citations=(
        tabular(
            "Z00.110, Z00.111 titles; Z68 notes", "under 8 days; 8 to 28 days; 20 years of age or older; 2-19 years"
        ),
        reason_code("carc", "9", "the diagnosis is inconsistent with the patient's age"),
    ),
)


def check(dx: DiagnosisFacts) -> bool:
    """The age on the date of service is known, and is none for which the code is."""
    return out_of_age(dx)
