"""A quality measure code at no charge.

What it checks
--------------
A quality measure code (Category II, or fee-schedule status M) billed at 0.00 or 0.01.

Why it matters
--------------
The line is in order. The remittance will carry CARC 246 with N620 for it, which is information and no denial to
work.

How to fix
----------
Nothing is to be done. Keep these lines out of denial rates.

Limits
------
Whether the measure fits the visit and the patient is not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="QLT002",
    name="measure-code-at-no-charge",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} reports quality: the 835 will answer CARC 246, which is no denial.",
    fix=Fix(action="none", safety="safe", text="Nothing is to be done."),
    adjustment=Adjustment("CO", "246", ("N620",), appealable=False),
    citations=(convention("a measure code is billed at 0.00, or 0.01 where software refuses zero"),),
)


def check(line: LineFacts) -> bool:
    """A measure code is billed at no charge."""
    return line.is_measure and 0 <= line.charge_cents <= 1
