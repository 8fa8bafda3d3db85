"""No diagnosis of the line is covered for the service by the contractor's article.

What it checks
--------------
Lines filed with Medicare Part A or B whose code an article of the claim's contractor governs. None of the diagnoses
the line points at (of an institutional claim: none of its diagnoses) is on the article's list, and the article says
that all diagnoses not listed are not covered.

Why it matters
--------------
The contractor's system compares the diagnosis with the list: the line is denied as not medically necessary, and
without a notice signed before the service (ABN) the provider pays.

How to fix
----------
Report the diagnosis that is the reason for the service as exactly as the record allows, and point the line at it. If
it is none of those listed, no choice of code makes the service covered.

Limits
------
The contractor is told by its number as payer, else by ZIP code or state; a claim that shows none of them is not
checked. An export holds the current version of an article only: a service before that version binds is not checked.
Which procedures a group of diagnoses is for is read from the codes its paragraph names; a group that names none
counts for every code of the article. Diagnoses outside ICD-10-CM, and ones not in force (DXV says so), are not
judged. A line with GA or GZ is COV006's, with GY it is denied as billed.
"""

from __future__ import annotations

from cleanclaim.rules.cov.liability import says_itself
from cleanclaim.rules.facts import CoverageOutcome, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="COV001",
    name="diagnosis-not-covered",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mcd",),
    message=(
        "{hcpcs} is billed for {line_diagnoses}, which {article} of Medicare contractor {contractor} does not "
        "cover for it; the article lists all that it covers."
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
    """No diagnosis is on a list that says it is complete."""
    return line.coverage == CoverageOutcome.NOT_COVERED and not says_itself(line)
