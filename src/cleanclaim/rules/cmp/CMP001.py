"""Modifier 26 or TC on a code that has no such component.

What it checks
--------------
26 or TC on a code that the fee schedule does not divide: PC/TC indicator 0, 2, 3, 4, 5, 7, 8 or 9, and no row for
the code with that modifier. TC on a laboratory test whose interpretation alone can be billed with 26 is one of them.

Why it matters
--------------
A visit or an operation has no technical component, and a code that is already the interpretation (93010) or the
tracing (93005) has nothing to take away. The modifier makes the line invalid.

How to fix
----------
Remove the modifier. If only one share of the test was done, bill the code that stands for it: 93010 for the
interpretation, 93005 for the tracing, 93000 for both. 93000 with 26 is hardly the whole test, so no change is offered
where the code alone would stand for another share than the modifier names.

Limits
------
For codes outside the concept (PC/TC 9) only claims filed with Medicare, or that name no payer, are judged: some
commercial plans take 26 on laboratory tests and on imaging S codes.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import M26, TC
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="CMP001",
    name="component-modifier-on-undivided-code",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) has PC/TC indicator {pc_tc_indicator}: it has no separate component to bill.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="{undivided_advice}.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(layout("Attachment A, PC/TC indicator", "modifiers 26 and TC can be used with indicator 1"),),
)


def check(line: LineFacts) -> bool:
    """The line bears 26 or TC, and the fee schedule neither divides the code nor has a row with the modifier."""
    if line.modifiers[M26] == line.modifiers[TC] or line.is_measure:
        return False
    if not line.has_fee_schedule or line.has_row_for_modifier:
        return False
    if line.pc_tc_indicator == 9:
        return line.medicare != 0
    return line.pc_tc_indicator not in {-1, 1}
