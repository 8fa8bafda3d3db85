"""A side or a site on a visit.

What it checks
--------------
50, LT, RT or another anatomic modifier on an evaluation and management service, unless a pair edit of the line says so
already.

Why it matters
--------------
A visit is of a patient, not of a side. Payers return the line, and the modifier is missing where it was meant.

How to fix
----------
Move it to the procedure it was meant for.

Limits
------
The rule is the custom of the trade, so it is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import DIGITS, SITES, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD023",
    name="site-modifier-on-visit",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} is a visit and bears {modifiers}: a visit has no side or site.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove the site from {hcpcs}, or move it to the procedure it was meant for.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(convention("anatomic modifiers are not used on visits"),),
)


def check(line: LineFacts) -> bool:
    """A visit bears a site."""
    if not bears(line) or not line.evaluation_and_management or line.modifier_cannot_bypass:
        return False
    return count_of(line.modifiers, SITES) + count_of(line.modifiers, DIGITS) > 0
