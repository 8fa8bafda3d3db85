"""A base endoscopy beside a fuller one of its family.

What it checks
--------------
A code that the fee schedule makes the base of an endoscopic family, on the day of another member of the family, on the
same side or without sides, where no pair edit is published between the two and no modifier says that it was separate.

Why it matters
--------------
A diagnostic endoscopy is part of the surgical one, and the base is not paid beside a member of its family.

How to fix
----------
Bill the fuller endoscopy alone. If the base was done at another encounter of the day, its modifier says so.

Limits
------
Most families have pair edits, and those speak for themselves (PTP). 58, 59, 78, 79 or an X modifier on the base is
taken as another encounter.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import AFTER_SURGERY, count_of
from cleanclaim.rules.model import Rule, Scope, layout, manual
from cleanclaim.rules.modifiers import DISTINCT
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="END001",
    name="endoscopy-base-with-its-family",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT),
    message="{hcpcs} is the base of {endoscopies_of_base}, billed the same day, and is included in it.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {hcpcs}; {endoscopies_of_base} includes it.",
    ),
    adjustment=Adjustment("CO", "97", ("M15",)),
    citations=(
        manual("VI.C.1", "surgical endoscopy includes diagnostic endoscopy"),
        layout("Attachment A, Multiple Procedure (Modifier 51), 3", "do not pay separately for the base procedure"),
    ),
)


def check(line: LineFacts) -> bool:
    """A member of the family is there, and nothing says that the base was another encounter's."""
    if not line.endoscopy_of_family_present:
        return False
    return count_of(line.modifiers, AFTER_SURGERY) + count_of(line.modifiers, DISTINCT) == 0
