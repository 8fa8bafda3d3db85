"""A service the payer does not pay for.

What it checks
--------------
The payer's policy says that it does not pay for the code on the line's date, at all or without another service beside
it, in the circumstances the line shows.

Why it matters
--------------
The line is denied whatever the record says. Whether the patient may be billed is for the contract and the notice given
before the service.

How to fix
----------
Report the code that the policy names in its place, or leave the line out.

Limits
------
Coverage of one member can differ from the payer's standard policy.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PAY008",
    name="service-not-paid-by-payer",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no} bills {hcpcs} with {modifiers}.",
    fix=Fix(
        action="replace-code",
        safety="review",
        text="Replace or remove line {line_no} ({hcpcs}) as the payer's policy says.",
    ),
    adjustment=Adjustment("CO", "96", ("N130",)),
    tables=("policy",),
    policy="not_payable",
    settings=tuple(Setting),
)


def check(line: LineFacts) -> bool:
    """The policy does not pay for it."""
    return line.not_payable
