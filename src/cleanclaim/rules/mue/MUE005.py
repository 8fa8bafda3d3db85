"""A code of which Medicare would pay no unit, on a claim that does not say who pays.

What it checks
--------------
A line whose code has a medically unlikely edit (MUE) of 0 in the setting of the claim, where the claim does not say
with whom it is filed.

Why it matters
--------------
Medicare denies every unit of such a code. Other payers pay for many of them, preventive visits among them.

How to fix
----------
If the claim goes to Medicare, report the code that Medicare pays instead, or remove the line. For another payer,
nothing needs to be done; state the payer (filing indicator, SBR09) and the line is not reported again.

Limits
------
Whether the code is payable is for the payer to say, so this is never more than review. A code whose list or
fee-schedule status already denies it is left to COD001 to COD008.
"""

from __future__ import annotations

from cleanclaim.rules.facts import UNKNOWN, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.mue.zero import charged_at_zero_limit
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MUE005",
    name="zero-unit-limit-unknown-payer",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mue",),
    message="{hcpcs} has a unit limit of 0 with Medicare in this setting, and the claim does not say who pays it.",
    fix=Fix(
        action="review-payer",
        safety="review",
        text="State the payer. If it is Medicare, remove {hcpcs} or report the code that Medicare pays instead.",
    ),
    adjustment=Adjustment("CO", "151", ("N362",)),
    citations=(manual("I.V", "a limit of 0: invalid, not covered, bundled, not separately payable or excluded"),),
)


def check(line: LineFacts) -> bool:
    """A code whose limit is 0 is charged to a payer the claim does not state."""
    return line.medicare == UNKNOWN and charged_at_zero_limit(line)
