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

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import EditFacts, Imaging, LineFacts
from cleanclaim.rules.img.bundle import coded_with_imaging
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import established, stands
from cleanclaim.types import Adjustment, Citation, Fix, Severity

_OF_MANY: Final = manual("IX.D.8", "76000 is integral to many procedures, among them most spinal and endoscopic ones")
_OF_KINDS: Final = (
    (manual("IV.I.16", "fluoroscopy is integral to arthroscopic procedures"), "29800-29999"),
    (manual("IV.F.6", "76000 is not reported with spinal procedures unless CPT says so"), "22010-22899"),
    (manual("VIII.C.20", "76000 is not reported with spinal procedures unless CPT says so"), "62263-63746"),
    (
        manual("VI.C.16", "fluoroscopy is integral to all endoscopic procedures"),
        "43180-43278 44360-44408 45300-45393 45398-45398 46600-46615 47552-47556",
    ),
    (
        manual("VI.F.7", "fluoroscopy is integral to all laparoscopic procedures"),
        (
            "43279-43289 43644-43659 43770-43775 44180-44188 44202-44213 44227-44238 44970-44979 45395-45397 "
            "45400-45402 45499-45499 47370-47379 47560-47579 49320-49329 49650-49659"
        ),
    ),
)
"""What the manual says of a kind of procedure in its own chapter, with the codes of that kind (published code set)."""


def _numbers(ranges: str) -> tuple[tuple[int, int], ...]:
    ends = [words.split("-") for words in ranges.split()]
    return tuple((code_number(first), code_number(last)) for first, last in ends)


_BY_NUMBER: Final = tuple((cited, _numbers(ranges)) for cited, ranges in _OF_KINDS)


def _of_procedure(_edit: EditFacts, one: LineFacts, _two: LineFacts) -> tuple[Citation, ...]:
    """The general item, and the one of the chapter where Column One is of a kind that has one."""
    of_kind = (cited for cited, ranges in _BY_NUMBER if any(first <= one.code_number <= last for first, last in ranges))
    return (_OF_MANY, *of_kind)


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
    citations=(_OF_MANY, *(cited for cited, _ in _OF_KINDS)),
    cites=_of_procedure,
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """Column One is surgery that other rules do not explain, Column Two is 76000, and the edit stands."""
    known = one.imaging == Imaging.INCLUDED or coded_with_imaging(one, two)
    return established(edit) and one.surgery and not known and two.fluoroscopy and stands(edit, one, two)
