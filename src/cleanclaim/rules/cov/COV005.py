"""The diagnosis is covered under a condition that the article tells in prose.

What it checks
--------------
Lines filed with Medicare Part A or B whose only supporting diagnosis bears an asterisk in the contractor's article:
the explanation of the group says when it counts, for which procedure, or what it must be used for.

Why it matters
--------------
Whether the condition is met stands in the record, not on the claim.

How to fix
----------
Read the explanation under the list of the article, and see that the record meets it.

Limits
------
The contractor is told by its number as payer, else by ZIP code or state; a claim that shows none of them is not
checked. An export holds the current version of an article only: a service before that version binds is not checked.
Which procedures a group of diagnoses is for is read from the codes its paragraph names; a group that names none
counts for every code of the article. Diagnoses outside ICD-10-CM, and ones not in force (DXV says so), are not
judged.
"""

from __future__ import annotations

from cleanclaim.rules.cov.liability import says_itself
from cleanclaim.rules.facts import CoverageOutcome, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Fix, Severity

RULE = Rule(
    code="COV005",
    name="diagnosis-under-condition",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mcd",),
    message=(
        "{hcpcs} is billed for {line_diagnoses}, which {article} of Medicare contractor {contractor} covers under "
        "a condition that it explains (asterisk)."
    ),
    fix=Fix(
        action="read-article",
        safety="review",
        text=("Read the explanation of the asterisk in {article} and see that the record meets it."),
    ),
    citations=(regulation("42 CFR 411.15(k)(1)", "no payment for services that are not reasonable and necessary"),),
    payers=("medicare",),
)


def check(line: LineFacts) -> bool:
    """Listed with an asterisk and nothing else."""
    return line.coverage == CoverageOutcome.EXPLAINED and not says_itself(line)
