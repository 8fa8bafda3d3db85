"""A hospital's modifier on a practitioner's claim.

What it checks
--------------
27 on a professional claim; 73 or 74 on one that is not an ambulatory surgical center's own.

Why it matters
--------------
27 tells hospital visits of one day apart; 73 and 74 say that a facility stopped before or after anesthesia. A
physician who stops a procedure uses 53.

How to fix
----------
Use 53 for a procedure that the physician stopped, 52 for one that was reduced; take 27 off.

Limits
------
A surgical center is known by its taxonomy and place of service. The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import M73, M74, bears
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.modifiers import M27
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD035",
    name="facility-modifier-of-practitioner",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears {modifiers} on a professional claim: 27, 73 and 74 are facilities' modifiers.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Use 53 or 52 on {hcpcs} in place of 73 or 74, and remove 27.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(convention("27, 73 and 74 are used by hospitals and surgical centers"),),
)


def check(line: LineFacts) -> bool:
    """A practitioner's line bears a facility's modifier."""
    if not bears(line):
        return False
    return line.modifiers[M27] == 1 or (line.modifiers[M73] + line.modifiers[M74] > 0 and not line.surgery_center)
