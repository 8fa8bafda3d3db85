"""An NCCI edit that the payer does not apply.

What it checks
--------------
Two services of the day form an NCCI pair, and the payer's policy says that it pays for both.

Why it matters
--------------
The pair is not reported as bundled for this payer. This says so, and on whose word, so that nothing goes unseen.

How to fix
----------
Nothing, as long as the policy is still in force.

Limits
------
Says nothing of the other rules for the two services.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Related, Rule, Scope
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="PAY009",
    name="published-edit-set-aside-by-payer",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} So the NCCI edit that bundles {hcpcs} on line {line_no} into "
    "{policy_lines} is not applied.",
    fix=Fix(action="none", safety="review", text="Nothing to change while the payer's policy is in force."),
    tables=("policy",),
    policy="edit_set_aside",
    related=Related.POLICY,
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT),
)


def check(line: LineFacts) -> bool:
    """The policy pays for a line that NCCI bundles."""
    return line.edit_set_aside
