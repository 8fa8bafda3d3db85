"""An external cause as the first-listed diagnosis.

What it checks
--------------
The principal or first-listed diagnosis is not a code of V00-Y99.

Why it matters
--------------
These codes say how an injury happened, never what it is. They only ever stand after the code of the condition, and a
claim that begins with one is denied or returned.

How to fix
----------
Put the code of the injury or condition first, and the external cause after it.

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
    code="DXV008",
    name="external-cause-first",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    message="{icd10cm} is an external cause and cannot be the first-listed diagnosis.",
    fix=Fix(
        action="reorder-diagnoses",
        safety="review",
        text="Put the code of the injury or condition first and {icd10cm} after it; pointers move with their codes.",
    ),
    adjustment=Adjustment("CO", "16", ("MA63",)),
    settings=tuple(Setting),
    citations=(guideline("I.C.20.a.6", "an external cause code can never be a principal (first-listed) diagnosis"),),
)


def check(dx: DiagnosisFacts) -> bool:
    """The principal or first-listed diagnosis is a code of V00-Y99."""
    return dx.principal and dx.external_cause
