"""A quality measure code charged to a payer other than Medicare.

What it checks
--------------
A charge above 0.01 on a quality measure code (Category II, or fee-schedule status M) of a claim that is filed with
another payer than Medicare.

Why it matters
--------------
Most plans never pay measure codes. A few pay a set amount for some of them under a quality programme, once a year
or with a visit; outside of it the charge is denied.

How to fix
----------
Look up the plan's programme. If it pays the code, bill what it asks for; otherwise bill 0.00, or 0.01 where the
software refuses zero.

Limits
------
The plan's own programme decides, and it is not known here.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="QLT003",
    name="measure-code-charged-to-plan",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is a quality measure code, charged at {charge}: only some plans' quality programmes pay it.",
    fix=Fix(
        action="correct-charge",
        safety="review",
        text="Bill {hcpcs} at 0.00, or 0.01 if zero is refused, unless the plan's programme pays it.",
    ),
    adjustment=Adjustment("CO", "246", ("N620",)),
    citations=(convention("a measure code is billed at 0.00 unless a plan's quality programme pays it"),),
)


def check(line: LineFacts) -> bool:
    """Another payer than Medicare is charged more than 0.01 for a measure code."""
    return line.is_measure and line.charge_cents > 1 and line.medicare == 0
