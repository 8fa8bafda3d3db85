"""A claim without a diagnosis.

What it checks
--------------
A claim that came as an 837 names at least one diagnosis.

Why it matters
--------------
The standard requires one: the principal diagnosis of an institutional claim, and on a professional claim the
diagnosis each line points at. Without it the claim is rejected.

How to fix
----------
Enter the diagnoses that the record gives as the reason for the services, the first-listed one first.

Limits
------
In formats other than 837 the diagnoses may stand in another file, so their absence is not reported.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT010",
    name="no-diagnosis",
    severity=Severity.DENY,
    scope=Scope.CLAIM,
    message="The claim names no diagnosis.",
    fix=Fix(
        action="add-diagnosis",
        safety="review",
        text="Enter the diagnoses of the record, the first-listed one first, and let each line point at its own.",
    ),
    adjustment=Adjustment("CO", "16", ("MA63", "M76")),
    settings=tuple(Setting),
    citations=(x12("2300 HI*ABK", "principal or first-listed diagnosis: required"),),
)


def check(claim: ClaimFacts) -> bool:
    """The claim is an 837 and has no diagnosis."""
    return claim.from_x12 and claim.diagnosis_count == 0
