"""A whole test billed where only its professional share is due.

What it checks
--------------
A test of two shares (PC/TC 1) without 26 or TC, or a code that stands for the whole test (PC/TC 4), on a
practitioner's claim at a facility where the technical share belongs to the facility: 19, 21-24, 26, 31, 34, 51, 52,
56, 61.

Why it matters
--------------
The facility is paid for its equipment and staff. The practitioner's payer denies the whole line, or pays it and
takes it back.

How to fix
----------
Add 26 to a test of two shares. A code of the whole test takes no 26: bill the code of the interpretation in its place
(93010 for 93000). If the test was done in the office, correct the place of service.

Limits
------
The list of places is the custom of the trade, so this is never more than review. 31 binds in a Part A stay only,
which a claim does not show. An ambulatory surgical center that bills under its own taxonomy is left alone.
"""

from __future__ import annotations

from cleanclaim.rules.cmp.share import whole_in_facility
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="CMP003",
    name="whole-test-in-facility",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs", "pos"),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} ({modifiers}) bills the technical share too, at place of service {pos}, where it is the facility's."
    ),
    fix=Fix(
        action="bill-professional-share",
        safety="review",
        text="{professional_share}, unless the place of service is wrong.",
    ),
    adjustment=Adjustment("CO", "5", ("M97",)),
    citations=(
        layout("Attachment A, PC/TC indicators 1 and 4", "the service without modifier is both components"),
        convention("at these facilities a practitioner is paid the professional share only"),
    ),
)


def check(line: LineFacts) -> bool:
    """Both shares of a test are billed where the facility is paid for the technical one."""
    return whole_in_facility(line)
