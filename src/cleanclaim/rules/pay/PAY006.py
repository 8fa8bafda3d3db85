"""A service that the payer judges by the record, sent without it.

What it checks
--------------
The payer's policy asks for the record, or a note, with the claim for this code or modifier, and the claim says of
neither that it is sent (PWK) or given (NTE).

Why it matters
--------------
The payer asks for it, and pays weeks later; or denies the claim for want of it.

How to fix
----------
Send the record with the claim and say so in PWK, or write the note that the policy asks for.

Limits
------
Silent outside X12 claims, where a file may have no place for an attachment. What the record says is not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PAY006",
    name="documentation-not-sent-with-claim",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no} bills {hcpcs} with {modifiers}, and nothing "
    "is sent with it.",
    fix=Fix(
        action="attach-record",
        safety="review",
        text="Send with line {line_no} ({hcpcs}) what the payer's policy asks for, and say so on the claim.",
    ),
    adjustment=Adjustment("CO", "252", ("N706",)),
    tables=("policy",),
    policy="documentation",
    settings=tuple(Setting),
    citations=(x12("2300 PWK, 2400 PWK, NTE", "paperwork and notes"),),
)


def check(line: LineFacts) -> bool:
    """An attachment or a note is wanted, the claim could say that it is sent, and does not."""
    if line.record_wanted == 0 or not line.from_x12 or line.has_attachment:
        return False
    return line.record_wanted == 1 or not (line.has_note or line.claim_has_note)
