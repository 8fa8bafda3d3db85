"""A place of service that does not exist.

What it checks
--------------
A place-of-service code on a professional claim that is not on the published list.

Why it matters
--------------
The place decides the rate, and who is paid for what. A claim with a code outside the list is not processed.

How to fix
----------
Bill the code of the place where the patient was: 11 office, 21 inpatient, 22 outpatient hospital, 23 emergency room,
24 surgical center, 02 or 10 telehealth.

Limits
------
The list carries no dates: one that was loaded long ago lacks codes that were added since. A line without any place is
not checked here: POS007 tells of it.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="POS001",
    name="unknown-place-of-service",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("pos",),
    settings=(Setting.PRACTITIONER,),
    message="The place of service, {pos}, is not on the published list.",
    fix=Fix(
        action="correct-place",
        safety="review",
        text="Bill the place-of-service code of the place where the patient was.",
    ),
    adjustment=Adjustment("CO", "58", ("M77",)),
)


def check(line: LineFacts) -> bool:
    """The published list does not have the place of service."""
    return line.pos_state == 0
