"""A therapy assistant's modifier without that of the plan of care.

What it checks
--------------
From 2020 on, CQ on a line without GP, or CO on a line without GO.

Why it matters
--------------
CQ marks what a physical therapist assistant gave, CO an occupational therapy assistant; each stands beside its plan.
Medicare returns a line where the two do not agree.

How to fix
----------
Add GP beside CQ, GO beside CO, or correct the one that is wrong.

Limits
------
That Medicare returns the line was read second-hand, so this is review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import ASSISTANTS_OF_THERAPISTS_FROM, CO, CQ, GO, GP, bears
from cleanclaim.rules.model import Rule, Scope, convention, regulation
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD041",
    name="therapy-assistant-without-plan",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) bears CQ without GP, or CO without GO.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Put GP beside CQ, or GO beside CO, on {hcpcs}.",
    ),
    adjustment=Adjustment("CO", "4", ("N822",)),
    citations=(
        regulation("42 CFR 410.59(a)(4), 410.60(a)(4)", "services of therapy assistants bear CO or CQ"),
        convention("CQ is paired with GP, CO with GO"),
    ),
)


def check(line: LineFacts) -> bool:
    """An assistant's modifier stands without its plan."""
    if not bears(line) or line.service_day < ASSISTANTS_OF_THERAPISTS_FROM:
        return False
    physical = line.modifiers[CQ] == 1 and not line.modifiers[GP]
    return physical or (line.modifiers[CO] == 1 and not line.modifiers[GO])
