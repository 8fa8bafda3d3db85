"""A diagnosis that needs more characters.

What it checks
--------------
Every ICD-10-CM code of the claim is one that may be billed on the date of service (of an inpatient claim: on the
date of discharge), and not the heading of more specific codes.

Why it matters
--------------
A code is invalid until it has all characters that the tabular list gives it. One such code anywhere on the claim is
enough to have it rejected.

How to fix
----------
Choose the code below the heading that the record supports: site, side, severity, encounter.

Limits
------
A code padded with X that lacks its seventh character (T21.55X) is no heading of the list, but counts as one here.
Silent where no list in force on the date is loaded.
"""

from __future__ import annotations

from cleanclaim.rules.facts import DiagnosisFacts, DxState
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="DXV002",
    name="diagnosis-not-billable",
    severity=Severity.DENY,
    scope=Scope.DIAGNOSIS,
    tables=("icd10cm",),
    message="{icd10cm} ({diagnosis}) is a heading and needs more characters to be billed.",
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text="Replace {icd10cm} by the more specific code under it that the record supports.",
    ),
    adjustment=Adjustment("CO", "146", ("M76", "M64")),
    settings=tuple(Setting),
    citations=(regulation("45 CFR 162.1000(a)", "codes must be valid when the care is furnished"),),
)


def check(dx: DiagnosisFacts) -> bool:
    """The list in force on the date has the code as a heading."""
    return dx.is_icd10cm and dx.state == DxState.NOT_BILLABLE
