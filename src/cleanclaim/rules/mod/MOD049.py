"""A modifier that only informs before one that changes the payment.

What it checks
--------------
The order of the modifiers of a line: those that change the payment (26, TC, 50, 62, 80, AS, 78 and others) stand first.

Why it matters
--------------
Several payers price a line by its first modifier, or by its first two, and pay it wrongly when that one only informs.

How to fix
----------
Put the modifiers that change the payment first.

Limits
------
The order is the custom of the trade: X12 gives it no meaning, and Medicare's systems read every position.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Fix, Severity

RULE = Rule(
    code="MOD049",
    name="pricing-modifier-not-first",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    message="The modifiers of {hcpcs} ({modifiers}) begin with one that does not change the payment.",
    fix=Fix(
        action="reorder-modifiers",
        safety="review",
        text="Put the modifiers of {hcpcs} that change the payment first.",
    ),
    citations=(convention("modifiers that change the payment come first"),),
)


def check(line: LineFacts) -> bool:
    """A modifier that informs stands before one that prices."""
    return bears(line) and line.informs_before_pricing
