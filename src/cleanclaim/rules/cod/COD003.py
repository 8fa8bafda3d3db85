"""A HCPCS code that takes effect after the service date.

What it checks
--------------
A HCPCS Level II code whose first day lies after the service date.

Why it matters
--------------
A code is valid from its effective date on, for services of that day, not for claims sent after it. Payers deny it
as not valid on the date of service.

How to fix
----------
Check the service date. If it is right, bill the code that described the service then, or the unlisted code.

Limits
------
The effective date is the one in the newest HCPCS file loaded. A code that CMS later backdates needs that file.
"""

from __future__ import annotations

from cleanclaim.rules.facts import CodeState, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="COD003",
    name="premature-procedure-code",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("hcpcs",),
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT, Setting.NONE),
    message="{hcpcs} is valid from {code_valid_from} on; the service was on {service_date}.",
    fix=Fix(
        action="correct-code",
        safety="review",
        text="Check the service date; if it is right, bill the code that was in force on {service_date}.",
    ),
    adjustment=Adjustment("CO", "181", ("M20", "N56")),
    citations=(regulation("45 CFR 162.1000(a)", "code sets valid at the time the health care is furnished"),),
)


def check(line: LineFacts) -> bool:
    """The code takes effect after the service date."""
    return line.code_state == CodeState.NOT_YET
