"""A drug that the contractor excludes when it is given under the skin, with no route on the line.

What it checks
--------------
Lines filed with Medicare Part A or B whose drug is on the exclusion list (SAD list) of the claim's contractor for
giving under the skin only, and which bear neither JA (into a vein) nor JB (under the skin).

Why it matters
--------------
The list tells the two ways apart by these modifiers. Without one the contractor cannot tell, and returns or denies
the line.

How to fix
----------
Add the modifier of the route that the record shows.

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
    code="COV008",
    name="self-administered-by-route",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("sad",),
    message=(
        "{hcpcs} is on the list of self-administered drugs of Medicare contractor {contractor} ({article}) when "
        "given under the skin, and the line does not say how it was given."
    ),
    fix=Fix(
        action="add-route",
        safety="review",
        text=(
            "Add JA if the record shows that {hcpcs} was given into a vein, JB if under the skin (then it is not "
            "covered)."
        ),
    ),
    adjustment=Adjustment("CO", "16", ("N822",)),
    citations=(
        regulation("42 CFR 410.29(a)", "drugs usually self-administered by the patient are excluded from Part B"),
    ),
    payers=("medicare",),
)


def check(line: LineFacts) -> bool:
    """Excluded by route, and no route is billed."""
    return line.self_administered == SelfAdministered.BY_ROUTE and not says_itself(line)
