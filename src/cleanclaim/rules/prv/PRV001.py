"""A rendering provider's taxonomy code that does not exist.

What it checks
--------------
The taxonomy code of the rendering provider has the shape of one (nine letters and digits and an X) and is in the code
set in force on the date of service.

Why it matters
--------------
The taxonomy tells payers what the provider is, and with it the contract and the fee. A claim with a code outside the
code set is rejected at the front end.

How to fix
----------
Take the code from the provider's NPPES record. A letter O for a zero, or the last X left off, are the usual causes.

Limits
------
That the provider has registered the code with NPPES and the payer cannot be seen here. A code of the right shape is
only looked up where a list in force on the date is loaded; the starter has none. Codes on services before 2008, when
earlier editions had other endings, are left alone.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, TaxonomyState
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PRV001",
    name="unknown-rendering-taxonomy",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("taxonomy",),
    settings=tuple(Setting),
    message=(
        "The rendering provider's taxonomy on line {line_no}, {rendering_taxonomy}, is not a code of the "
        "provider taxonomy."
    ),
    fix=Fix(
        action="correct-identifier",
        safety="review",
        text="Replace {rendering_taxonomy} by the taxonomy code in the provider's NPPES record.",
    ),
    adjustment=Adjustment("CO", "16", ("N288",)),
    citations=(x12("2310B PRV03, 2420A PRV03", "provider taxonomy code: code source 682"),),
)


def check(line: LineFacts) -> bool:
    """The code has not the shape of one, or the list in force does not have it; said at its first line."""
    return line.first_of_taxonomy and line.rendering_taxonomy in (TaxonomyState.UNLISTED, TaxonomyState.MALFORMED)
