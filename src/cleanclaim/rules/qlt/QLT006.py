"""Two reasons on one measure.

What it checks
--------------
More than one of modifiers 1P, 2P, 3P and 8P on a Category II code.

Why it matters
--------------
Each of them gives the one reason why the measure was not met: medical, patient, system, or none given. Two of them
contradict each other, and the measure does not count.

How to fix
----------
Keep the modifier the record supports.

Limits
------
The rule is the custom of the trade, so it is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import CodeKind, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.qlt.modifiers import measure_modifiers
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="QLT006",
    name="two-reasons-on-measure-code",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears more than one of 1P, 2P, 3P and 8P ({modifiers}): one reason fits a measure.",
    fix=Fix(action="correct-modifier", safety="review", text="Keep the one modifier on {hcpcs} the record supports."),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("one of 1P, 2P, 3P and 8P per Category II line"),),
)


def check(line: LineFacts) -> bool:
    """A Category II code bears two of the four modifiers."""
    return line.code_kind == CodeKind.CATEGORY_II and measure_modifiers(line.modifiers) > 1
