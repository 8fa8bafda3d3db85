"""A modifier of visits on another service.

What it checks
--------------
24, 25 or 57 on a code that is no evaluation and management service, unless a pair edit of the line says so already.

Why it matters
--------------
The three say of a visit why it is paid beside a procedure. On the procedure itself they say nothing, and the visit
still lacks what it needs.

How to fix
----------
Move the modifier to the visit it speaks of.

Limits
------
Where the line is in a published pair whose modifier does not fit, that pair's finding (PTP003) says it. HCPCS Level II
visits are known by a list of our own, so this is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import VISIT, bears, count_of, is_cpt_service
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD020",
    name="visit-modifier-on-procedure",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) is no visit: 24, 25 and 57 belong on evaluation and management services.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Move 24, 25 or 57 from {hcpcs} to the visit it speaks of, or remove it.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        manual("I.D", "24, 25 and 57 on evaluation and management services"),
        manual("I.E.b", "25 may be appended to an evaluation and management code"),
    ),
)


def check(line: LineFacts) -> bool:
    """A CPT service that is no visit bears 24, 25 or 57."""
    if not bears(line) or line.evaluation_and_management or line.modifier_cannot_bypass:
        return False
    return is_cpt_service(line) and count_of(line.modifiers, VISIT) > 0
