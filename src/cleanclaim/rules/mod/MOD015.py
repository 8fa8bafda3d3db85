"""Modifier 51 on an add-on code.

What it checks
--------------
51 on a code with global days ZZZ.

Why it matters
--------------
The value of an add-on is already that of a further procedure. 51 invites a second reduction by half, or a denial.

How to fix
----------
Take 51 off.

Limits
------
Medicare ranks procedures itself and mostly ignores 51; other payers take it as said.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, convention, layout
from cleanclaim.rules.modifiers import M51
from cleanclaim.types import Adjustment, Fix, Setting, Severity

ADD_ON: Final = 102
"""ZZZ, as facts write it."""

RULE = Rule(
    code="MOD015",
    name="multiple-procedure-modifier-on-add-on",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is an add-on code (global days ZZZ) and bears 51, which would reduce it a second time.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 51 from {hcpcs}.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        layout(
            "Attachment A, Multiple Procedure (Modifier 51)",
            "add-on codes have no payment adjustment for multiple procedures",
        ),
        convention("51 is never used on add-on codes"),
    ),
)


def check(line: LineFacts) -> bool:
    """The line bears 51 and is an add-on."""
    return bears(line) and line.modifiers[M51] == 1 and line.global_days == ADD_ON
