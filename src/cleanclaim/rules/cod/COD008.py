"""A minor service billed with another service of the day.

What it checks
--------------
A charge to Medicare for a code of status T on a day on which the same provider bills the patient another service of
status A or R.

Why it matters
--------------
Medicare pays a status T service (pulse oximetry, blood from a venous device, port flush) only when the provider
bills nothing else under the fee schedule that day. Otherwise it is part of what is billed.

How to fix
----------
Take the line off the claim; no modifier makes it payable beside another service.

Limits
------
Two status T services alone on a day are not reported: the published text does not say which of them is paid.
Services of the day billed on another claim count where it is in the same run. Claims filed with other payers,
Medicare Advantage plans among them, are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.cod.status import PAID_ALONE, charged_to_medicare
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="COD008",
    name="minor-service-beside-another",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} has status T: Medicare pays it only on a day when nothing else is billed, and something is.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {hcpcs}: its payment is inside the other service of the day.",
    ),
    adjustment=Adjustment("CO", "97", ("M15", "N19")),
    citations=(
        layout("Attachment A, status T", "paid only if no other service payable under the fee schedule is billed"),
    ),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code of status T beside a paid service of the day."""
    return charged_to_medicare(line, PAID_ALONE) and line.incident_to_same_day_service
