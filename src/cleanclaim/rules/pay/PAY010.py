"""A service whose record the payer reads.

What it checks
--------------
The payer's policy says that it looks at the record for this code or modifier before or after it pays, though nothing
is sent with the claim.

Why it matters
--------------
The modifier alone does not secure the payment. A record that cannot be shown is an overpayment to give back.

How to fix
----------
See that the record shows what the policy asks for before the claim goes out.

Limits
------
Says that the record is read, not that anything is wrong with it: never more than information.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="PAY010",
    name="record-read-by-payer",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no} bills {hcpcs} with {modifiers}.",
    fix=Fix(
        action="check-record",
        safety="review",
        text="See that the record for {hcpcs} on line {line_no} shows what the payer's policy asks for.",
    ),
    tables=("policy",),
    policy="record",
    settings=tuple(Setting),
)


def check(line: LineFacts) -> bool:
    """The policy says that the record is read."""
    return line.record_read
