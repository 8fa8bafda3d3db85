"""A laboratory modifier on another service.

What it checks
--------------
90, 91, 92 or QW on a CPT code that is no laboratory test, unless a pair edit of the line says so already.

Why it matters
--------------
91 repeats a test to follow its result, 90 names an outside laboratory, QW a test waived under CLIA. A procedure is
repeated with 76 or 77.

How to fix
----------
For a repeated procedure use 76 or 77, for a distinct one 59 or an X modifier; otherwise take it off.

Limits
------
HCPCS Level II codes are not looked at, since no table at hand says which of them are tests.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import LABORATORY, bears, count_of, is_cpt_service
from cleanclaim.rules.model import Rule, Scope, convention, manual
from cleanclaim.rules.modifiers import M91
from cleanclaim.types import Adjustment, Citation, Fix, Severity

_REPEATED: Final = manual("I.M", "91: a repeated clinical diagnostic laboratory test")
_OTHERS: Final = convention("90, 92 and QW are used on laboratory tests")


def _of_modifier(line: LineFacts) -> tuple[Citation, ...]:
    return (_REPEATED,) if line.modifiers[M91] else (_OTHERS,)


RULE = Rule(
    code="MOD031",
    name="laboratory-modifier-on-other-service",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) is no laboratory test, to which the modifier belongs.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Replace the modifier of {hcpcs} by the one that fits a procedure (76, 77, 59), or remove it.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(_REPEATED, _OTHERS),
    cites=_of_modifier,
)


def check(line: LineFacts) -> bool:
    """A CPT service that is no test bears a modifier of tests."""
    if not bears(line) or line.laboratory or line.modifier_cannot_bypass:
        return False
    return is_cpt_service(line) and count_of(line.modifiers, LABORATORY) > 0
