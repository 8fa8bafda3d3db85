"""Co-surgeons where they are not permitted.

What it checks
--------------
62 on a claim of Medicare's, and the fee schedule's co-surgeon indicator is 0 (not permitted) or 9 (no operation).

Why it matters
--------------
Two surgeons share a fee only for operations that need two. Elsewhere both lines are denied.

How to fix
----------
Bill the surgeon alone. If the modifier was put on the wrong line, move it to the procedure it belongs to.

Limits
------
Other payers have lists of their own, which is MOD013's matter; whether the two are of different specialties is not
known here.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import M62, bears
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD010",
    name="co-surgeons-not-permitted",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} ({modifiers}) is billed for co-surgeons, which Medicare never pays for it (indicator {co_surgeon})."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove the line, or correct the modifier of {hcpcs} if it was not meant.",
    ),
    adjustment=Adjustment("CO", "54"),
    citations=(
        layout(
            "Attachment A, Co-surgeons (Modifier 62)", "0: co-surgeons not permitted; 9: the concept does not apply"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """Medicare is billed for co-surgeons, and the indicator is one that never pays."""
    if not bears(line) or line.medicare != 1 or line.is_measure:
        return False
    return line.modifiers[M62] == 1 and line.co_surgeon in {0, 9}
