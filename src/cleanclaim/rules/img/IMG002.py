"""The code without imaging, billed with separate guidance.

What it checks
--------------
Two lines of an NCCI edit in force: Column One is the code of a procedure done without imaging, Column Two a guidance
code or a radiological supervision and interpretation (S&I), and another code says the procedure with imaging of Column
Two's modality; no modifier bypasses the edit. The finding of the edit then names the code that was probably meant.

Why it matters
--------------
One of the two lines is wrong. If imaging guided the procedure, the code with imaging describes it whole; billed as
it stands, the guidance is denied and the procedure is paid as if it had been done blind.

How to fix
----------
If the record shows that imaging guided this procedure, with its images kept, replace both lines by the code with
imaging. If the guidance served another procedure, bill it with the modifier that says so. Otherwise remove it.

Limits
------
Which code has imaging is the descriptor's matter; the families are those of the imaging-guidance table. Where no code
has Column Two's modality, as with fluoroscopy beside 20610, whose code with imaging is for ultrasound, nothing is said.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.img.bundle import coded_with_imaging, is_imaging
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import established, stands
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="IMG002",
    name="guidance-with-code-without-imaging",
    severity=Severity.DENY,
    scope=Scope.PAIR,
    tables=("ptp", "imaging"),
    message=(
        "{column_one} is the code for the procedure without imaging. With imaging as by {column_two} the code is "
        "{imaging_partner_one}, which includes the guidance."
    ),
    fix=Fix(
        action="replace-code",
        safety="review",
        text=(
            "If the record shows that imaging guided the procedure, replace {column_one} by {imaging_partner_one} and "
            "remove {column_two}. If not, remove {column_two}."
        ),
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    explains=("PTP001", "PTP002", "PTP003", "PTP004"),
    citations=(manual("IX.H.22", "imaging that is integral to another procedure of the encounter is not reported"),),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """Column One is the code without imaging, Column Two imaging with which it has another, and the edit stands."""
    return established(edit) and coded_with_imaging(one, two) and is_imaging(two) and stands(edit, one, two)
