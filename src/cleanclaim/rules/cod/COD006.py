"""A service that Medicare does not cover.

What it checks
--------------
A charge to Medicare for a code whose fee-schedule row (the one with the line's modifier) has status N, without
modifier GY.

Why it matters
--------------
Part B denies a status N service. Most are excluded by statute and are the patient's to pay, or belong to a drug plan
(Part D), as several vaccines do; the patient should learn that before the service, not from the denial.

How to fix
----------
Bill the patient, or the plan that covers the service. If a Medicare denial is wanted for another insurer, add GY
(and GX where the patient signed a voluntary notice).

Limits
------
With GY the denial is asked for, and nothing is reported. Who pays depends on why the service is not covered: one
denied as not reasonable and necessary is the provider's unless an ABN was signed. Claims filed with other payers,
Medicare Advantage plans among them, are not judged: they cover preventive visits, vaccines and hearing aids that
Medicare does not. A line at 0.00 or 0.01 is not reported.
"""

from __future__ import annotations

from cleanclaim.rules.cod.status import NON_COVERED, charged_to_medicare
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import GY
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="COD006",
    name="non-covered-service",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} has status N: Medicare Part B does not cover it.",
    fix=Fix(
        action="bill-elsewhere",
        safety="review",
        text="Bill {hcpcs} to the patient or another insurer; add GY only if a Medicare denial is wanted for it.",
    ),
    adjustment=Adjustment("PR", "96", ("N130", "N425")),
    citations=(layout("Attachment A, status N", "non-covered services"),),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code of status N, and GY does not ask for the denial."""
    return charged_to_medicare(line, NON_COVERED) and not line.modifiers[GY]
