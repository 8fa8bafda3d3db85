"""A procedure on one side for a diagnosis of the other.

What it checks
--------------
A line that names one side (LT, RT, or by a finger, a toe or an eyelid: FA-F9, TA-T9, E1-E4; and not 50) and points at
diagnoses all of which are, by their titles, of the other side.

Why it matters
--------------
Either the modifier or the diagnosis is wrong. Payers that hold the two against each other deny the line, and a wrong
side on a claim is a wrong side in the record.

How to fix
----------
Take the side from the operative or visit note, and correct the modifier or the diagnosis.

Limits
------
Silent as soon as one of the diagnoses pointed at has no side, or is of the line's; on imaging (70010-76999) of both
sides that day, where one is for comparison; and on repair and reconstruction of the breast (19316-19396), which
Medicare covers on the sound side too (NCD 140.2). Any other procedure on the sound side (a graft, a preventive removal)
has a diagnosis of its own to point at. Where no tabular list in force on the date is loaded nothing is said.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

_BREAST_FIRST: Final = code_number("19316")
_BREAST_LAST: Final = code_number("19396")

RULE = Rule(
    code="DXV014",
    name="side-contradicts-diagnosis",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("icd10cm-side",),
    settings=(Setting.PRACTITIONER,),
    message=("Line {line_no} ({hcpcs}, {modifiers}) points only at diagnoses of the other side: {sided_diagnoses}."),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Correct the side on line {line_no}, or in {sided_diagnoses}, to what the record shows.",
    ),
    adjustment=Adjustment("CO", "11", ("M76",)),
    citations=(convention("the side of a procedure is the side of the condition it treats"),),
)


def check(line: LineFacts) -> bool:
    """The line names one side, and every diagnosis it points at is of the other."""
    return line.diagnoses_of_other_side and not _BREAST_FIRST <= line.code_number <= _BREAST_LAST
