"""A replacement or void that does not say which claim it replaces.

What it checks
--------------
A claim of frequency 7 (replacement) or 8 (void) without the payer's number of the original claim (REF*F8 in loop 2300).

Why it matters
--------------
The payer cannot find the claim to replace or void. The correction is refused, or taken for a new claim and denied as
a duplicate, and the time to file runs on.

How to fix
----------
Take the payer's claim control number from the 835 (CLP07) or the claim status answer and send it as REF*F8. If the
payer never took in the original, send an original (frequency 1).

Limits
------
Medicare Part B contractors reopen professional claims instead of taking replacements. Whether the number is the right
one is not checked. Of a void nothing else is checked but its form: nothing on it is to be paid.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DUP003",
    name="replacement-without-original-reference",
    severity=Severity.REVIEW,
    scope=Scope.CLAIM,
    settings=tuple(Setting),
    message="Frequency {frequency} replaces or voids an earlier claim, but the payer's number of it is missing.",
    fix=Fix(
        action="add-original-reference",
        safety="review",
        text="Add the payer's claim control number of the original (REF*F8), or send the claim as an original.",
    ),
    adjustment=Adjustment("CO", "16", ("M47",)),
    citations=(
        x12(
            "2300 REF*F8",
            "required when CLM05-3 says that the claim replaces or voids an earlier one (as quoted in X12 RFI 1538)",
        ),
    ),
)


def check(claim: ClaimFacts) -> bool:
    """A replacement or void names no original."""
    return claim.frequency in (7, 8) and not claim.has_original_reference
