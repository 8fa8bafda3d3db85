"""Both sides reported in another way than the payer wants.

What it checks
--------------
The payer's policy says how a procedure on both sides is reported: on one line with modifier 50, or on two lines with
LT and RT. The claim does it the other way.

Why it matters
--------------
A payer that wants one line with 50 pays one of two lines, or neither; one that wants two lines pays one side.

How to fix
----------
Report it as the policy says: one line, modifier 50, one unit; or one line with LT and one with RT.

Limits
------
The finding stands on the later of two lines. Sides billed on different days are not two sides of one procedure.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Related, Rule, Scope
from cleanclaim.rules.pay.styles import breaks_bilateral_style
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PAY003",
    name="bilateral-reporting-not-as-payer-wants",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no} bills {hcpcs} with {modifiers}.",
    fix=Fix(
        action="report-both-sides",
        safety="review",
        text="Report both sides of {hcpcs} as the payer's policy says.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    tables=("policy",),
    policy="bilateral_style",
    related=Related.POLICY,
)


def check(line: LineFacts) -> bool:
    """The sides stand on two lines where one is wanted, or on one where two are."""
    return breaks_bilateral_style(line.bilateral_style, line)
