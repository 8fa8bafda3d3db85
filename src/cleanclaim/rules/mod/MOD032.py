"""76 or 77 on a laboratory test.

What it checks
--------------
76 or 77 on a laboratory test that does not bear 91.

Why it matters
--------------
A test repeated the same day to follow its result bears 91. 76 and 77 repeat procedures; some payers pass them on
tests, others deny.

How to fix
----------
Use 91 if the test was repeated to follow the result. A test done again to confirm it, or because of a fault, is not
billed.

Limits
------
Payers differ, so this is information.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M76, M77, M91
from cleanclaim.types import Fix, Severity

RULE = Rule(
    code="MOD032",
    name="procedure-repeat-on-laboratory-test",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    message="{hcpcs} is a laboratory test and bears {modifiers}: 91 is its modifier for a repeated test.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Use 91 on {hcpcs} if the test was repeated to follow its result.",
    ),
    citations=(manual("I.M", "91: a repeated clinical diagnostic laboratory test"),),
)


def check(line: LineFacts) -> bool:
    """A test bears 76 or 77 and not 91."""
    if not bears(line) or not line.laboratory or line.modifiers[M91]:
        return False
    return line.modifiers[M76] + line.modifiers[M77] > 0
