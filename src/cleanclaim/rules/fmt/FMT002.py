"""A billing provider's NPI that no provider can have.

What it checks
--------------
The billing provider's NPI of the claim: ten digits, of which the first is 1 or 2 and the last is the
check digit of the nine before it (Luhn, over the prefix 80840).

Why it matters
--------------
The payer does not know whom to pay: the claim is rejected before adjudication.

How to fix
----------
Take the NPI from the billing provider's NPPES record. The usual cause is one wrong digit, or two that changed
places.

Limits
------
A well-formed NPI may still belong to nobody, or to somebody else: only NPPES can tell.
Atypical providers have no NPI; a claim without one is not reported.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts, NpiState
from cleanclaim.rules.model import Rule, Scope, regulation, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT002",
    name="impossible-billing-npi",
    severity=Severity.DENY,
    scope=Scope.CLAIM,
    message=(
        "The billing provider's NPI, {billing_npi}, cannot be one: an NPI has ten digits, begins with "
        "1 or 2 and ends in a check digit."
    ),
    fix=Fix(
        action="correct-identifier",
        safety="review",
        text="Replace it by the NPI in the billing provider's NPPES record.",
    ),
    adjustment=Adjustment("CO", "16", ("N257",)),
    settings=tuple(Setting),
    citations=(
        regulation("45 CFR 162.406(a)", "a 10-position number with a check digit; 69 FR 3434: it begins with 1 or 2"),
        x12("2010AA NM109", "billing provider identifier"),
    ),
)


def check(claim: ClaimFacts) -> bool:
    """The billing provider's NPI is not ten digits beginning with 1 or 2, or its check digit is wrong."""
    return claim.billing_npi in (NpiState.MALFORMED, NpiState.WRONG_CHECK_DIGIT)
