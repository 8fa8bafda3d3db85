"""Modifier 51 on a code that is not reduced for multiple procedures.

What it checks
--------------
51 on a code whose multiple procedure indicator is neither 2 nor 3 and that is no add-on.

Why it matters
--------------
Medicare pays such a code in full beside others, or reduces it by rules of its own. Payers that take 51 at its word pay
half.

How to fix
----------
Take 51 off.

Limits
------
Plans may have lists of their own, so this is information. Add-on codes are MOD015's.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import M51
from cleanclaim.types import Fix, Setting, Severity

ADD_ON: Final = 102
"""ZZZ, as facts write it."""

RULE = Rule(
    code="MOD016",
    name="multiple-procedure-modifier-without-effect",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears 51, but is not reduced for multiple procedures (indicator {multiple_procedure}).",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 51 from {hcpcs}.",
    ),
    citations=(layout("Attachment A, Multiple Procedure (Modifier 51)", "indicators 2 and 3 are reduced"),),
)


def check(line: LineFacts) -> bool:
    """The line bears 51, and no reduction for it applies."""
    if not bears(line) or not line.modifiers[M51] or line.global_days == ADD_ON:
        return False
    return line.multiple_procedure not in {-1, 1, 2, 3}
