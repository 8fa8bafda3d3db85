"""A modifier of later operations on a visit.

What it checks
--------------
58, 78 or 79 on an evaluation and management service, unless a pair edit of the line says so already.

Why it matters
--------------
They say why a further procedure in the days after an operation is paid. A visit in those days takes 24.

How to fix
----------
If the visit has nothing to do with the operation, use 24; if it belongs to its follow-up, do not bill it.

Limits
------
Whether an operation came before is the matter of the GLO family.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import AFTER_SURGERY, bears, count_of
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD021",
    name="surgery-modifier-on-visit",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} is a visit and bears {modifiers}: 58, 78 and 79 belong on procedures.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Use 24 on {hcpcs} if the visit is unrelated to the operation; otherwise do not bill it.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        manual("I.E.c", "58: a procedure followed by a second procedure"),
        manual("I.D", "24 on visits in the days after surgery"),
    ),
)


def check(line: LineFacts) -> bool:
    """A visit bears 58, 78 or 79."""
    if not bears(line) or not line.evaluation_and_management or line.modifier_cannot_bypass:
        return False
    return count_of(line.modifiers, AFTER_SURGERY) > 0
