"""Two diagnoses that an Excludes1 note keeps apart.

What it checks
--------------
No diagnosis of the claim is named in an Excludes1 note of another one: not at the code itself, nor at a heading above
it. Held against each other are the diagnoses that are the reason for the claim; admitting diagnoses, reasons for the
visit and external causes are not.

Why it matters
--------------
Excludes1 means "not coded here": prediabetes beside diabetes, a symptom beside the disease it belongs to, dependence
beside a history of dependence. Many payers deny a claim with such a pair, whichever of the two the lines point at.

How to fix
----------
Read the note at the code named. Keep the code that says what the patient has, mostly the more specific one, and
remove the other; lines that pointed at it point at the one that stays.

Limits
------
Two conditions that have nothing to do with each other may be coded together in spite of the note (guidelines
I.A.12.a), which only the record can tell; so this is never more than review. Notes of whole blocks, and those that
speak in words without code numbers, are not held against the claim. Where no tabular list in force on the date is
loaded nothing is said.
"""

from __future__ import annotations

from cleanclaim.rules.dxv.guidelines import guideline, tabular
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV011",
    name="diagnoses-exclude-each-other",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    tables=("icd10cm-excludes1",),
    settings=tuple(Setting),
    message=(
        "{icd10cm} ({diagnosis}) bears an Excludes1 note that names {excluded_diagnoses}: they are not coded together."
    ),
    fix=Fix(
        action="remove-diagnosis",
        safety="review",
        text=(
            "Remove {icd10cm} or {excluded_diagnoses}, unless the record shows that the two conditions are unrelated."
        ),
    ),
    adjustment=Adjustment("CO", "16", ("M64",)),
    citations=(
        tabular(
            "Introduction, Excludes1",
            "the code excluded should never be used at the same time as the code above the note",
        ),
        guideline("I.A.12.a", "an exception is the circumstance when the two conditions are unrelated to each other"),
    ),
)


def check(dx: DiagnosisFacts) -> bool:
    """An Excludes1 note of the code, or of a heading above it, names another diagnosis of the claim."""
    return dx.excludes_another
