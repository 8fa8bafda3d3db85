"""A further surgeon who is paid only with documents.

What it checks
--------------
80, 81, 82 or AS with assistant indicator 0, 62 with co-surgeon indicator 1, or 66 with team indicator 1.

Why it matters
--------------
The fee schedule pays the second surgeon there only when documents show that one was necessary. Without them the line
is denied.

How to fix
----------
Send the operative report of each surgeon with the claim, or keep it ready: who did what, and why one surgeon was not
enough.

Limits
------
The indicators are Medicare's; other payers mostly follow them. Whether documents were sent is not looked at.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import ASSISTANT, M62, M66, bears, count_of
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Citation, Fix, Setting, Severity

_ASSISTANT: Final = layout(
    "Attachment A, Assistant at Surgery", "0: restricted unless documents establish medical necessity"
)
_SURGEONS: Final = layout(
    "Attachment A, Co-surgeons and Team Surgery", "1: documents are required to establish medical necessity"
)


def _of_role(line: LineFacts) -> tuple[Citation, ...]:
    return (_ASSISTANT,) if count_of(line.modifiers, ASSISTANT) > 0 else (_SURGEONS,)


RULE = Rule(
    code="MOD012",
    name="further-surgeon-needs-documents",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) is paid for a further surgeon only with documents that show the need.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Send the operative reports that show why {hcpcs} needed a further surgeon.",
    ),
    adjustment=Adjustment("CO", "54"),
    citations=(_ASSISTANT, _SURGEONS),
    cites=_of_role,
)


def check(line: LineFacts) -> bool:
    """The line is a further surgeon's, and the indicator asks for documents."""
    if not bears(line) or line.is_measure:
        return False
    assists = line.assistant == 0 and count_of(line.modifiers, ASSISTANT) > 0
    shares = line.co_surgeon == 1 and line.modifiers[M62] == 1
    return assists or shares or (line.team_surgeon == 1 and line.modifiers[M66] == 1)
