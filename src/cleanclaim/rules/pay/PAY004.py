"""Modifiers reported in another way than the payer wants.

What it checks
--------------
The payer's policy prefers one of several ways to report a service: an X modifier or 59, 51 on secondary procedures or
never, AS for an assistant at surgery who is no physician, a modifier for the side. The line does it in another.

Why it matters
--------------
Such lines are denied for their modifier, or held until they are reported as the payer wants.

How to fix
----------
Report the modifier that the policy names, where the record bears it out.

Limits
------
Who assisted is told by the rendering provider's taxonomy alone. Which procedure is secondary is told by the relative
values of the Medicare fee schedule, which another payer may rank in its own way.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Related, Rule, Scope
from cleanclaim.rules.pay.styles import breaks_modifier_style
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PAY004",
    name="modifier-not-as-payer-wants",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no} bills {hcpcs} with {modifiers}.",
    fix=Fix(
        action="change-modifier",
        safety="review",
        text="Report {hcpcs} on line {line_no} with the modifier that the policy names, if the record shows it.",
    ),
    adjustment=Adjustment("CO", "4", ("N822",)),
    tables=("policy",),
    policy="modifier_style",
    related=Related.POLICY,
)


def check(line: LineFacts) -> bool:
    """The modifiers are not those the policy asks for."""
    return breaks_modifier_style(line.modifier_style, line)
