"""A billing provider's taxonomy code that does not exist.

What it checks
--------------
The taxonomy code of the billing provider has the shape of one (nine letters and digits and an X) and is in the code
set in force on the first date of service.

Why it matters
--------------
Where one NPI stands for several businesses the payer chooses among them by this code. A claim with a code outside the
code set is rejected at the front end.

How to fix
----------
Take the code from the billing provider's NPPES record.

Limits
------
A code of the right shape is only looked up where a list in force on the date is loaded; the starter has none. Codes
on services before 2008, when earlier editions had other endings, are left alone.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts, TaxonomyState
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.rules.prv.taxonomy import nucc
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PRV002",
    name="unknown-billing-taxonomy",
    severity=Severity.DENY,
    scope=Scope.CLAIM,
    tables=("taxonomy",),
    settings=tuple(Setting),
    message="The billing provider's taxonomy, {billing_taxonomy}, is not a code of the provider taxonomy.",
    fix=Fix(
        action="correct-identifier",
        safety="review",
        text="Replace {billing_taxonomy} by the taxonomy code in the billing provider's NPPES record.",
    ),
    adjustment=Adjustment("CO", "16", ("N255",)),
    citations=(
        x12("2000A PRV03", "provider taxonomy code: code source 682"),
        nucc("nine letters and digits and an X"),
    ),
)


def check(claim: ClaimFacts) -> bool:
    """The code has not the shape of one, or the list in force does not have it."""
    return claim.billing_taxonomy in (TaxonomyState.UNLISTED, TaxonomyState.MALFORMED)
