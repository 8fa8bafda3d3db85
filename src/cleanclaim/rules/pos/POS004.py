"""An operation or anesthesia at a telehealth place.

What it checks
--------------
A code of the surgery or anesthesia section (00100-01999, 10004-69990) with place of service 02 or 10.

Why it matters
--------------
Both places say that provider and patient met over a line. Nobody can be operated on that way: the place is wrong, and
with it the rate.

How to fix
----------
Bill the place where the patient was when the service was done. The visit by telehealth of the same day keeps its own
place.

Limits
------
No published list says that none of these codes is telehealth, so this is never more than review.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import CodeKind, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

TELEHEALTH: Final = (2, 10)
ANESTHESIA_FIRST: Final = code_number("00100")
ANESTHESIA_LAST: Final = code_number("01999")

RULE = Rule(
    code="POS004",
    name="surgery-at-a-distance",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=("{hcpcs} is an operation or anesthesia, which cannot be done at place of service {pos}, telehealth."),
    fix=Fix(
        action="correct-place",
        safety="review",
        text="Bill line {line_no} with the place of service where the patient was operated on.",
    ),
    adjustment=Adjustment("CO", "5", ("M77",)),
    citations=(convention("surgery and anesthesia need the patient present"),),
)


def check(line: LineFacts) -> bool:
    """A code of surgery or anesthesia has a telehealth place."""
    if line.place_of_service not in TELEHEALTH:
        return False
    anesthesia = line.code_kind == CodeKind.CATEGORY_I and ANESTHESIA_FIRST <= line.code_number <= ANESTHESIA_LAST
    return line.surgery or anesthesia
