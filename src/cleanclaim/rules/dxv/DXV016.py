"""A diagnosis of the other sex.

What it checks
--------------
A diagnosis whose title, or that of its block in the tabular list, is of one sex (male genital organs, pregnancy),
while the claim gives the patient the other.

Why it matters
--------------
Payers deny such claims automatically. Mostly the sex on file or a digit of the code is wrong.

How to fix
----------
Correct the sex or the diagnosis. Where both are right, as for a transgender patient, a professional claim says so
with KX on the line, an institutional one with condition code 45.

Limits
------
With KX on any line nothing is said; condition codes are not read. Codes whose titles do not name the sex (ovarian
cysts, prostate codes outside their block) are not judged, nor is a claim that leaves the sex out or unknown. Where no
tabular list in force on the date is loaded nothing is said.
"""

from __future__ import annotations

from cleanclaim.rules.dxv.guidelines import tabular
from cleanclaim.rules.facts import DiagnosisFacts, Sex
from cleanclaim.rules.model import Rule, Scope, convention, reason_code
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV016",
    name="diagnosis-of-the-other-sex",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    tables=("icd10cm-sex",),
    settings=tuple(Setting),
    message=("{icd10cm} ({diagnosis}) is a diagnosis of one sex, and the claim says that the patient is of the other."),
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text="Correct {icd10cm} or the sex on the claim; if both are right, say so with KX (condition code 45).",
    ),
    adjustment=Adjustment("CO", "10", ()),
    citations=(
        tabular("titles of codes and blocks", "male, female, pregnancy"),
        reason_code("carc", "10", "the diagnosis is inconsistent with the patient's gender"),
        convention("KX and condition code 45 let sex-specific edits pass (Medicare CR 6638, read second-hand)"),
    ),
)


def check(dx: DiagnosisFacts) -> bool:
    """Both sexes are known and differ, and no line says that this was checked."""
    return Sex.UNKNOWN not in (dx.sex, dx.patient_sex) and dx.sex != dx.patient_sex and not dx.sex_edit_waived
