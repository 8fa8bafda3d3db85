"""A professional line that points at no diagnosis.

What it checks
--------------
Every line of a professional claim that came as an 837 points at one of the claim's diagnoses.

Why it matters
--------------
The standard requires the pointer: it says why the service was done. A line without one is rejected, as it cannot be
told to be necessary.

How to fix
----------
Let the line point at the diagnosis that the record gives as the reason for this service, the main one first.

Limits
------
In formats other than 837 the pointers may stand in another file, so their absence is not reported. A claim without
any diagnosis is another rule's matter.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV005",
    name="no-diagnosis-pointer",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="Line {line_no} ({hcpcs}) points at none of the claim's {diagnosis_count} diagnoses.",
    fix=Fix(
        action="add-pointer",
        safety="review",
        text="Let line {line_no} point at the diagnosis that was the reason for {hcpcs}.",
    ),
    adjustment=Adjustment("CO", "16", ("M76",)),
    settings=(Setting.PRACTITIONER,),
    citations=(x12("2400 SV107-1", "diagnosis code pointer: required"),),
)


def check(line: LineFacts) -> bool:
    """The line is of a professional 837 that has diagnoses, and points at none."""
    return line.from_x12 and line.diagnosis_count > 0 and line.pointer_count == 0
