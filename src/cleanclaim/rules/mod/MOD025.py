"""59 together with an X modifier.

What it checks
--------------
59 and XE, XS, XP or XU on one line.

Why it matters
--------------
The X modifiers say more exactly what 59 says and are used in its place. Medicare's guidance is not to put both on a
line; many payers return it.

How to fix
----------
Keep the X modifier that fits and take 59 off.

Limits
------
The NCCI manual calls the X modifiers a replacement of 59; that both are returned is the custom of the trade. On a visit
either is MOD024's.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention, manual
from cleanclaim.rules.modifiers import DISTINCT_BY_X, M59
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD025",
    name="distinct-said-twice",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears 59 and an X modifier ({modifiers}): the X modifier is used in place of 59.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 59 from {hcpcs} and keep the X modifier that fits.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(
        manual("I.E.e", "used in lieu of modifier 59"),
        convention("59 and an X modifier are not put on one line"),
    ),
)


def check(line: LineFacts) -> bool:
    """The line bears both."""
    both = line.modifiers[M59] == 1 and count_of(line.modifiers, DISTINCT_BY_X) > 0
    return bears(line) and not line.evaluation_and_management and both
