"""A diagnosis of unspecified side where the line says which.

What it checks
--------------
A line with LT, RT, 50 or a finger, toe or eyelid that points at a diagnosis whose title leaves the side unspecified,
while the tabular list has codes for left and right.

Why it matters
--------------
The record must show the side, since the modifier says it. Several payers deny unspecified-side codes where a specific
one exists, and auditors take it for careless coding.

How to fix
----------
Replace the diagnosis by the code of the side treated.

Limits
------
Nothing forbids the unspecified code, so this only informs. Where no tabular list in force on the date is loaded
nothing is said.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="DXV015",
    name="side-known-but-not-coded",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("icd10cm-side",),
    settings=(Setting.PRACTITIONER,),
    message=("Line {line_no} ({hcpcs}) says the side ({modifiers}), but {sided_diagnoses} leaves it unspecified."),
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text="Replace {sided_diagnoses} by the code of the side that line {line_no} names.",
    ),
    citations=(convention("code the side when it is documented: guidelines I.B.13, read as quoted"),),
)


def check(line: LineFacts) -> bool:
    """The line names a side, and a diagnosis it points at leaves its own unspecified."""
    return line.diagnosis_side_unspecified and not line.diagnoses_of_other_side
