"""No diagnosis of the line is on the list of the contractor's article for the service.

What it checks
--------------
Lines filed with Medicare Part A or B whose code an article of the claim's contractor governs. None of the diagnoses
the line points at (of an institutional claim: none of its diagnoses) supports the code by the article's lists: it is
on none of them, or only on one for other procedures, or on a list of diagnoses not covered under a condition told in
prose.

Why it matters
--------------
Contractors deny what their lists do not support, mostly automatically. The columns of the database do not say so for
this article, so a coder must read it.

How to fix
----------
Read the article. Report the diagnosis that is the reason for the service as exactly as the record allows, and point
the line at it.

Limits
------
The contractor is told by its number as payer, else by ZIP code or state; a claim that shows none of them is not
checked. An export holds the current version of an article only: a service before that version binds is not checked.
Which procedures a group of diagnoses is for is read from the codes its paragraph names; a group that names none
counts for every code of the article. Diagnoses outside ICD-10-CM, and ones not in force (DXV says so), are not
judged. Where the article says that its list is complete, COV001 says so.
"""

from __future__ import annotations

from cleanclaim.rules.cov.liability import says_itself
from cleanclaim.rules.facts import CoverageOutcome, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="COV003",
    name="diagnosis-not-on-the-list",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mcd",),
    message=(
        "{hcpcs} is billed for {line_diagnoses}, which {article} of Medicare contractor {contractor} does not list"
        " as supporting it."
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
    """Not listed for the code, by an article that does not close its list."""
    return line.coverage == CoverageOutcome.NOT_LISTED and not says_itself(line)
