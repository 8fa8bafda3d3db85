"""A modifier on no list we have.

What it checks
--------------
Two digits that are no modifier of CPT; a modifier with a letter that the HCPCS list in force does not have, on a claim
of another payer than Medicare; and what has not the two characters of a modifier.

Why it matters
--------------
Most payers return or deny a line with a modifier they do not know. Digits are often a place of service, a unit count
or a modifier with two digits turned around.

How to fix
----------
Compare the modifier with the record and with the payer's own list, and correct it.

Limits
------
CPT's modifiers are in no published table; the names used are those of 2026, so a later one would be questioned. Some
Medicaid programs have modifiers of their own, so this is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD002",
    name="unlisted-modifier",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT, Setting.NONE),
    message=(
        "{hcpcs} bears {odd_modifiers}, which is no modifier of CPT or of the HCPCS list in force on {service_date}."
    ),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Replace {odd_modifiers} on {hcpcs} by the modifier that was meant, or remove it.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(convention("the modifiers of CPT, by number"),),
)


def check(line: LineFacts) -> bool:
    """A modifier is on no list, and it is not certain that the payer has none of its own."""
    return bears(line) and (line.unlisted_modifier or (line.unknown_modifier and line.medicare != 1))
