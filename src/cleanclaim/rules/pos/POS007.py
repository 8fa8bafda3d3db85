"""A professional line without a place of service.

What it checks
--------------
A dated line of a professional claim for which neither the line nor the claim names a place of service.

Why it matters
--------------
Every professional claim states where the patient was. The place decides the rate, and a claim without one is not
processed.

How to fix
----------
Bill the code of the place where the patient was. If the file has the place under another name, call its column ``pos``,
or ``claim_pos`` where it stands for the whole claim.

Limits
------
An 837 without a place is rejected on reading, so this is said of other formats only. There the file may have left
the place out of a claim that names it: so it only informs, and what depends on the place is reported as not checked.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="POS007",
    name="no-place-of-service",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="Line {line_no} ({hcpcs}) names no place of service, nor does its claim.",
    fix=Fix(
        action="correct-place",
        safety="review",
        text="Bill the place-of-service code of the place where the patient was.",
    ),
    adjustment=Adjustment("CO", "16", ("M77",)),
    citations=(x12("2300 CLM05-1", "facility type code: required"),),
)


def check(line: LineFacts) -> bool:
    """The line, and its claim, leave the place of service out."""
    return line.pos_state == 2
