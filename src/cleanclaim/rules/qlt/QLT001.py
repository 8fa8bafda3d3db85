"""A quality measure code with a charge.

What it checks
--------------
A charge above 0.01 to Medicare on a quality measure code: Category II (four digits and F), or a code of
fee-schedule status M, as the MIPS G codes are.

Why it matters
--------------
Measure codes report what was done and are never paid. The charge is denied, and it inflates what the claim seems
to be worth.

How to fix
----------
Bill the measure code at 0.00, or at 0.01 where the software refuses zero. What was done for the patient is paid by
the visit or procedure beside it.

Limits
------
Claims filed with other payers, Medicare Advantage plans among them, are QLT003's: some of them pay for measures. An
unknown charge is not judged.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.cod.status import INVALID_FOR_MEDICARE
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, layout
from cleanclaim.types import Adjustment, Citation, Fix, Setting, Severity

_STATUS_M: Final = layout("Attachment A, status M", "measurement codes, used for reporting purposes only")
_STATUS_I: Final = layout("Attachment A, status I", "not valid for Medicare purposes")
_AT_NO_CHARGE: Final = convention("a measure code is billed at 0.00, or 0.01 where software refuses zero")


def _of_status(line: LineFacts) -> tuple[Citation, ...]:
    """Most Category II codes have status I on the fee schedule, the others and the measures of MIPS status M."""
    status = _STATUS_I if line.status_indicator == INVALID_FOR_MEDICARE else _STATUS_M
    return (status, _AT_NO_CHARGE)


RULE = Rule(
    code="QLT001",
    name="measure-code-with-charge",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is a quality measure code, charged at {charge}: Medicare never pays it.",
    fix=Fix(action="correct-charge", safety="safe", text="Bill {hcpcs} at 0.00, or 0.01 if zero is refused."),
    adjustment=Adjustment("CO", "246", ("N620",)),
    citations=(_STATUS_M, _STATUS_I, _AT_NO_CHARGE),
    cites=_of_status,
)


def check(line: LineFacts) -> bool:
    """Medicare is charged more than 0.01 for a measure code."""
    return line.is_measure and line.charge_cents > 1 and line.medicare != 0
