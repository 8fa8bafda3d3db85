"""A service whose price the Medicare contractor sets.

What it checks
--------------
A charge to Medicare for a code whose fee-schedule row (the one with the line's modifier) has status C, other than the
unlisted procedures and the supervision and interpretation codes of COD010.

Why it matters
--------------
The service is payable, and for many of these codes the contractor publishes a price of its own; the national fee
schedule has none.

How to fix
----------
Nothing is wrong with the claim. Look the price up in the contractor's fee schedule.

Limits
------
Claims filed with other payers, Medicare Advantage plans among them, are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.cod.status import CONTRACTOR_PRICED, asks_for_report, charged_to_medicare
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="COD011",
    name="no-national-price",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) has status C: no national price; the Medicare contractor sets it.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Look up the price of {hcpcs} in the contractor's fee schedule.",
    ),
    citations=(layout("Attachment A, status C", "contractors establish the payment, generally case by case"),),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code of status C that has a name of its own."""
    return charged_to_medicare(line, CONTRACTOR_PRICED) and not asks_for_report(line)
