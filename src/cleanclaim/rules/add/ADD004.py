"""An add-on code all of whose primaries are denied.

What it checks
--------------
A type 1 add-on whose listed primaries billed by the provider that day are all denied as services: by a pair or unit
edit (all lines of the code, where units of the day are denied), as an add-on without primary, or for their code,
component or imaging guidance.

Why it matters
--------------
An add-on is only paid if a primary is. When an edit takes the primary, the add-on falls with it.

How to fix
----------
Mend the primary first; this finding goes with it. If the primary is rightly denied, remove the add-on too.

Limits
------
Add-ons of type 2 and 3 are left out, since the contractor may accept another service as their primary. A primary
with a fault of form, place, date or diagnosis is not taken as denied: once mended, it is paid.
"""

from __future__ import annotations

from cleanclaim.rules.facts import AddOnType, LineFacts
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="ADD004",
    name="add-on-with-denied-primary",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("aoc",),
    related=Related.PRIMARIES,
    after_findings=True,
    message="{hcpcs} is an add-on code and every primary billed with it is denied: it is paid only if one of them is.",
    fix=Fix(
        action="correct-primary",
        safety="review",
        text="Mend the primary's line first. If it stays denied, remove {hcpcs} too.",
    ),
    adjustment=Adjustment("CO", "107", ("N122",)),
    citations=(manual("I.R", "if an edit prevents payment of the primary, the add-on shall not be paid"),),
)


def check(line: LineFacts) -> bool:
    """A type 1 add-on has its primary, and it is denied."""
    return line.add_on_type == AddOnType.LISTED and line.primary_present and line.primary_denied
