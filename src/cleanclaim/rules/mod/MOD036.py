"""Modifier 53 on an outpatient hospital's claim.

What it checks
--------------
53 on an outpatient claim of a hospital.

Why it matters
--------------
53 says that the physician stopped the procedure. The hospital says 73 before, 74 after anesthesia was given, and is
paid half or all by it.

How to fix
----------
Use 73 or 74; where no anesthesia was planned, 52.

Limits
------
The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.modifiers import M53
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD036",
    name="physician-modifier-of-facility",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.OUTPATIENT,),
    message="{hcpcs} bears 53 on a hospital's claim: 73 and 74 are its modifiers for a procedure that was stopped.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Use 73 (before anesthesia), 74 (after) or 52 (none was planned) on {hcpcs}.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(convention("hospitals report 73 and 74, not 53"),),
)


def check(line: LineFacts) -> bool:
    """A hospital's line bears 53."""
    return bears(line) and not line.evaluation_and_management and line.modifiers[M53] == 1
