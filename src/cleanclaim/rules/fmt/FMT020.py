"""An institutional line without a revenue code.

What it checks
--------------
Every line of an institutional 837 has a revenue code (SV201).

Why it matters
--------------
The revenue code says which department gave the service and how it is paid. The standard requires it; without it the
claim is returned.

How to fix
----------
Enter the four-digit revenue code of the department.

Limits
------
In formats other than 837 an absent code may mean that the file has no place for it.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT020",
    name="no-revenue-code",
    severity=Severity.DENY,
    scope=Scope.LINE,
    settings=(Setting.OUTPATIENT, Setting.NONE),
    message="Line {line_no} ({hcpcs}) has no revenue code.",
    fix=Fix(
        action="correct-code",
        safety="review",
        text="Enter the revenue code of line {line_no}.",
    ),
    adjustment=Adjustment("CO", "16", ("M50",)),
    citations=(x12("2400 SV201", "service line revenue code: required"),),
)


def check(line: LineFacts) -> bool:
    """An institutional 837 line has no revenue code."""
    return line.from_x12 and not line.professional and not line.has_revenue_code
