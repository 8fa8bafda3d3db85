"""Two plans of care on one therapy line.

What it checks
--------------
More than one of GN, GO and GP on a line.

Why it matters
--------------
A service is given under one plan of care: speech-language pathology, occupational or physical therapy. The amount
counts against one threshold.

How to fix
----------
Keep the one whose plan of care holds the service.

Limits
------
The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import THERAPY_PLAN, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD040",
    name="two-therapy-plans",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears more than one of GN, GO and GP ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one of GN, GO and GP whose plan of care holds the service.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("one of GN, GO and GP on a therapy line"),),
)


def check(line: LineFacts) -> bool:
    """The line bears two of the three."""
    return bears(line) and count_of(line.modifiers, THERAPY_PLAN) > 1
