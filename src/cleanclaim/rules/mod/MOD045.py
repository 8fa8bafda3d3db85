"""Liability modifiers that contradict each other.

What it checks
--------------
GZ with GA, GX or GY, GY with GA, or GX with GA.

Why it matters
--------------
GA: a required notice (ABN) was signed; GX: a voluntary one; GY: never covered, so none is required; GZ: one was
required and is missing. Medicare treats such a pair as an invalid modifier.

How to fix
----------
Keep the one that is true. GX and GY stand together: a voluntary notice of what is never covered.

Limits
------
Read second-hand, so this is review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import GX, GY, LIABILITY, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD045",
    name="liability-modifiers-contradict",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears liability modifiers that exclude each other ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one of GA, GX, GY and GZ that is true.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("GA, GZ and GY exclude each other; GX stands with GY only"),),
)


def check(line: LineFacts) -> bool:
    """Two of them exclude each other."""
    if not bears(line):
        return False
    return count_of(line.modifiers, LIABILITY) > 1 + line.modifiers[GX] * line.modifiers[GY]
