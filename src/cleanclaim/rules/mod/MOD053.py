"""33 on a colonoscopy that Medicare wants marked with PT.

What it checks
--------------
A sigmoidoscopy, a colonoscopy (45330-45398, through a stoma 44388-44408) or its anesthesia (00811) for Medicare that
bears 33 and not PT.

Why it matters
--------------
33 tells commercial payers that a service was preventive. Medicare reads PT there: with 33 alone it takes the deductible
and the whole coinsurance from the patient.

How to fix
----------
Put PT in the place of 33 if the procedure began as a screening; otherwise take 33 off.

Limits
------
The instruction was read on pages of Medicare contractors, so this is never more than review. The line is
paid either way: no denial is expected. Medicare reads 33 on a few other services (advance care planning), which are not
judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import M33, PT, may_be_screening_turned
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Fix, Severity

RULE = Rule(
    code="MOD053",
    name="commercial-screening-modifier",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) goes to Medicare with 33: Medicare reads PT on a screening that turned.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Put PT in the place of 33 on {hcpcs} if it began as a screening; otherwise take 33 off.",
    ),
    citations=(
        convention(
            "PT to Medicare, 33 to other payers (Medicare Claims Processing Manual, chapter 18, section 60; MM7012; "
            "read second-hand)"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """A scope of the colon for Medicare bears 33 without PT."""
    return line.medicare == 1 and may_be_screening_turned(line) and line.modifiers[M33] == 1 and not line.modifiers[PT]
