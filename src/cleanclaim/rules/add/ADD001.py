"""An add-on code without any of its primaries.

What it checks
--------------
A code that the add-on edits list as type 1, where none of its listed primaries in force on the service date is billed
for the patient by the same provider that day, on this claim or another.

Why it matters
--------------
An add-on describes work beyond a primary procedure and is only paid when a listed primary is. Type 1 lists are
complete: contractors may not accept another primary.

How to fix
----------
Bill the primary with it if it was done and left out. If another primary was done, report the add-on that belongs to
it. If the service was done alone, report the code that stands alone.

Limits
------
A primary on a claim that is not in the input is not seen. Where the primary stands on a neighbouring day or under
another provider of the group, see ADD005; where the edits are of an earlier year, ADD006.
"""

from __future__ import annotations

from cleanclaim.rules.add.primary import needs_listed_primary, primary_may_be_newer, primary_may_stand_elsewhere
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="ADD001",
    name="add-on-without-primary",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("aoc",),
    message=(
        "{hcpcs} is an add-on code and none of its primaries ({primaries}) is billed by the provider on "
        "{service_date}: it is not paid alone."
    ),
    fix=Fix(
        action="add-primary",
        safety="review",
        text=(
            "Bill the primary that was done ({primaries}) with {hcpcs}. If none of them was, remove {hcpcs} or report "
            "the code that describes the service alone."
        ),
    ),
    after_findings=True,
    adjustment=Adjustment("CO", "107", ("N122",)),
    citations=(
        manual("I.R", "an add-on can only be reported in addition to a primary procedure"),
        manual("I.W", "type 1: all acceptable primaries are listed; contractors should not allow others"),
    ),
)


def check(line: LineFacts) -> bool:
    """No listed primary of a type 1 add-on is there, nor is any likely to stand where it is not looked for."""
    return needs_listed_primary(line) and not primary_may_stand_elsewhere(line) and not primary_may_be_newer(line)
