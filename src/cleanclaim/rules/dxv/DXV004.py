"""The same diagnosis twice on one claim.

What it checks
--------------
No code stands twice among the diagnoses of a claim that are its reason: the principal or first-listed one and the
others. The admitting diagnosis, reasons for the visit and external causes each count on their own.

Why it matters
--------------
The second one adds nothing, and front ends of payers and clearinghouses reject it. Often another code, such as that
of the other side, was meant.

How to fix
----------
Remove the repeated one, or replace it by the code meant. Lines of a professional claim that point at it must point at
the one that stays.

Limits
------
The coding guidelines say it and were read second-hand, so this is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.dxv.guidelines import guideline
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV004",
    name="repeated-diagnosis",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    message="{icd10cm}, {diagnosis}, stands on the claim before.",
    fix=Fix(
        action="remove-diagnosis",
        safety="review",
        text="Remove this {icd10cm}, and let lines that point at it point at the first, or enter the code meant.",
    ),
    adjustment=Adjustment("CO", "16", ("M64",)),
    settings=tuple(Setting),
    citations=(guideline("I.B.12", "each unique diagnosis code is reported only once for an encounter"),),
)


def check(dx: DiagnosisFacts) -> bool:
    """The same code stands earlier on the claim in the same role."""
    return dx.repeated
