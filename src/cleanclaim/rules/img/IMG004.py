"""Plain fluoroscopy billed beside a procedure.

What it checks
--------------
Two lines of an NCCI edit in force: Column One is a procedure of the surgery section, Column Two plain fluoroscopy
(76000), and no modifier bypasses the edit. The finding of the edit then says why it exists. Procedures that include
their imaging, or have another code with fluoroscopy, are explained by other rules.

Why it matters
--------------
Fluoroscopy is part of every endoscopy, laparoscopy and arthroscopy, of spinal procedures unless CPT says otherwise,
and of most injections. Column Two is denied.

How to fix
----------
Remove 76000. If fluoroscopy guided another procedure, look first for the guidance code that CPT gives for it (77001,
77002, 77003).

Limits
------
The edit decides; this rule only gives its reason.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, Imaging, LineFacts
from cleanclaim.rules.img.bundle import coded_with_imaging
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import established, stands
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="IMG004",
    name="fluoroscopy-part-of-procedure",
    severity=Severity.DENY,
    scope=Scope.PAIR,
    tables=("ptp", "imaging"),
    message=(
        "Fluoroscopy ({column_two}) is part of most procedures that use it, and with the others a guidance code of "
        "its own is reported instead."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {column_two}. {modifier_advice}.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    explains=("PTP001", "PTP002", "PTP003", "PTP004"),
    citations=(
        manual("IX.D.8", "76000 is integral to most spinal, endoscopic and injection procedures"),
        manual("VI.C.16", "fluoroscopy is integral to all endoscopic procedures"),
        manual("VI.F.7", "fluoroscopy is integral to all laparoscopic procedures"),
        manual("IV.I.16", "fluoroscopy is integral to arthroscopic procedures"),
        manual("VIII.C.20", "76000 is not reported with spinal procedures unless CPT says so"),
    ),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """Column One is surgery that other rules do not explain, Column Two is 76000, and the edit stands."""
    known = one.imaging == Imaging.INCLUDED or coded_with_imaging(one, two)
    return established(edit) and one.surgery and not known and two.fluoroscopy and stands(edit, one, two)
