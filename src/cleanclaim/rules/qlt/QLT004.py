"""A modifier that a Category II code does not take.

What it checks
--------------
A Category II code (four digits and F) with any modifier other than 1P, 2P, 3P and 8P.

Why it matters
--------------
The exclusion modifiers are all that a measure code can bear. Another one says something of a service that is paid;
the registry or payer drops the line, and the measure does not count.

How to fix
----------
Remove the modifier, or move it to the service it was meant for. Use 1P, 2P or 3P where the measure was not met for a
medical, patient or system reason, 8P where no reason is recorded.

Limits
------
The rule is the custom of the trade, so it is never more than review. MIPS G codes are not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.facts import CodeKind, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.qlt.modifiers import measure_modifiers
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="QLT004",
    name="service-modifier-on-measure-code",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) is a Category II code, which takes no modifier but 1P, 2P, 3P and 8P.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove the other modifier from {hcpcs}, or move it to the service it was meant for.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(convention("Category II codes take 1P, 2P, 3P and 8P only"),),
)


def check(line: LineFacts) -> bool:
    """A Category II code bears a modifier that is none of its own; a repeated one is not counted as another."""
    if line.code_kind != CodeKind.CATEGORY_II or line.repeated_modifier:
        return False
    return line.modifier_count > measure_modifiers(line.modifiers)
