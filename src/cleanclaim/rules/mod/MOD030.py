"""An anesthesia service that does not say who gave it.

What it checks
--------------
A CPT code of anesthesia (00100-01999, but not 01996) without AA, AD, QK, QX, QY or QZ.

Why it matters
--------------
The modifier decides whether all or half is paid. Without it the payer cannot price the line.

How to fix
----------
Add the one that fits: AA personally performed by the anesthesiologist, QK or QY directing, QX directed, QZ not
directed, AD supervising more than four.

Limits
------
The rule is the custom of the trade; some plans do not ask for it. A day's care of an epidural catheter (01996) is let
pass.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import ANESTHESIA_PROVIDER, count_of, wants_provider
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD030",
    name="anesthesia-without-provider",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) does not say who gave or directed the anesthesia.",
    fix=Fix(
        action="add-modifier",
        safety="review",
        text="Add AA, QK, QX, QY, QZ or AD to {hcpcs}, as the anesthesia record shows.",
    ),
    adjustment=Adjustment("CO", "4", ("N822",)),
    citations=(convention("one of AA, AD, QK, QX, QY, QZ on every anesthesia line"),),
)


def check(line: LineFacts) -> bool:
    """An anesthesia line bears none of the six."""
    if not line.is_hcpcs or not wants_provider(line):
        return False
    return count_of(line.modifiers, ANESTHESIA_PROVIDER) == 0
