"""Modifier 50 on a code that is paid once for both sides.

What it checks
--------------
50 on a code with bilateral indicator 0 or 2, unless the line is a visit or the claim is filed with another payer than
Medicare.

Why it matters
--------------
With 0 the code has no second side, by anatomy or because another code stands for both sides. With 2 its value is for
both sides already. Medicare pays one fee for both.

How to fix
----------
Take 50 off. If the code is for one side and another one stands for both, bill that one.

Limits
------
By the record layout Medicare pays 100 percent of one fee, so this is no certain denial. The indicator is Medicare's:
other payers may take 50 on such a code, so their claims are left alone. A claim that names no payer is judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import M50
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD007",
    name="both-sides-of-undoubled-code",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears 50, but its bilateral indicator is {bilateral}: one fee is paid for both sides.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove 50 from {hcpcs}, or bill the code that stands for both sides.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        layout(
            "Attachment A, Bilateral Surgery (Modifier 50)",
            "indicators 0 and 2: 100 percent of the fee for a single code",
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """The line bears 50, and the fee schedule, where it binds the payer, does not pay more for it."""
    if (
        line.medicare == 0
        or not bears(line)
        or not line.modifiers[M50]
        or line.evaluation_and_management
        or line.is_measure
    ):
        return False
    return line.bilateral in {0, 2} and not line.surgery_center
