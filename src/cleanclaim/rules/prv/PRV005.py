"""Anesthesia billed by another specialty.

What it checks
--------------
A code of 00100-01999 whose rendering provider is, by taxonomy, none of anesthesiologist, pain physician, nurse
anesthetist, anesthesiologist assistant or dental anesthesiologist, but a physician of another kind, a chiropractor, a
therapist, a physician assistant or a nurse practitioner.

Why it matters
--------------
These codes are for the one who gives the anesthesia and nothing else. Payers deny them to other specialties;
anesthesia by the one who operates is part of the operation.

How to fix
----------
Correct the rendering provider or the taxonomy. Sedation by the one who operates has codes of its own (99151-99153).

Limits
------
In small hospitals other physicians do give anesthesia, and then the taxonomy wants to be that of the work done; so
this is never more than review. A missing, unknown or group taxonomy is not judged.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import CodeKind, LineFacts, Specialty
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.prv.taxonomy import nucc
from cleanclaim.types import Adjustment, Fix, Setting, Severity

ANESTHESIA_FIRST: Final = code_number("00100")
ANESTHESIA_LAST: Final = code_number("01999")

RULE = Rule(
    code="PRV005",
    name="anesthesia-by-another-specialty",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} is an anesthesia code, and the rendering provider is by taxonomy ({rendering_taxonomy}) of "
        "another specialty."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Check who gave the anesthesia, and the rendering provider and taxonomy on line {line_no}.",
    ),
    adjustment=Adjustment("CO", "8", ("N95",)),
    citations=(
        convention("00100-01999 are billed by those who give anesthesia"),
        nucc("207L Anesthesiology, 208V Pain Medicine, 3675 Nurse Anesthetist, 367H Anesthesiologist Assistant"),
    ),
)


def check(line: LineFacts) -> bool:
    """An anesthesia code is rendered by a profession known to be another."""
    if line.code_kind != CodeKind.CATEGORY_I or not ANESTHESIA_FIRST <= line.code_number <= ANESTHESIA_LAST:
        return False
    return line.specialty in (
        Specialty.PHYSICIAN,
        Specialty.ADVANCED_PRACTICE,
        Specialty.CHIROPRACTOR,
        Specialty.PHYSICAL_THERAPY,
        Specialty.OCCUPATIONAL_THERAPY,
        Specialty.SPEECH_PATHOLOGY,
    )
