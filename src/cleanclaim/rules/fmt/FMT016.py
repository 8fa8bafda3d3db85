"""A line with a negative charge.

What it checks
--------------
The charge of a line is not less than zero.

Why it matters
--------------
A claim asks for money; it cannot give any back. Translators and payers refuse the claim.

How to fix
----------
To correct a claim already paid send a replacement (frequency 7) or a void (8) with positive charges.

Limits
------
A line of minus one cent is read as one without a charge.
"""

from __future__ import annotations

from cleanclaim.rules.facts import UNKNOWN, LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT016",
    name="negative-charge",
    severity=Severity.DENY,
    scope=Scope.LINE,
    settings=tuple(Setting),
    message="Line {line_no} bills a negative charge.",
    fix=Fix(
        action="correct-charge",
        safety="review",
        text=(
            "Bill line {line_no} with the charge for the service; take a paid line back by replacing or voiding "
            "the claim."
        ),
    ),
    adjustment=Adjustment("CO", "16", ("M79",)),
    citations=(x12("2400 SV102, SV203", "line item charge amount: zero or more"),),
)


def check(line: LineFacts) -> bool:
    """The charge is below zero."""
    return line.charge_cents < UNKNOWN
