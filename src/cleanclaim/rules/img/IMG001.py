"""Imaging guidance billed beside a procedure that includes it.

What it checks
--------------
Two lines of an NCCI edit in force: Column One is a procedure that includes its imaging guidance, Column Two a
guidance code or a radiological supervision and interpretation (S&I), and no modifier bypasses the edit. The finding
of the edit then says why it exists.

Why it matters
--------------
The procedure's code and payment already hold the guidance. Column Two is denied, and the patient cannot be billed
for it.

How to fix
----------
Remove the guidance line. Where the modifier indicator is 1 and the imaging served another procedure of the day, bill
it with the modifier that says so; with indicator 0 (74360 with 43213, 43214 or 43233) there is no such case.

Limits
------
Families of procedures are those of the imaging-guidance table, with the authority each rests on. Of a procedure that
is not in it nothing is said here, though its edits are checked all the same.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, Imaging, LineFacts
from cleanclaim.rules.img.bundle import is_imaging
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import established, stands
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="IMG001",
    name="guidance-already-included",
    severity=Severity.DENY,
    scope=Scope.PAIR,
    tables=("ptp", "imaging"),
    message=(
        "{column_one} includes its imaging guidance ({imaging_modality_one}), so {column_two} is not paid for the "
        "same procedure."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {column_two}. {modifier_advice}.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    explains=("PTP001", "PTP002", "PTP003", "PTP004"),
    citations=(
        manual("IX.H.22", "imaging that is integral to another procedure of the encounter is not reported"),
        manual("IX.D.3", "guidance and localization are included unless CPT gives a code for them"),
    ),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """Column One includes its imaging, Column Two is imaging, and the edit stands."""
    return established(edit) and one.imaging == Imaging.INCLUDED and is_imaging(two) and stands(edit, one, two)
