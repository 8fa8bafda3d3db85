"""An anesthesia modifier of another profession.

What it checks
--------------
AA, AD, QK and QY on a line of a nurse anesthetist or anesthesiologist assistant; QX on a physician's line; QZ on one
of a physician or an anesthesiologist assistant. The taxonomy of the rendering provider tells.

Why it matters
--------------
The modifier says who gave the anesthesia and decides between full and half payment. The wrong one is denied, or pays
the wrong share to both.

How to fix
----------
Use AA or, for direction, QK, QY or AD on the physician's claim; QX or QZ on the nurse anesthetist's.

Limits
------
Where the taxonomy on the claim is that of the group or is missing nothing is said, nor where the line has modifiers of
both professions, which contradict each other whoever renders.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts, Specialty
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.rules.modifiers import any_of
from cleanclaim.rules.prv.taxonomy import AA, AD, BY_ANESTHESIOLOGIST, QK, QX, QY, QZ, level_two
from cleanclaim.types import Adjustment, Citation, Fix, Setting, Severity

_DESCRIBED: Final = {
    AA: level_two("AA", "performed personally by anesthesiologist"),
    AD: level_two("AD", "medical supervision by a physician: more than four concurrent procedures"),
    QK: level_two("QK", "medical direction of two, three or four concurrent procedures"),
    QX: level_two("QX", "CRNA service with medical direction by a physician"),
    QY: level_two("QY", "medical direction of one CRNA by an anesthesiologist"),
    QZ: level_two("QZ", "CRNA service without medical direction by a physician"),
}


def _of_modifiers(line: LineFacts) -> tuple[Citation, ...]:
    return tuple([cited for modifier, cited in _DESCRIBED.items() if line.modifiers[modifier]])


RULE = Rule(
    code="PRV006",
    name="anesthesia-modifier-of-another-profession",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=(
        "Line {line_no} ({hcpcs}) has {modifiers}, an anesthesia modifier of another profession than the "
        "rendering provider's ({rendering_taxonomy})."
    ),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text=(
            "Use the anesthesia modifier of the profession that line {line_no} is billed for, or correct the "
            "rendering provider."
        ),
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=tuple(_DESCRIBED.values()),
    cites=_of_modifiers,
)


def check(line: LineFacts) -> bool:
    """The modifier names a physician, and the provider is none, or the other way round."""
    by_physician = line.specialty in (Specialty.PHYSICIAN, Specialty.ANESTHESIOLOGIST)
    by_assistant = line.specialty == Specialty.ANESTHESIOLOGIST_ASSISTANT
    if any_of(line.modifiers, BY_ANESTHESIOLOGIST):
        if line.modifiers[QX] or line.modifiers[QZ]:
            return False
        return by_assistant or line.specialty == Specialty.NURSE_ANESTHETIST
    if line.modifiers[QX] and by_physician:
        return True
    return line.modifiers[QZ] == 1 and (by_physician or by_assistant)
