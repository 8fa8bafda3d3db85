"""A claim that bills again what an earlier claim bills.

What it checks
--------------
A claim whose patient, billing and rendering providers, payer, dates and every line are those of an earlier claim of
the input or of `--history`, and which is neither a replacement nor a void (frequency 7, 8).

Why it matters
--------------
Payers deny an exact duplicate; repeated duplicates draw attention as abusive billing.

How to fix
----------
Send one of the two. To correct a claim that the payer has, send a replacement (frequency 7) with the payer's claim
number. If every service was done twice, say so on its lines (76, 77, 91, 59 or X).

Limits
------
An earlier submission that is neither in the input nor in the history is not seen. A claim of the history with the same
number, the same lines and the same day of creation is taken for the claim checked itself; made on another day, it was
sent twice. Claims since replaced or voided are not compared, nor dental claims, whose teeth are not read.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DUP002",
    name="duplicate-claim",
    severity=Severity.REVIEW,
    scope=Scope.CLAIM,
    settings=tuple(Setting),
    message="Every line of this claim is on the earlier claim {duplicate_of}: same patient, provider, payer, dates.",
    fix=Fix(
        action="remove-claim",
        safety="review",
        text=(
            "Send only one of the two claims. To correct a claim the payer already has, use frequency 7 and its claim "
            "number."
        ),
    ),
    adjustment=Adjustment("OA", "18"),
    citations=(convention("payers deny an exact repeat of patient, providers, dates, codes, places and charges"),),
)


def check(claim: ClaimFacts) -> bool:
    """The claim repeats an earlier one as a whole."""
    return claim.duplicate_claim
