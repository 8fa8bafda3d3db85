"""A pair of an outpatient claim that the practitioner edits never pay together.

What it checks
--------------
Two lines of an outpatient hospital claim when no outpatient edits are loaded for its date, and the practitioner edits
bundle the pair with modifier indicator 0.

Why it matters
--------------
Hospitals have a table of their own, which agrees with the practitioner's on most pairs. A pair that no modifier can
separate for a physician is rarely payable for the hospital.

How to fix
----------
Load the outpatient edits of the quarter: cleanclaim data update ncci-ptp-outpatient. If the pair is there, bill the
Column One code only.

Limits
------
The claim stays not checked against the edits that bind it; that is why this is review. Pairs with indicator 1 are left
out, since the two tables differ most there.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.ptp.bypass import excluded
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PTP006",
    name="pair-bundled-for-practitioners",
    severity=Severity.REVIEW,
    scope=Scope.PAIR,
    tables=("ptp",),
    settings=(Setting.OUTPATIENT,),
    message=(
        "{column_two} (line {line_two}) {bundling} {column_one} (line {line_one}) in the practitioner edits; the "
        "outpatient edits, which decide, are not loaded."
    ),
    fix=Fix(
        action="load-release",
        safety="review",
        text="Load the outpatient edits (ncci-ptp-outpatient) and check again; expect {column_two} to be denied.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(convention("outpatient hospital edits agree with the practitioner's on most pairs"),),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit is borrowed from the practitioner table, had begun, and no modifier bypasses it."""
    return edit.borrowed and edit.start_known and edit.modifier_indicator == 0 and not excluded(one, two)
