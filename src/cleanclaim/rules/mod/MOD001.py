"""A modifier that is not on the HCPCS list in force.

What it checks
--------------
Every modifier with a letter, on a claim filed with Medicare, is on the whole HCPCS list that covers the service date,
or is one of CPT's own (1P, 2P, 3P, 8P). Origin and destination letters on ambulance codes are none of it.

Why it matters
--------------
A payer cannot read a modifier that is on no list. Medicare returns the line or denies it as an invalid modifier.

How to fix
----------
Look for a mistyped character: the letter O for zero, the letter I for one. Otherwise find the modifier that was meant.

Limits
------
Judged only where the whole list of the service's quarter is loaded. Other payers may have modifiers of their own,
which is MOD002's matter.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD001",
    name="unknown-modifier",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("modifier",),
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT, Setting.NONE),
    message="{hcpcs} bears {odd_modifiers}, which is not on the list of modifiers in force on {service_date}.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Replace {odd_modifiers} on {hcpcs} by the modifier that was meant, or remove it.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(regulation("45 CFR 162.1002", "HCPCS, with its modifiers, is the code set for services"),),
)


def check(line: LineFacts) -> bool:
    """A claim of Medicare's bears a modifier that the whole list in force does not have."""
    return bears(line) and line.unknown_modifier and line.medicare == 1
