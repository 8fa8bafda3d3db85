"""Therapy billed by a therapist for a hospital's patient.

What it checks
--------------
A therapy code (PC/TC 7) at place of service 19, 21, 22 or 23 whose rendering provider bears the taxonomy of a
physical or occupational therapist.

Why it matters
--------------
The hospital bills the therapy of its patients, admitted or not. Medicare pays nothing for it to a physical or
occupational therapist in independent practice.

How to fix
----------
Let the hospital bill the service. If it was given in the therapist's office, correct the place of service.

Limits
------
A claim does not show whether the therapist practises independently, so this is never more than review. Speech
therapists and audiologists are not named by the published text. Claims filed with other payers, Medicare Advantage
plans among them, are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.cmp.share import HOSPITAL
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="CMP006",
    name="independent-therapist-in-hospital",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs", "pos"),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} at place of service {pos} is billed by a therapist: therapy of a hospital's patient is its own.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {hcpcs}: the hospital bills it, unless the place of service is wrong.",
    ),
    adjustment=Adjustment("CO", "171", ("N95",)),
    citations=(
        layout("Attachment A, PC/TC indicator 7", "not paid to an independent therapist for a hospital's patient"),
    ),
)


def check(line: LineFacts) -> bool:
    """A therapist bills Medicare for a code of PC/TC 7 at a hospital's place of service."""
    if line.pc_tc_indicator != 7 or line.medicare == 0:
        return False
    return line.physical_or_occupational_therapist and line.place_of_service in HOSPITAL
