"""A modifier of procedures on a visit.

What it checks
--------------
22, 47, 53, 63, 76 or 77 on an evaluation and management service.

Why it matters
--------------
More work, anesthesia by the surgeon, a procedure stopped, a small infant, a procedure repeated: none of them can be
said of a visit, whose level and time tell how much was done. Payers return the line.

How to fix
----------
Choose the level, or the prolonged service, that the record supports. A second visit of the day by the same physician
is one visit of a higher level, or bears 25 or 27.

Limits
------
The rule is the custom of the trade, so it is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import PROCEDURE_ONLY, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD022",
    name="procedure-modifier-on-visit",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} is a visit and bears {modifiers}: 22, 47, 53, 63, 76 and 77 belong on procedures.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove the modifier from {hcpcs}; the level of the visit tells how much was done.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        manual("I.E.a", "22: more extensive than the usual services of the procedure"),
        convention("22, 47, 53, 63, 76 and 77 are not used on visits"),
    ),
)


def check(line: LineFacts) -> bool:
    """A visit bears one of them."""
    return bears(line) and line.evaluation_and_management and count_of(line.modifiers, PROCEDURE_ONLY) > 0
