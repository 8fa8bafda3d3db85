"""A statement period that ends before it begins.

What it checks
--------------
The last day that an institutional claim covers is not before the first.

Why it matters
--------------
The period billed cannot be read, so the claim is returned to the provider.

How to fix
----------
Exchange or correct the two dates.

Limits
------
Whether every line lies within the period is not checked.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT015",
    name="statement-dates-reversed",
    severity=Severity.DENY,
    scope=Scope.CLAIM,
    message="The statement period ends on {statement_to}, before it begins on {statement_from}.",
    fix=Fix(
        action="correct-date",
        safety="review",
        text="Exchange or correct the first and the last day of the statement period.",
    ),
    adjustment=Adjustment("CO", "16", ("MA31",)),
    settings=tuple(Setting),
    citations=(x12("2300 DTP*434*RD8", "statement dates: the first day, then the last"),),
)


def check(claim: ClaimFacts) -> bool:
    """Both days are known and the last is before the first."""
    return 0 < claim.statement_to_day < claim.statement_from_day
