"""Two services of a procedure pair that no modifier can separate.

What it checks
--------------
Two lines for one patient, provider and service date whose codes are Column One and Column Two of an NCCI edit
with modifier indicator 0 in force on that date. Both orders of the pair are looked up.

Why it matters
--------------
Medicare pays Column One and denies Column Two, whichever is dearer. No modifier changes that, and the patient
cannot be billed for it: an ABN does not shift an NCCI denial.

How to fix
----------
Report Column One only. If Column Two is what was done, remove Column One. Do not add 59 or an X modifier: with
indicator 0 it is not read.

Limits
------
Medicare takes physicians of one specialty in one group for one. Here lines of one rendering NPI are compared; those of
two practitioners who name the same taxonomy code are the matter of PTP009, for review.
Silent where both lines bear GY: Medicare pays for neither.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import established, excluded
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PTP001",
    name="bundled-procedure-pair",
    severity=Severity.DENY,
    scope=Scope.PAIR,
    tables=("ptp",),
    message=(
        "{column_two} (line {line_two}) {bundling} {column_one} (line {line_one}): the edit denies it on the "
        "same day, and no modifier changes that."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text=(
            "Remove {column_two}, or bill it alone if {column_one} was not done. {screening_advice}Adding 59 or X does "
            "not help."
        ),
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(manual("I.E", "indicator 0: no modifier bypasses the edit"),),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit in force has modifier indicator 0."""
    return established(edit) and edit.modifier_indicator == 0 and not excluded(one, two)
