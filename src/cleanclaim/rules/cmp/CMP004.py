"""A technical share billed by a practitioner in a facility.

What it checks
--------------
A test with TC (PC/TC 1), or a code of the technical share alone (PC/TC 3), on a practitioner's claim at a facility
where that share belongs to the facility: 19, 21-24, 26, 31, 34, 51, 52, 56, 61.

Why it matters
--------------
The facility is paid for its equipment, staff and supplies. A practitioner's claim for them is denied.

How to fix
----------
Take the line off the claim: the facility bills it. If the service was done in the office, correct the place of
service.

Limits
------
The list of places is the custom of the trade, so this is never more than review. 31 binds in a Part A stay only,
which a claim does not show: a portable X-ray supplier may bill TC outside one. An ambulatory surgical center that
bills under its own taxonomy is left alone.
"""

from __future__ import annotations

from cleanclaim.rules.cmp.share import technical_in_facility
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="CMP004",
    name="technical-share-in-facility",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs", "pos"),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) bills a technical share at place of service {pos}, where it is the facility's.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {hcpcs}: the facility bills it, unless the place of service is wrong.",
    ),
    adjustment=Adjustment("CO", "5", ("M97",)),
    citations=(
        layout("Attachment A, PC/TC indicators 1 and 3", "technical components are staff and equipment costs"),
        convention("at these facilities a practitioner is paid the professional share only"),
    ),
)


def check(line: LineFacts) -> bool:
    """The technical share of a test is billed where the facility is paid for it."""
    return technical_in_facility(line)
