"""A service that the payer wants authorized, without an authorization on the claim.

What it checks
--------------
The payer's policy asks for prior authorization of the code, in the line's setting and on its date, and neither the
claim nor the line names one (REF*G1, loops 2300 and 2400).

Why it matters
--------------
Payers deny such a service for that reason alone, and many forbid billing the patient for it. An authorization can
seldom be had afterwards.

How to fix
----------
Put the authorization's number on the claim. Without one, ask the payer whether it grants one after the service.

Limits
------
Silent outside X12 claims, where a file may have no place for the number. A policy binds the product it names; some
plans and some providers are exempt, which a claim does not say.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PAY001",
    name="prior-authorization-missing",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no} bills {hcpcs}, and the claim names no "
    "authorization.",
    fix=Fix(
        action="add-authorization",
        safety="review",
        text="Add the prior authorization number (REF*G1) for {hcpcs} on line {line_no}.",
    ),
    adjustment=Adjustment("CO", "197"),
    tables=("policy",),
    policy="prior_authorization",
    settings=tuple(Setting),
    citations=(x12("2300 REF, qualifier G1", "prior authorization number"),),
)


def check(line: LineFacts) -> bool:
    """An authorization is asked for, the claim could name one, and does not."""
    return line.authorization_required and line.from_x12 and not line.has_authorization
