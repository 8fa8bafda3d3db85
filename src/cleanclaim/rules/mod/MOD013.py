"""A further surgeon whom the fee schedule never pays, billed to another payer.

What it checks
--------------
80, 81, 82 or AS with assistant indicator 1 or 9, 62 with co-surgeon indicator 0 or 9, or 66 with team indicator 0 or
9, on a claim of another payer than Medicare, or that does not name its payer.

Why it matters
--------------
Most plans take the list from the Medicare fee schedule and deny the line; some have a list of their own.

How to fix
----------
Look up the plan's list. If it follows Medicare's, bill the surgeon alone.

Limits
------
The plan's own list decides and is not known here. Medicare's claims are the matter of MOD009, MOD010 and MOD011.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import ASSISTANT, M62, M66, bears, count_of
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD013",
    name="further-surgeon-not-in-fee-schedule",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) is billed for a further surgeon, whom the Medicare fee schedule never pays for it.",
    fix=Fix(
        action="review-payer",
        safety="review",
        text="Look up whether the plan pays a further surgeon for {hcpcs}; if not, remove the line.",
    ),
    adjustment=Adjustment("CO", "54"),
    citations=(layout("Attachment A, Assistant at Surgery, Co-surgeons, Team Surgery", "indicators that never pay"),),
)


def check(line: LineFacts) -> bool:
    """The line is a further surgeon's, the fee schedule never pays one, and the payer is not known to be Medicare."""
    if not bears(line) or line.medicare == 1 or line.is_measure:
        return False
    assists = line.assistant in {1, 9} and count_of(line.modifiers, ASSISTANT) > 0
    shares = line.co_surgeon in {0, 9} and line.modifiers[M62] == 1
    return assists or shares or (line.team_surgeon in {0, 9} and line.modifiers[M66] == 1)
