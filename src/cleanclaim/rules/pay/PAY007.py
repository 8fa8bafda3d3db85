"""A service at a place the payer does not pay it at.

What it checks
--------------
The payer's policy names the places of service at which the code, or a service with the modifier, is reported. The line
names another.

Why it matters
--------------
The place decides the rate, and for telehealth whether the service is covered at all: such lines are denied or paid by
the wrong rate.

How to fix
----------
Report the place that the policy names, if it is where the patient was.

Limits
------
Silent on a line without a place of service, as those of institutional claims are.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PAY007",
    name="place-not-accepted-by-payer",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no} bills {hcpcs} with {modifiers} at place {pos}.",
    fix=Fix(
        action="correct-place",
        safety="review",
        text="Report {hcpcs} at place {allowed_places} if that is where the service was given.",
    ),
    adjustment=Adjustment("CO", "5", ("M77",)),
    tables=("policy",),
    policy="place",
    settings=(Setting.PRACTITIONER,),
)


def check(line: LineFacts) -> bool:
    """The place is not one of those the policy names."""
    return line.place_refused
