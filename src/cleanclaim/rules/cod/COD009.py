"""A service with restricted Medicare coverage.

What it checks
--------------
A charge to Medicare for a code whose fee-schedule row (the one with the line's modifier) has status R.

Why it matters
--------------
Special coverage instructions apply: routine foot care, cosmetic and reconstructive surgery, MR angiography,
transplants. The service is paid when they are met and denied when the claim does not show it.

How to fix
----------
Read the coverage instructions of the contractor for the code. Put on the claim what they ask for: the diagnosis, the
class-finding modifier, the date last seen, the study's number.

Limits
------
Whether the instructions are met is for the record to say, so this is never more than review. Silent where the line
says by a modifier what coverage rests on: the class findings of foot care (Q7, Q8, Q9), or that a denial is expected
(GA, GY, GZ). Claims filed with
other payers, Medicare Advantage plans among them, are not judged.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.cod.status import RESTRICTED, charged_to_medicare
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import GY, any_of, position
from cleanclaim.types import Adjustment, Fix, Setting, Severity

SAYS_COVERAGE: Final = (GY, *(position(modifier) for modifier in ("GA", "GZ", "Q7", "Q8", "Q9")))

RULE = Rule(
    code="COD009",
    name="restricted-coverage",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} has status R: Medicare covers it only under special instructions.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Check that the record and the claim meet the coverage instructions for {hcpcs}.",
    ),
    adjustment=Adjustment("CO", "50", ("N130",)),
    citations=(layout("Attachment A, status R", "special coverage instructions apply"),),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code of status R, and no modifier says what its coverage rests on."""
    return charged_to_medicare(line, RESTRICTED) and not any_of(line.modifiers, SAYS_COVERAGE)
