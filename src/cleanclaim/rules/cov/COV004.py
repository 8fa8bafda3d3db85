"""The diagnosis is covered only beside a second one, which is not there.

What it checks
--------------
Lines filed with Medicare Part A or B whose diagnosis the contractor's article lists, but asks for another with it:
its explanation says "must be billed with" and names codes, of which the claim has none; or the group's paragraph asks
for a second diagnosis and the line has no other that the article lists.

Why it matters
--------------
A diagnosis of such a group supports the service only in company; alone it is denied like one that is not listed.

How to fix
----------
Report the second diagnosis too, if the record documents it, and point the line at both.

Limits
------
The contractor is told by its number as payer, else by ZIP code or state; a claim that shows none of them is not
checked. An export holds the current version of an article only: a service before that version binds is not checked.
Which procedures a group of diagnoses is for is read from the codes its paragraph names; a group that names none
counts for every code of the article. Diagnoses outside ICD-10-CM, and ones not in force (DXV says so), are not
judged. Only plain wordings of the article are read, and reading prose is no table row: this rule never says "denied".
"""

from __future__ import annotations

from cleanclaim.rules.cov.liability import says_itself
from cleanclaim.rules.facts import CoverageOutcome, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="COV004",
    name="second-diagnosis-missing",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mcd",),
    message=(
        "{hcpcs} is billed for {line_diagnoses}; {article} of Medicare contractor {contractor} asks for a second "
        "diagnosis with it ({needed_diagnoses})."
    ),
    fix=Fix(
        action="add-diagnosis",
        safety="review",
        text=(
            "Read the article, and report the second diagnosis with the first if the record documents it: "
            "{needed_diagnoses}."
        ),
    ),
    adjustment=Adjustment("CO", "50", ("N115",)),
    citations=(regulation("42 CFR 411.15(k)(1)", "no payment for services that are not reasonable and necessary"),),
    payers=("medicare",),
)


def check(line: LineFacts) -> bool:
    """Listed, but the article asks for more."""
    return line.coverage == CoverageOutcome.SECOND_MISSING and not says_itself(line)
