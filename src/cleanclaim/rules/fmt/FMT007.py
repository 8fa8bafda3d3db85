"""A claim total that is not the sum of its lines.

What it checks
--------------
The claim's total charge against the sum of the line charges. A line's charge is for all its units already, so it is
never multiplied by them. A line with revenue code 0001 repeats the total and is not added.

Why it matters
--------------
Payers balance every claim before they adjudicate it and reject one that does not add up.

How to fix
----------
Correct the total, or the line that is wrong or missing.

Limits
------
Silent where the total or the charge of a line is not known.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT007",
    name="total-not-sum-of-lines",
    severity=Severity.DENY,
    scope=Scope.CLAIM,
    message="The claim's total charge is {total_charge}, but the charges of its lines add up to {line_charge}.",
    fix=Fix(
        action="correct-charge",
        safety="review",
        text="Make the total {line_charge} if every line is there with its right charge; otherwise mend the lines.",
    ),
    adjustment=Adjustment("CO", "16", ("M54",)),
    settings=tuple(Setting),
    citations=(x12("2300 CLM02", "total claim charge: the sum of the line item charges (SV102, SV203)"),),
)


def check(claim: ClaimFacts) -> bool:
    """The total and every line charge are known, and the lines do not add up to the total."""
    return (
        claim.total_charge_cents >= 0
        and claim.line_charge_cents >= 0
        and claim.total_charge_cents != claim.line_charge_cents
    )
