"""A code that Medicare always bundles into other services.

What it checks
--------------
A charge for a code whose fee-schedule row (the one with the line's modifier) has status B.

Why it matters
--------------
Medicare never pays a status B code by itself: its payment is inside the service it belongs to, whether or not that
service is on the claim. No modifier changes this, and the patient cannot be billed for it.

How to fix
----------
Take the line off the claim, or report it at 0.00 where it is only tracked.

Limits
------
The status is Medicare's own. Claims filed with other payers, Medicare Advantage plans among them, are not judged
by it: some pay after-hours, specimen-handling and supply codes. A line at 0.00 or 0.01 is not reported.
"""

from __future__ import annotations

from cleanclaim.rules.cod.status import BUNDLED, charged_to_medicare
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="COD004",
    name="always-bundled-code",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} has status B: Medicare includes it in other services and never pays it separately.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text=(
            "Remove {hcpcs}, or bill it at 0.00 where it is only reported (as 99024 is); no modifier makes it payable, "
            "and it cannot be billed to the patient."
        ),
    ),
    adjustment=Adjustment("CO", "97", ("M15", "N19")),
    citations=(layout("Attachment A, status B", "payment is always bundled into other services"),),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code of status B."""
    return charged_to_medicare(line, BUNDLED)
