"""An assistant at surgery that is never paid.

What it checks
--------------
80, 81, 82 or AS on a claim of Medicare's, and the fee schedule's assistant indicator is 1 (never paid, by statute) or
9 (no operation).

Why it matters
--------------
The law restricts payment of assistants for operations that rarely need one. The line is denied whatever the record
says.

How to fix
----------
Bill the surgeon alone. If the modifier was put on the wrong line, move it to the procedure it belongs to.

Limits
------
Other payers have lists of their own, which is MOD013's matter; indicator 0, which may be paid with documents, is
MOD012's.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import ASSISTANT, bears, count_of
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD009",
    name="assistant-never-paid",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} ({modifiers}) is billed for an assistant at surgery, which Medicare never pays for it (indicator "
        "{assistant})."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove the line, or correct the modifier of {hcpcs} if it was not meant.",
    ),
    adjustment=Adjustment("CO", "54"),
    citations=(
        layout(
            "Attachment A, Assistant at Surgery",
            "1: assistant at surgery may not be paid; 9: the concept does not apply",
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """Medicare is billed for an assistant at surgery, and the indicator is one that never pays."""
    if not bears(line) or line.medicare != 1 or line.is_measure:
        return False
    return line.assistant in {1, 9} and count_of(line.modifiers, ASSISTANT) > 0
