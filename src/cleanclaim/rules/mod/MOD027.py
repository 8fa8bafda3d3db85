"""Modifier 57 on a visit beside minor procedures only.

What it checks
--------------
57 on a visit of a day on which the provider bills procedures with global days 000 or 010 and none with 090, without 25
on the visit.

Why it matters
--------------
57 is for the decision on a major procedure, that day or the day before. The decision for a minor one is part of it; a
visit beyond it bears 25.

How to fix
----------
If the visit was significant and separate, use 25. If a major procedure follows the next day, 57 is right.

Limits
------
A major procedure of the next day, or of another claim, is not looked for, so this is review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M25, M57
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD027",
    name="decision-modifier-with-minor-procedure",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} bears 57, but the procedures of {service_date} have global days 000 or 010: 25 is the modifier there."
    ),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text=(
            "Use 25 on {hcpcs} if the visit was significant and separate; keep 57 if a major procedure follows the "
            "next day."
        ),
    ),
    adjustment=Adjustment("CO", "97", ("M144",)),
    citations=(manual("I.D", "57 for the decision on major surgery; minor surgery includes the decision"),),
)


def check(line: LineFacts) -> bool:
    """A visit bears 57, and only minor procedures are there."""
    if not bears(line) or not line.evaluation_and_management or not line.modifiers[M57] or line.modifiers[M25]:
        return False
    return line.minor_procedure_present and not line.major_procedure_present
