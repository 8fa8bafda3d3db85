"""Split care of a procedure that has no days to divide.

What it checks
--------------
54, 55 or 56 on a code with global days 000, XXX or ZZZ.

Why it matters
--------------
These modifiers divide the fee of an operation between the surgeon and those who see the patient before or after.
Without 10 or 90 global days the fee schedule has no such shares: they are all zero.

How to fix
----------
Bill the procedure without the modifier, and visits of later days as visits.

Limits
------
Maternity (MMM) and contractor-set days (YYY) are not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import SHARES, bears, count_of
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD018",
    name="split-care-without-global-days",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) has global days {own_global_days}: there is no care before or after to divide.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 54, 55 or 56 from {hcpcs}; bill later visits as visits.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        layout("Attachment A, Global Surgery and the three percentages", "010 and 090 have care before and after"),
    ),
)


def check(line: LineFacts) -> bool:
    """The line is a share of a surgery that has none."""
    if not bears(line) or line.is_measure:
        return False
    return line.global_days in {0, 100, 102} and count_of(line.modifiers, SHARES) > 0
