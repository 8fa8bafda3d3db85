"""More lines than a claim can carry.

What it checks
--------------
A professional claim has at most 50 service lines, an institutional one at most 999.

Why it matters
--------------
The standard repeats the line loop so often and no more. A translator refuses the claim.

How to fix
----------
Divide the services over several claims; services of one day that depend on each other stay together.

Limits
------
Only claims that came as an 837 are counted.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

MOST_PROFESSIONAL: Final = 50
MOST_INSTITUTIONAL: Final = 999

RULE = Rule(
    code="FMT019",
    name="too-many-lines",
    severity=Severity.DENY,
    scope=Scope.CLAIM,
    settings=tuple(Setting),
    message=("The claim has {line_count} lines; a professional claim has room for 50, an institutional one for 999."),
    fix=Fix(
        action="split-claim",
        safety="review",
        text="Divide the lines over several claims.",
    ),
    adjustment=Adjustment("CO", "16", ("N34",)),
    citations=(x12("2400", "repeat: 50 (professional), 999 (institutional)"),),
)


def check(claim: ClaimFacts) -> bool:
    """The 837 claim has more lines than its form has room for."""
    return claim.from_x12 and claim.line_count > (MOST_PROFESSIONAL if claim.professional else MOST_INSTITUTIONAL)
