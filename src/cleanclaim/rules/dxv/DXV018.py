"""A code of the mother on a claim with a code of the newborn.

What it checks
--------------
A code of chapter 15 (O00-O9A) on a claim that also has one of chapter 16 (P00-P96) or of Z38.

Why it matters
--------------
The tabular list keeps chapter 15 for the mother's record and chapter 16 and Z38 for the child's. A claim has one
patient, so one of the two is on the wrong claim.

How to fix
----------
Bill the mother's care and the child's on claims of their own.

Limits
------
Which of the two is wrong the claim does not say; the finding stands on the mother's code.
"""

from __future__ import annotations

from cleanclaim.rules.dxv.guidelines import tabular
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV018",
    name="mother-and-newborn-on-one-claim",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    settings=tuple(Setting),
    message=(
        "{icd10cm} ({diagnosis}) belongs to the mother's record, and the claim also has a code that belongs "
        "to the newborn's."
    ),
    fix=Fix(
        action="remove-diagnosis",
        safety="review",
        text="Leave {icd10cm} or the newborn's codes off, according to whose claim this is.",
    ),
    adjustment=Adjustment("CO", "16", ("M64",)),
    citations=(
        tabular("chapter 15, note", "for use only on maternal records, never on newborn records"),
        tabular("chapter 16, note; Z38", "for use on newborn records only, never on maternal records"),
    ),
)


def check(dx: DiagnosisFacts) -> bool:
    """The code is the mother's, and another of the claim is the newborn's."""
    return dx.maternal and dx.newborn_code_beside
