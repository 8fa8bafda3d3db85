"""A drug that the contractor excludes as self-administered.

What it checks
--------------
Lines filed with Medicare Part A or B whose drug is on the exclusion list (SAD list) of the claim's contractor on the
date of service: listed however it is given, or listed for giving under the skin and billed with JB.

Why it matters
--------------
Part B does not pay for drugs that patients usually give to themselves; the contractor's list decides which they are.
The denial is of the benefit, so the patient pays and no notice is needed.

How to fix
----------
Bill the patient or the Part D plan. With GY the line is denied as excluded, for the patient's other insurer.

Limits
------
The contractor is told by its number as payer, else by ZIP code or state. Codes for drugs without one of their own
(J3490, J3590, C9399) are not judged: which drug was given does not stand in them. JA (into a vein) is taken at its
word.
"""

from __future__ import annotations

from cleanclaim.rules.cov.liability import says_itself
from cleanclaim.rules.facts import LineFacts, SelfAdministered
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="COV007",
    name="self-administered-drug",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("sad",),
    message=(
        "{hcpcs} is on the list of self-administered drugs of Medicare contractor {contractor} ({article}): Part B"
        " does not pay for it."
    ),
    fix=Fix(
        action="bill-other-payer",
        safety="review",
        text=("Bill {hcpcs} to the Part D plan or the patient; to get Medicare's denial for another insurer, add GY."),
    ),
    adjustment=Adjustment("PR", "96", ("N130",)),
    citations=(
        regulation("42 CFR 410.29(a)", "drugs usually self-administered by the patient are excluded from Part B"),
    ),
    payers=("medicare",),
)


def check(line: LineFacts) -> bool:
    """On the list, however given or given under the skin."""
    return line.self_administered == SelfAdministered.EXCLUDED and not says_itself(line)
