"""The line says itself that Medicare will not cover it, and the article agrees.

What it checks
--------------
Lines filed with Medicare Part A or B with GA or GZ whose diagnoses the contractor's article does not cover.

Why it matters
--------------
The denial is no surprise. With GA (a notice signed before the service) the patient pays; with GZ the provider does,
and the line is denied without review.

How to fix
----------
Nothing, if the notice was given (GA) or could not be (GZ). See that a signed notice is on file for GA.

Limits
------
The contractor is told by its number as payer, else by ZIP code or state; a claim that shows none of them is not
checked. An export holds the current version of an article only: a service before that version binds is not checked.
Which procedures a group of diagnoses is for is read from the codes its paragraph names; a group that names none
counts for every code of the article. Diagnoses outside ICD-10-CM, and ones not in force (DXV says so), are not
judged.
"""

from __future__ import annotations

from cleanclaim.rules.cov.liability import denial_expected
from cleanclaim.rules.facts import CoverageOutcome, LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="COV006",
    name="denial-expected",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mcd",),
    message=(
        "{hcpcs} with {modifiers} is billed for {line_diagnoses}, which {article} of Medicare contractor "
        "{contractor} does not cover: the denial that the modifier announces will come."
    ),
    fix=Fix(
        action="keep-notice",
        safety="review",
        text=("Nothing on the claim. For GA keep the notice that the patient signed before the service."),
    ),
    adjustment=Adjustment("CO", "50", ("N115",), appealable=False),
    citations=(regulation("42 CFR 411.15(k)(1)", "no payment for services that are not reasonable and necessary"),),
    payers=("medicare",),
)


def check(line: LineFacts) -> bool:
    """Not covered by the article, and the claim says so."""
    return line.coverage >= CoverageOutcome.NOT_LISTED and denial_expected(line)
