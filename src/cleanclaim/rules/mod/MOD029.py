"""An anesthesia modifier on another service.

What it checks
--------------
AA, AD, QK, QX, QY, QZ, QS, 23, P1-P6, G8 or G9 on a CPT code outside anesthesia (00100-01999) and the qualifying
circumstances (99100-99140).

Why it matters
--------------
They say who gave an anesthesia service, how, and to whom. On an injection, a line placement or imaging they make the
line invalid, or have it paid by half.

How to fix
----------
Remove the modifier. QK is medical direction of anesthesia, not the use of imaging.

Limits
------
HCPCS Level II codes are not looked at. The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import (
    ANESTHESIA_DETAIL,
    ANESTHESIA_PROVIDER,
    bears,
    count_of,
    is_anesthesia,
    is_cpt_service,
    is_qualifying_circumstance,
)
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD029",
    name="anesthesia-modifier-on-other-service",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) is no anesthesia service (00100-01999), to which the modifier belongs.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove the anesthesia modifier from {hcpcs}.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        convention("AA, AD, QK, QX, QY, QZ and the modifiers that describe anesthesia are used on 00100-01999 only"),
    ),
)


def check(line: LineFacts) -> bool:
    """Another CPT service bears a modifier of anesthesia."""
    if not bears(line) or not is_cpt_service(line) or is_anesthesia(line) or is_qualifying_circumstance(line):
        return False
    return count_of(line.modifiers, ANESTHESIA_PROVIDER) + count_of(line.modifiers, ANESTHESIA_DETAIL) > 0
