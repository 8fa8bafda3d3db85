"""An unlisted procedure, or a radiological supervision billed whole, without a national price.

What it checks
--------------
A charge to Medicare for a code whose fee-schedule row (the one with the line's modifier) has status C, where the code
is an unlisted procedure or a supervision and interpretation.

Why it matters
--------------
The service is payable, but the contractor sets the price case by case, usually after asking for the operative
report or invoice. A claim without them waits or is denied for lack of information.

How to fix
----------
Describe the service in the claim note, name a comparable code, and have the report or invoice ready. Where only the
interpretation was done, bill it with 26: that row often has a national price.

Limits
------
This is never a denial: it says that the price cannot be known beforehand. Other codes of status C are COD011's. Claims
filed with other payers, Medicare Advantage plans among them, are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.cod.status import CONTRACTOR_PRICED, asks_for_report, charged_to_medicare
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="COD010",
    name="contractor-priced-code",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) has status C: it is payable, but the Medicare contractor sets its price.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Describe {hcpcs} in the claim note and keep the report or invoice ready for the contractor.",
    ),
    citations=(layout("Attachment A, status C", "contractors establish the payment, generally case by case"),),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code of status C for which the contractor asks what was done."""
    return charged_to_medicare(line, CONTRACTOR_PRICED) and asks_for_report(line)
