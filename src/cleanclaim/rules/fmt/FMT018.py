"""A service line without a charge.

What it checks
--------------
Every line of an 837 states its charge (SV102, SV203).

Why it matters
--------------
The standard requires the amount, if only zero. Without it the line cannot be priced, and the claim's total cannot be
proved.

How to fix
----------
Enter the charge for all units of the line; 0.00 for what is only reported.

Limits
------
In formats other than 837 an absent charge may mean that the file has no place for it.
"""

from __future__ import annotations

from cleanclaim.rules.facts import UNKNOWN, LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT018",
    name="no-line-charge",
    severity=Severity.DENY,
    scope=Scope.LINE,
    settings=tuple(Setting),
    message="Line {line_no} states no charge.",
    fix=Fix(
        action="correct-charge",
        safety="review",
        text="Enter the charge of line {line_no}.",
    ),
    adjustment=Adjustment("CO", "16", ("M79",)),
    citations=(x12("2400 SV102, SV203", "line item charge amount: required"),),
)


def check(line: LineFacts) -> bool:
    """The line came in an 837 and has no charge."""
    return line.from_x12 and line.charge_cents == UNKNOWN
