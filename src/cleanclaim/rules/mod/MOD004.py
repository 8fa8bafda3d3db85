"""A modifier that was not yet in force on the service date.

What it checks
--------------
The first day that the HCPCS list gives a modifier lies after the service date.

Why it matters
--------------
A modifier must be valid on the day of the service. JZ on a drug given in 2022 says what nobody could say then.

How to fix
----------
Remove it, or use the one that was in force.

Limits
------
The modifiers of CPT are in no table with dates, so theirs are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD004",
    name="modifier-not-yet-in-force",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("modifier",),
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT, Setting.NONE),
    message="{hcpcs} bears {odd_modifiers}, which is not yet in force on {service_date}.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Use on {hcpcs} the modifier that was in force on {service_date}, or none if none is needed.",
    ),
    adjustment=Adjustment("CO", "182", ("N823",)),
    citations=(regulation("45 CFR 162.1000(a)", "code sets valid at the time the health care is furnished"),),
)


def check(line: LineFacts) -> bool:
    """The list gives a modifier of the line a first day after the service."""
    return bears(line) and line.future_modifier
