"""Two physical status modifiers on an anesthesia service.

What it checks
--------------
More than one of P1 to P6 on an anesthesia service (00100-01999).

Why it matters
--------------
Each says how well the patient was before the anesthesia. Two of them contradict each other, and payers that pay units
for the status cannot tell which to pay.

How to fix
----------
Keep the one that the anesthesia record states.

Limits
------
The rule is the custom of the trade. On a line that is no anesthesia service the modifiers are MOD029's.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import PHYSICAL_STATUS, bears, count_of, is_anesthesia
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD050",
    name="two-physical-statuses",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears more than one physical status of the patient ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one of P1 to P6 that the anesthesia record states.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("a patient has one physical status at an anesthesia service"),),
)


def check(line: LineFacts) -> bool:
    """An anesthesia line bears two of the six."""
    return bears(line) and is_anesthesia(line) and count_of(line.modifiers, PHYSICAL_STATUS) > 1
