"""A service that the payer holds to be part of another of the day.

What it checks
--------------
The payer's policy bundles the code into another code that the same provider bills for the patient that day, on top of
the NCCI edits or in place of them, and no modifier that the policy accepts is on either line.

Why it matters
--------------
The payer pays the more comprehensive service and denies this one, though no NCCI edit may say so, or though a modifier
bypasses the one that does.

How to fix
----------
Leave the line out, unless the policy names a modifier that fits what the record shows.

Limits
------
Silent where the sides on the two lines differ (LT and RT), and where an NCCI edit already denies the line.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Related, Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PAY005",
    name="bundled-by-payer-policy",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no} bills {hcpcs} beside {policy_lines}.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove line {line_no} ({hcpcs}), unless the policy accepts a modifier that the record bears out.",
    ),
    adjustment=Adjustment("CO", "97", ("M15",)),
    tables=("policy",),
    policy="bundling",
    related=Related.POLICY,
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT),
    after_findings=True,
)


def check(line: LineFacts) -> bool:
    """The policy bundles it, no modifier frees it, and no published edit says so already."""
    return line.part_of_other_line and not line.policy_bypassed and not line.bundled
