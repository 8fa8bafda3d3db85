"""A reduced or stopped endoscopy beside an open procedure of its region.

What it checks
--------------
An endoscopy with 52 or 53 on the day of a procedure with 90 global days that is no endoscopy, in the same region of
the body, by the same provider, where no pair edit is published between the two.

Why it matters
--------------
An endoscopy that fails and is converted to an open procedure is not reported: only the open procedure is.

How to fix
----------
If the open procedure took the place of the endoscopy, remove the endoscopy.

Limits
------
That one was converted to the other is for the operative report to say. Regions are told by the order of CPT, which is
convention.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M52, M53
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="END004",
    name="stopped-endoscopy-with-open-procedure",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} ({modifiers}) was not completed, and {open_procedure} was done the same day: if it was converted,"
        " only the open procedure is reported."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Remove {hcpcs} if it was converted to {open_procedure}.",
    ),
    adjustment=Adjustment("CO", "97", ("M15",)),
    citations=(
        manual("VI.C.13", "an endoscopy that fails and is converted: only the open procedure"),
        manual("I.C.13"),
    ),
)


def check(line: LineFacts) -> bool:
    """The endoscopy was not completed, and an open procedure is there."""
    if not line.endoscopy or not line.open_procedure_present:
        return False
    return line.modifiers[M52] + line.modifiers[M53] > 0
