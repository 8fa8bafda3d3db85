"""A service line without units.

What it checks
--------------
A line of an 837 that gives no quantity (SV104, SV205), and in any format a line with a procedure that bills a
quantity of zero.

Why it matters
--------------
Nothing is billed by a line of no units: it is rejected, or processed and paid at zero.

How to fix
----------
Enter the units, days or minutes that the record shows. A service done once is one unit.

Limits
------
In formats other than 837 an absent quantity may mean that the file has no place for it, and is not reported.
Lines of revenue codes without a procedure may count zero.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT008",
    name="no-units",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="Line {line_no} bills no units.",
    fix=Fix(
        action="correct-units",
        safety="review",
        text="Enter the units that the record shows on line {line_no}; a service done once is 1.",
    ),
    adjustment=Adjustment("CO", "16", ("M53",)),
    settings=tuple(Setting),
    citations=(x12("2400 SV104, SV205", "service unit count: required"),),
)


def check(line: LineFacts) -> bool:
    """The quantity is missing from an 837 line, or is zero on a line with a procedure."""
    missing = line.units < 0 and line.minutes < 0
    zero = line.units == 0 or line.minutes == 0
    return (missing and line.from_x12) or (zero and line.is_hcpcs)
