"""Modifier 51 on the only procedure of the day.

What it checks
--------------
51 on a procedure that is reduced beside others, where no other such procedure of the provider for the patient that day
is at hand.

Why it matters
--------------
51 says that the procedure ranks behind another. Alone, it costs half the fee for nothing.

How to fix
----------
Take 51 off, unless the other procedure is on a claim that was not read here.

Limits
------
A procedure on another claim than those read is not seen, so this is information.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import M51
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="MOD017",
    name="multiple-procedure-modifier-alone",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears 51, but no other procedure of the day is billed that it could rank behind.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 51 from {hcpcs} if it was the only procedure.",
    ),
    citations=(
        layout("Attachment A, Multiple Procedure (Modifier 51)", "reduced when reported on the same day as another"),
    ),
)


def check(line: LineFacts) -> bool:
    """The line bears 51 and stands alone."""
    if not bears(line) or not line.modifiers[M51] or line.multiple_procedure not in {2, 3}:
        return False
    return not line.reducible_procedure_present and line.units <= 1
