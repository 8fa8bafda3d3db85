"""A line that points at a diagnosis the claim does not have.

What it checks
--------------
Every diagnosis pointer of a professional line is the position of a diagnosis on the claim.

Why it matters
--------------
The pointer leads nowhere, so the reason for the service is unknown; front ends reject the line or the claim.

How to fix
----------
Correct the pointer, or add the diagnosis that was left out.

Limits
------
A claim without any diagnosis is another rule's matter.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV006",
    name="dangling-diagnosis-pointer",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message=(
        "Line {line_no} ({hcpcs}) points at diagnosis {diagnosis_pointers}, but the claim has only {diagnosis_count}."
    ),
    fix=Fix(
        action="correct-pointer",
        safety="review",
        text="Correct the pointer of line {line_no}, or add the diagnosis that was left out.",
    ),
    adjustment=Adjustment("CO", "16", ("M76",)),
    settings=(Setting.PRACTITIONER,),
    citations=(x12("2400 SV107", "a pointer is the position of a diagnosis in the HI segment"),),
)


def check(line: LineFacts) -> bool:
    """The claim has diagnoses, and a pointer of the line is the position of none of them."""
    return line.diagnosis_count > 0 and line.dangling_pointer
