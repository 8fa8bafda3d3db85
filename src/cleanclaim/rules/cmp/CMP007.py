"""A blood smear interpretation outside an inpatient stay.

What it checks
--------------
A code of PC/TC indicator 8 (85060) on a practitioner's claim at a known place of service other than 21, 51 or 61.

Why it matters
--------------
Medicare pays the interpretation of an abnormal smear for hospital inpatients only. For all others it is inside the
laboratory fee.

How to fix
----------
Take the line off the claim. If the patient was an inpatient, bill the place where the patient was, not the
laboratory where the slide was read.

Limits
------
That the smear was abnormal is for the record to say. Claims filed with other payers, Medicare Advantage plans among
them, are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.cmp.share import INPATIENT
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="CMP007",
    name="smear-interpretation-of-outpatient",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs", "pos"),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} at place of service {pos}: Medicare pays this interpretation for hospital inpatients only.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {hcpcs}, unless the patient was an inpatient and the place of service is wrong.",
    ),
    adjustment=Adjustment("CO", "5", ("N428",)),
    citations=(
        layout("Attachment A, PC/TC indicator 8", "no payment for hospital outpatients or non-hospital patients"),
    ),
)


def check(line: LineFacts) -> bool:
    """A code of PC/TC 8 is billed to Medicare at a known place that is no inpatient hospital."""
    if line.pc_tc_indicator != 8 or line.medicare == 0 or line.pos_state != 1:
        return False
    return line.place_of_service not in INPATIENT
