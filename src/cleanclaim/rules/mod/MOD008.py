"""Modifier 50 on a code to which sides do not apply.

What it checks
--------------
50 on a CPT code with bilateral indicator 9: laboratory tests, anesthesia, add-on supplies and the like.

Why it matters
--------------
The fee schedule does not know the modifier there, and payers deny it as invalid with the code.

How to fix
----------
Take 50 off, or move it to the procedure it was meant for.

Limits
------
HCPCS Level II codes are not looked at: with them 9 often means only that another fee schedule pays.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears, is_cpt_service
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import M50
from cleanclaim.types import Adjustment, Fix, Setting, Severity

OUTSIDE_CONCEPT: Final = 9

RULE = Rule(
    code="MOD008",
    name="both-sides-of-what-has-none",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears 50, but sides do not apply to it (bilateral indicator 9).",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 50 from {hcpcs}, or move it to the procedure it was meant for.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(layout("Attachment A, Bilateral Surgery (Modifier 50)", "indicator 9: the concept does not apply"),),
)


def check(line: LineFacts) -> bool:
    """The line bears 50, and the fee schedule says that the concept does not apply."""
    if not bears(line) or not line.modifiers[M50] or line.evaluation_and_management or line.is_measure:
        return False
    return line.bilateral == OUTSIDE_CONCEPT and is_cpt_service(line)
