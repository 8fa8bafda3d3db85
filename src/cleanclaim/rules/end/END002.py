"""Several endoscopies of one family, of which one is paid in full.

What it checks
--------------
A member of an endoscopic family on a day on which another member has the greater value. Members that a pair edit
denies do not count.

Why it matters
--------------
The dearest is paid in full, each other one its fee less the fee of the base. The lower payment is no underpayment and
no denial.

How to fix
----------
Nothing is to be done. Compare the payment with the fee less that of the base.

Limits
------
That the others are reduced by the base is read second-hand; the record layout speaks of special rules. Other payers
may take half instead.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="END002",
    name="several-endoscopies-of-a-family",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    after_findings=True,
    message=(
        "{hcpcs} is of one endoscopic family (base {endoscopic_base}) with {dearest_endoscopy}, which is paid in "
        "full: expect its fee less that of {endoscopic_base}."
    ),
    fix=Fix(
        action="none",
        safety="safe",
        text="Nothing is to be done.",
    ),
    adjustment=Adjustment("CO", "59", appealable=False),
    citations=(
        layout("Attachment A, Multiple Procedure (Modifier 51), 3", "special rules for endoscopies of one family"),
        convention("the dearest in full, each other its fee less the base's"),
    ),
)


def check(line: LineFacts) -> bool:
    """Another endoscopy of the family is the dearest."""
    return line.endoscopy_reduced and not line.bundled
