"""Modifier 78 at a place that hardly has an operating room.

What it checks
--------------
A line with 78 whose place of service is of the non-facility kind: an office, a home, a clinic.

Why it matters
--------------
78 says that the patient had to go back to the operating room. A complication treated anywhere else is paid within the
first procedure.

How to fix
----------
Correct the place of service, if the patient was taken to an operating, endoscopy, laser or catheterization suite. If it
was done in a treatment room, do not bill it.

Limits
------
Some offices have such a suite, so that this is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M78
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO008",
    name="return-to-operating-room-elsewhere",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears 78, a return to the operating room, at place of service {pos}, which is no facility.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Correct the place of service, or do not bill the treatment of a complication outside the operating room.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        manual("I.C.14", "complications are included unless the patient must be returned to the operating room (78)"),
    ),
)


def check(line: LineFacts) -> bool:
    """78 on a procedure at a place that pays the non-facility rate; 78 on a visit is MOD021's."""
    return line.modifiers[M78] == 1 and line.facility == 0 and not line.evaluation_and_management
