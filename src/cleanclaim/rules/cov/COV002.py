"""Every diagnosis of the line is one that the contractor's article names as not covered.

What it checks
--------------
Lines filed with Medicare Part A or B whose code an article of the claim's contractor governs. Every diagnosis the
line points at (of an institutional claim: each of its diagnoses) stands on the article's list of diagnoses that do
not support the service.

Why it matters
--------------
The line is denied as not medically necessary; the article says so in so many codes.

How to fix
----------
Report the diagnosis that is the reason for the service, if it is another and the record documents it.

Limits
------
The contractor is told by its number as payer, else by ZIP code or state; a claim that shows none of them is not
checked. An export holds the current version of an article only: a service before that version binds is not checked.
Which procedures a group of diagnoses is for is read from the codes its paragraph names; a group that names none
counts for every code of the article. Diagnoses outside ICD-10-CM, and ones not in force (DXV says so), are not
judged. A list whose paragraph sets a condition is never more than COV003.
"""

from __future__ import annotations

from cleanclaim.rules.cov.liability import says_itself
from cleanclaim.rules.facts import CoverageOutcome, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="COV002",
    name="diagnosis-named-as-not-covered",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mcd",),
    message=(
        "{hcpcs} is billed for {line_diagnoses}, which {article} of Medicare contractor {contractor} names as not "
        "covered."
    ),
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text=(
            "If the record documents a diagnosis that {article} covers, report it and point {hcpcs} at it. "
            "Otherwise the patient must be told in writing before the service (GA), or the line be billed as not "
            "necessary (GZ)."
        ),
    ),
    adjustment=Adjustment("CO", "50", ("N115",)),
    citations=(regulation("42 CFR 411.15(k)(1)", "no payment for services that are not reasonable and necessary"),),
    payers=("medicare",),
)


def check(line: LineFacts) -> bool:
    """Every diagnosis is on the list of those not covered."""
    return line.coverage == CoverageOutcome.NAMED_NOT_COVERED and not says_itself(line)
