"""A sigmoidoscopy beside a colonoscopy.

What it checks
--------------
A sigmoidoscopy (45330 and its family, G0104) on the day of a colonoscopy (45378 and its family, G0105, G0121) by the
same provider, where no pair edit is published between the two and no modifier says that it was separate.

Why it matters
--------------
Only the more extensive endoscopy of an encounter may be reported; the colonoscopy includes the sigmoidoscopy.

How to fix
----------
Bill the colonoscopy alone. If the two were at different encounters, the modifier that says so (XE) belongs on the
sigmoidoscopy.

Limits
------
Most of these codes have pair edits, and those speak for themselves (PTP). Colonoscopy through a stoma is another route
and is not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import AFTER_SURGERY, count_of
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import DISTINCT
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="END003",
    name="sigmoidoscopy-with-colonoscopy",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER, Setting.OUTPATIENT),
    message=(
        "{hcpcs} is a sigmoidoscopy on the day of colonoscopy {colonoscopy}: only the more extensive one is reported."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {hcpcs}; bill {colonoscopy} alone.",
    ),
    adjustment=Adjustment("CO", "97", ("M80",)),
    citations=(manual("VI.C.12", "sigmoidoscopy, then colonoscopy: only the colonoscopy"),),
)


def check(line: LineFacts) -> bool:
    """A colonoscopy is there, and nothing says that the sigmoidoscopy was another encounter's."""
    if not line.colonoscopy_present:
        return False
    return count_of(line.modifiers, AFTER_SURGERY) + count_of(line.modifiers, DISTINCT) == 0
