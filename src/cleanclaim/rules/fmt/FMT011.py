"""More diagnoses than a professional claim can carry.

What it checks
--------------
A professional 837 has no more than twelve diagnoses.

Why it matters
--------------
The standard has room for twelve (HI01 to HI12), as the paper form has (A to L); a translator rejects the rest, and
the claim with it.

How to fix
----------
Keep the twelve diagnoses that the services billed need. Split the services over two claims only if one cannot hold
what they need.

Limits
------
Formats other than 837 have no such limit and are not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT011",
    name="too-many-diagnoses",
    severity=Severity.DENY,
    scope=Scope.CLAIM,
    message="The claim has {diagnosis_count} diagnoses; a professional claim has room for 12.",
    fix=Fix(
        action="remove-diagnosis",
        safety="review",
        text="Keep the 12 diagnoses that the services billed need, and let the lines point at those.",
    ),
    adjustment=Adjustment("CO", "16", ("M64",)),
    settings=(Setting.PRACTITIONER,),
    citations=(x12("2300 HI01-HI12", "health care diagnosis code: one segment of twelve"),),
)


def check(claim: ClaimFacts) -> bool:
    """The claim is a professional 837 with more than twelve diagnoses."""
    return claim.from_x12 and claim.diagnosis_count > 12
