"""A HCPCS code that ended before the service date.

What it checks
--------------
A HCPCS Level II code whose termination date lies before the service date.

Why it matters
--------------
The termination date is the last day on which the code may be used; there is no grace period. Payers deny it as
not valid on the date of service.

How to fix
----------
Bill the code that stood for the service on its day. The HCPCS file refers one ended code in six to another, which the
finding names; the others were split, or taken into other codes, or ended without one.

Limits
------
CPT codes carry no termination date in any file loaded here: a deleted CPT code is found by COD001, as one that the
list in force no longer has.
"""

from __future__ import annotations

from cleanclaim.rules.facts import CodeState, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="COD002",
    name="ended-procedure-code",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("hcpcs",),
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT, Setting.NONE),
    message="{hcpcs} was last valid on {code_valid_to}; the service was on {service_date}.",
    fix=Fix(
        action="correct-code",
        safety="review",
        text="Bill the code that stood for the service on {service_date}{referred_to}.",
    ),
    adjustment=Adjustment("CO", "181", ("M20", "N56")),
    citations=(regulation("45 CFR 162.1000(a)", "code sets valid at the time the health care is furnished"),),
)


def check(line: LineFacts) -> bool:
    """The code ended before the service date."""
    return line.code_state == CodeState.ENDED
