"""LT and RT on one line.

What it checks
--------------
A line names both sides by LT and RT, on a code that modifier 50 fits (bilateral indicator 1 or 3).

Why it matters
--------------
One line with both sides is read differently by payers: as one side, as both, or as an error. Medicare asks for 50 with
one unit.

How to fix
----------
Bill one unit with 50, or two lines, one with each side, as the payer asks.

Limits
------
The claim may well be paid. Whether the payer wants one line or two is its own policy.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import LT, M50, RT
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="MOD006",
    name="both-sides-on-one-line",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} names both sides by LT and RT on one line; payers read that differently.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Bill {hcpcs} with 50 and one unit, or on two lines, one for each side.",
    ),
    citations=(manual("I.V", "both sides: modifier 50 with one unit of service"),),
)


def check(line: LineFacts) -> bool:
    """The line bears both sides and not 50, on a code that 50 fits."""
    if not bears(line) or line.modifiers[M50] or line.bilateral not in {1, 3}:
        return False
    return line.modifiers[LT] == 1 and line.modifiers[RT] == 1
