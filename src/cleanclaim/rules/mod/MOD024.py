"""59 or an X modifier on a visit, or 59 on 77427.

What it checks
--------------
59, XE, XS, XP or XU on an evaluation and management service, or 59 on 77427, unless a pair edit of the line says so
already.

Why it matters
--------------
59 says that a procedure is distinct from another; the NCCI manual keeps it off visits, for which 25 is there, and off
77427.

How to fix
----------
If the visit was significant and separate from a procedure of the day, use 25. Otherwise take the modifier off.

Limits
------
The manual says that it should not be appended, not that the line is denied, so this is review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears, count_of
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import DISTINCT, M59
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD024",
    name="distinct-modifier-on-visit",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears {modifiers}: 59 and the X modifiers are not used on it.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Remove 59 or the X modifier from {hcpcs}; 25 is the one for a separate visit.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(manual("I.E.d", "59 should not be appended to an E/M service, and shall not be used with 77427"),),
)


def check(line: LineFacts) -> bool:
    """A visit bears 59 or X, or a code that 59 never fits bears 59."""
    if not bears(line) or line.modifier_cannot_bypass:
        return False
    if line.evaluation_and_management:
        return count_of(line.modifiers, DISTINCT) > 0
    return line.never_distinct and line.modifiers[M59] == 1
