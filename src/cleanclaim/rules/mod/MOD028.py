"""Two provider modifiers on an anesthesia service.

What it checks
--------------
More than one of AA, AD, QK, QX, QY and QZ on a line.

Why it matters
--------------
Each says who gave or directed the anesthesia and what share is paid. Two of them contradict each other.

How to fix
----------
Keep the one that describes the person who bills the line: AA personally performed, QK or QY directing, QX directed, QZ
not directed, AD supervising more than four.

Limits
------
The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import ANESTHESIA_PROVIDER, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD028",
    name="two-anesthesia-providers",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears more than one of AA, AD, QK, QX, QY and QZ ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one modifier that says who gave or directed the anesthesia.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("one of AA, AD, QK, QX, QY, QZ on every anesthesia line"),),
)


def check(line: LineFacts) -> bool:
    """The line bears two of the six."""
    return bears(line) and count_of(line.modifiers, ANESTHESIA_PROVIDER) > 1
