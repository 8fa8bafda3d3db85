"""A supply billed with the service that includes it.

What it checks
--------------
A charge to Medicare for a code of status P on a day on which the same provider bills the patient another service
that the fee schedule pays, at any place but the patient's home.

Why it matters
--------------
A supply that goes with a physician's service of the day is paid inside that service. Medicare denies it, and the
patient cannot be billed for it.

How to fix
----------
Take the supply off the claim. An item the patient takes home (ostomy and urinary supplies, dressings) goes to the
DME contractor on a claim of its own, with the patient's home as place of service.

Limits
------
The claim does not say whether the supply was used in the service or taken home; sent to the Part B contractor, it
is not paid either way. Items at place of service 12 are taken as DME and not reported. Claims filed with other
payers, Medicare Advantage plans among them, are not judged.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.cod.status import BUNDLED_SUPPLY, charged_to_medicare
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="COD007",
    name="supply-bundled-into-service",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} has status P: Medicare includes the supply in the service billed on the same day.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {hcpcs}; if the patient took the item home, bill it to the DME contractor.",
    ),
    adjustment=Adjustment("CO", "97", ("M15", "N19")),
    citations=(
        layout("Attachment A, status P", "bundled when incident to a physician service provided on the same day"),
    ),
)

HOME: Final = 12
"""Place of service of items that are used at home, which the DME contractor pays."""


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code of status P beside a paid service of the day, not at the patient's home."""
    if line.place_of_service == HOME:
        return False
    return charged_to_medicare(line, BUNDLED_SUPPLY) and line.incident_to_same_day_service
