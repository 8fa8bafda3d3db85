"""A procedure code that is not on the list in force.

What it checks
--------------
A code that the whole list for its kind, in force on the service date, does not have: HCPCS Level II for a letter
and four digits, the physician fee schedule for CPT codes, whose file lists paid and unpaid codes alike.

Why it matters
--------------
Every payer must use the code set that is valid when the care is given (45 CFR 162.1000). A code outside it is
returned or denied, whatever was done.

How to fix
----------
Look for a mistyped digit, then for the code that replaced a deleted one. Bill the code that was in force on the
service date.

Limits
------
Codes for which no whole list is loaded are not judged: dental codes, which the ADA publishes, and laboratory
analyses ending in U or M, which the fee schedule leaves out. A fee schedule is taken as the list of CPT codes in
its own quarter only: later quarters add codes.
"""

from __future__ import annotations

from cleanclaim.rules.facts import CodeState, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="COD001",
    name="unknown-procedure-code",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("hcpcs",),
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT, Setting.NONE),
    message="{hcpcs} is not on the list of codes in force on {service_date}: mistyped, deleted, or not yet in use.",
    fix=Fix(
        action="correct-code",
        safety="review",
        text="Check the digits of {hcpcs} against the record, and bill the code that was in force on {service_date}.",
    ),
    adjustment=Adjustment("CO", "181", ("M51", "N56")),
    citations=(regulation("45 CFR 162.1000(a)", "code sets valid at the time the health care is furnished"),),
)


def check(line: LineFacts) -> bool:
    """The whole list in force does not have the code."""
    return line.code_state == CodeState.UNKNOWN_CODE
