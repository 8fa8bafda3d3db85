"""A transaction that a translator refuses.

What it checks
--------------
What the reader found wrong around the claim although it could read it: counts and control numbers of the envelope
(SE, GE, IEA) that do not agree, levels that are numbered wrongly, segments out of order, separators other than the
declared ones.

Why it matters
--------------
A payer's translator checks these before it looks at any claim. It answers with a 999 or TA1 that rejects the
transaction, and every claim in it is as if never sent.

How to fix
----------
Mend the program that writes the file; the claim itself may be right. The message gives each fault with its place.

Limits
------
Some payers' translators are lenient. No remittance follows, so no denial is predicted.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="FMT012",
    name="faulty-transaction",
    severity=Severity.DENY,
    scope=Scope.CLAIM,
    message="A translator rejects the transaction that holds the claim: {envelope_faults}.",
    fix=Fix(
        action="correct-file",
        safety="review",
        text="Write the file again with these faults mended; nothing about the services has to change.",
    ),
    settings=tuple(Setting),
    citations=(
        x12("ISA-IEA, GS-GE, ST-SE", "separators, counts, control numbers, levels (HL), loops and elements by form"),
    ),
)


def check(claim: ClaimFacts) -> bool:
    """The reader noted a fault of the transaction."""
    return claim.envelope_fault
