"""A modifier that had ended by the service date.

What it checks
--------------
The last day that the HCPCS list gives a modifier lies before the service date.

Why it matters
--------------
A modifier must be valid on the day of the service; an ended one makes the line invalid.

How to fix
----------
Use the modifier that took its place, or none. JG, for drugs of the 340B program, gave way to TB in 2025.

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
    code="MOD003",
    name="modifier-no-longer-in-force",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("modifier",),
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT, Setting.NONE),
    message="{hcpcs} bears {odd_modifiers}, which is not in force on {service_date}.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Use on {hcpcs} the modifier that was in force on {service_date}, or none if none is needed.",
    ),
    adjustment=Adjustment("CO", "182", ("N823",)),
    citations=(regulation("45 CFR 162.1000(a)", "code sets valid at the time the health care is furnished"),),
)


def check(line: LineFacts) -> bool:
    """The list gives a modifier of the line a last day before the service."""
    return bears(line) and line.ended_modifier
