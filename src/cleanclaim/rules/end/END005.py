"""A diagnostic endoscopy on the day of an open procedure of its region.

What it checks
--------------
An endoscopy that is the base of its family, completed, on the day of a procedure with 90 global days that is no
endoscopy, in the same region of the body, by the same provider, where no pair edit is published between the two and
the open procedure lacks 58.

Why it matters
--------------
If the endoscopy decided that the open procedure was needed, it is reported, with 58 on the open procedure. If it only
looked at the landmarks or the extent of disease, it is part of the open procedure.

How to fix
----------
Read the operative report: add 58 to the open procedure, or remove the endoscopy.

Limits
------
Why the endoscopy was done, and whether the two have to do with each other, is for the record to say. Regions are told
by the order of CPT, which is convention.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M52, M53
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="END005",
    name="diagnostic-endoscopy-before-open-procedure",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} and {open_procedure} were done the same day: if the endoscopy decided on it, 58 belongs on "
        "{open_procedure}; if it only assessed, {hcpcs} is included."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Add 58 to {open_procedure} if {hcpcs} decided on it; remove {hcpcs} if it only assessed.",
    ),
    adjustment=Adjustment("CO", "97", ("M15",)),
    citations=(manual("VI.C.6", "58 where the endoscopy decides on the open procedure"), manual("I.C.13")),
)


def check(line: LineFacts) -> bool:
    """A diagnostic endoscopy stands beside an open procedure without 58."""
    if not line.diagnostic_endoscopy or not line.open_procedure_present or line.open_procedure_staged:
        return False
    return line.modifiers[M52] + line.modifiers[M53] == 0
