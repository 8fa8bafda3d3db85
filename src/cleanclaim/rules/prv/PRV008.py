"""A group bills without saying who rendered the service.

What it checks
--------------
On a professional 837 whose billing provider is, by taxonomy, a group of practitioners (193200000X, 193400000X), every
procedure line has a rendering provider, its own or the claim's.

Why it matters
--------------
A group treats nobody. Without the practitioner's NPI payers cannot tell whether he is enrolled, and return the claim
as incomplete.

How to fix
----------
Add the NPI of the practitioner who rendered the service, in loop 2310B or on the lines.

Limits
------
Some payers contract with the group alone; so this is review. A group under another taxonomy than these two cannot be
told from its owner.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.rules.prv.taxonomy import nucc
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PRV008",
    name="group-without-rendering-provider",
    severity=Severity.REVIEW,
    scope=Scope.CLAIM,
    settings=(Setting.PRACTITIONER,),
    message="The billing provider is a group ({billing_taxonomy}), and a line names no rendering provider.",
    fix=Fix(
        action="add-identifier",
        safety="review",
        text="Add the rendering provider's NPI.",
    ),
    adjustment=Adjustment("CO", "16", ("N290",)),
    citations=(
        x12("2310B NM1", "required when the rendering provider is not the billing provider"),
        nucc("193200000X Multi-Specialty, 193400000X Single Specialty: a business group of practitioners"),
    ),
)


def check(claim: ClaimFacts) -> bool:
    """The billing provider is a group, and a procedure line of the 837 names nobody else."""
    return claim.professional and claim.from_x12 and claim.group_without_rendering
