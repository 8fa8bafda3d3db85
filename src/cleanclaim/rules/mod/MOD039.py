"""A therapy service that does not say under which plan of care it was given.

What it checks
--------------
A code with multiple procedure indicator 5 (therapy), on a claim of Medicare's, without GN, GO or GP.

Why it matters
--------------
Medicare counts therapy against yearly thresholds by discipline, and returns or denies a therapy line that does not
name it.

How to fix
----------
Add GP (physical therapy), GO (occupational therapy) or GN (speech-language pathology), as the plan of care says.

Limits
------
The fee schedule's indicator stands for the list of services that are always therapy. The manual that asks for the
modifier (Medicare Claims Processing Manual, chapter 5) was read only as quoted on public pages, so this is review.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import THERAPY_PLAN, count_of
from cleanclaim.rules.model import Rule, Scope, convention, layout
from cleanclaim.types import Adjustment, Fix, Severity

THERAPY: Final = 5
"""Multiple procedure indicator of therapy services."""

RULE = Rule(
    code="MOD039",
    name="therapy-without-plan",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    message=(
        "{hcpcs} is a therapy service (multiple procedure indicator 5) and bears none of GN, GO and GP ({modifiers})."
    ),
    fix=Fix(
        action="add-modifier",
        safety="review",
        text="Add GP, GO or GN to {hcpcs}, as the plan of care says.",
    ),
    adjustment=Adjustment("CO", "4", ("N822",)),
    citations=(
        layout("Attachment A, Multiple Procedure (Modifier 51)", "5: certain therapy services"),
        convention("always-therapy services bear GN, GO or GP"),
    ),
)


def check(line: LineFacts) -> bool:
    """Medicare is billed for therapy of no plan."""
    if line.medicare != 1 or line.multiple_procedure != THERAPY or not line.is_hcpcs or line.is_measure:
        return False
    return count_of(line.modifiers, THERAPY_PLAN) == 0
