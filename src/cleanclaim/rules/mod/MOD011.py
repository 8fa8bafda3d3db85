"""Team surgery where it is not permitted.

What it checks
--------------
66 on a claim of Medicare's, and the fee schedule's team indicator is 0 (not permitted) or 9 (no operation).

Why it matters
--------------
A team is paid only for the few operations that need one, by report. Elsewhere the line is denied.

How to fix
----------
Bill the surgeon alone. If the modifier was put on the wrong line, move it to the procedure it belongs to.

Limits
------
Other payers have lists of their own, which is MOD013's matter.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import M66, bears
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD011",
    name="team-surgery-not-permitted",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} ({modifiers}) is billed for a team of surgeons, which Medicare never pays for it (indicator "
        "{team_surgeon})."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove the line, or correct the modifier of {hcpcs} if it was not meant.",
    ),
    adjustment=Adjustment("CO", "54"),
    citations=(
        layout(
            "Attachment A, Team Surgery (Modifier 66)", "0: team surgeons not permitted; 9: the concept does not apply"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """Medicare is billed for a team of surgeons, and the indicator is one that never pays."""
    if not bears(line) or line.medicare != 1 or line.is_measure:
        return False
    return line.modifiers[M66] == 1 and line.team_surgeon in {0, 9}
