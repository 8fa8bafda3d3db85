"""A Category II modifier on another code.

What it checks
--------------
Modifier 1P, 2P, 3P or 8P on a code that is no Category II code.

Why it matters
--------------
These modifiers say why a performance measure was not met. On a visit or procedure they mean nothing, and the payer
returns the line as an invalid combination.

How to fix
----------
Move the modifier to the Category II code it belongs to, or remove it.

Limits
------
The rule is the custom of the trade, so it is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import CodeKind, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.qlt.modifiers import measure_modifiers
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="QLT005",
    name="measure-modifier-on-service",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) is no Category II code: 1P, 2P, 3P and 8P do not apply to it.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 1P, 2P, 3P or 8P from {hcpcs}, or move it to the Category II code it belongs to.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(convention("1P, 2P, 3P and 8P are used with Category II codes only"),),
)


_OTHERS = (CodeKind.CATEGORY_II, CodeKind.MALFORMED, CodeKind.ABSENT)
"""Kinds of code of which nothing is said here. A tuple, since a set of enum members cannot be compiled."""


def check(line: LineFacts) -> bool:
    """A well-formed code of another kind bears one of the four modifiers."""
    if not line.is_hcpcs or line.code_kind in _OTHERS:
        return False
    return measure_modifiers(line.modifiers) > 0
