"""A repeated service whose first is not on the claim.

What it checks
--------------
91 on a laboratory test, or 76 on another service, with one unit, where no other line bills the code: same patient,
provider, payer and day.

Why it matters
--------------
Both say that the provider had done the service before that day. Without the first the payer asks for it, or takes the
line as a duplicate of one that never comes.

How to fix
----------
Bill the first one too, or take the modifier off.

Limits
------
The first may stand on a claim that was not read, and 76 is also used on a later day of a global period, so this is
information.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M76, M91
from cleanclaim.types import Citation, Fix, Severity

_OF_PROCEDURES: Final = manual("I.E", "76: repeated by the same physician")
_OF_TESTS: Final = manual("I.M", "91: a repeated laboratory test")


def _of_service(line: LineFacts) -> tuple[Citation, ...]:
    return (_OF_TESTS,) if line.laboratory else (_OF_PROCEDURES,)


RULE = Rule(
    code="MOD034",
    name="repeat-without-the-first",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) is billed as repeated, and no other line of the day bills it.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Bill the first {hcpcs} too, or remove the modifier if it was done once.",
    ),
    citations=(_OF_PROCEDURES, _OF_TESTS),
    cites=_of_service,
)


def check(line: LineFacts) -> bool:
    """The line is a repeat, and nothing of the day is repeated."""
    if not bears(line) or line.code_billed_again or line.evaluation_and_management:
        return False
    repeated = line.modifiers[M91] if line.laboratory else line.modifiers[M76]
    return bool(repeated) and 0 <= line.units <= 1
