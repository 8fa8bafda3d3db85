"""Imaging billed beside imaging that contains it.

What it checks
--------------
Two lines of an NCCI edit in force that are both imaging: Column One a radiological supervision and interpretation
(S&I) or a guidance code, Column Two fluoroscopy, ultrasound or another guidance code; no modifier bypasses the edit.
The finding of the edit then says why it exists.

Why it matters
--------------
An S&I, and a guidance code, include every image that is needed to complete the service. Column Two is denied.

How to fix
----------
Keep the more specific code and remove the other. Where the modifier indicator is 1 and the second imaging served
another procedure of the day, bill it with the modifier that says so.

Limits
------
Only codes that the imaging-guidance table knows as imaging are recognised.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import EditFacts, Imaging, LineFacts
from cleanclaim.rules.img.bundle import is_imaging
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import established, stands
from cleanclaim.types import Adjustment, Citation, Fix, Severity

_COMPLETE: Final = manual("IX.H.12", "S&I and guidance codes include all radiological services needed to complete them")
_OF_SUPERVISION: Final = manual("IX.C.5", "fluoroscopy is inherent in radiological supervision and interpretation")


def _of_pair(_edit: EditFacts, one: LineFacts, _two: LineFacts) -> tuple[Citation, ...]:
    supervised = one.imaging == Imaging.IS_SUPERVISION_AND_INTERPRETATION
    return (_COMPLETE, _OF_SUPERVISION) if supervised else (_COMPLETE,)


RULE = Rule(
    code="IMG003",
    name="imaging-within-imaging",
    severity=Severity.DENY,
    scope=Scope.PAIR,
    tables=("ptp", "imaging"),
    message=(
        "{column_one} is imaging itself and includes all images needed to complete it, those of {column_two} among "
        "them."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {column_two}. {modifier_advice}.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    explains=("PTP001", "PTP002", "PTP003", "PTP004"),
    citations=(_COMPLETE, _OF_SUPERVISION),
    cites=_of_pair,
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """Both lines are imaging, and the edit stands."""
    return established(edit) and is_imaging(one) and is_imaging(two) and stands(edit, one, two)
