"""A procedure on one side for a diagnosis of the other.

What it checks
--------------
A line with LT or RT (and not 50) that points at diagnoses all of which are, by their titles, of the other side.

Why it matters
--------------
Either the modifier or the diagnosis is wrong. Payers that hold the two against each other deny the line, and a wrong
side on a claim is a wrong side in the record.

How to fix
----------
Take the side from the operative or visit note, and correct the modifier or the diagnosis.

Limits
------
Silent as soon as one of the diagnoses pointed at has no side, or is of the line's. A procedure on the sound side for
a disease of the other (a graft, a preventive removal) has a diagnosis of its own to point at. Where no tabular list
in force on the date is loaded nothing is said.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

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
    return line.diagnoses_of_other_side
