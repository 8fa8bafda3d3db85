"""A code that is not valid for Medicare.

What it checks
--------------
A charge to Medicare for a code whose fee-schedule row (the one with the line's modifier) has status I. Quality
measure codes, many of which have this status, are left to the QLT family.

Why it matters
--------------
Medicare uses another code for the service and returns this one: consultations, S codes and drug-test codes are the
usual ones. The line is not processed until the code is changed.

How to fix
----------
Bill the code Medicare uses for the service, often a G code or the visit itself.

Limits
------
The fee schedule says that another code is used, not which; where the HCPCS file refers a code to another, the finding
names that one. Claims filed with other payers, Medicare Advantage plans among them, are not judged: most commercial
plans pay S codes and some pay consultations. A line at 0.00 or 0.01 is not reported.
"""

from __future__ import annotations

from cleanclaim.rules.cod.status import INVALID_FOR_MEDICARE, charged_to_medicare
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="COD005",
    name="code-not-valid-for-medicare",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} has status I: it is not valid for Medicare, which uses another code for the service.",
    fix=Fix(
        action="correct-code",
        safety="review",
        text="Replace {hcpcs} by the code Medicare uses for the service{referred_to}.",
    ),
    adjustment=Adjustment("CO", "16", ("M51", "N56"), appealable=False),
    citations=(layout("Attachment A, status I", "not valid for Medicare purposes; Medicare uses another code"),),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code of status I that is no quality measure."""
    return charged_to_medicare(line, INVALID_FOR_MEDICARE)
