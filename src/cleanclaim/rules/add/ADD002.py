"""An add-on code, whose primaries the contractor defines, billed alone.

What it checks
--------------
A code that the add-on edits list as type 2 (no list of primaries), where the provider bills no other service for the
patient that day than add-on codes and quality measures.

Why it matters
--------------
An add-on is paid only with a primary. For type 2 the contractor keeps its own list, but a claim without any other
service can satisfy none.

How to fix
----------
Bill the primary procedure with it. If the primary was billed on another claim, send both on one.

Limits
------
Which services are acceptable primaries is for the contractor to say: any service of the day that is no add-on keeps
this rule silent. A primary on a claim that is not in the input is not seen.
"""

from __future__ import annotations

from cleanclaim.rules.facts import AddOnType, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="ADD002",
    name="contractor-defined-primary-absent",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("aoc",),
    message=(
        "{hcpcs} is an add-on code whose primaries the contractor defines, and the provider bills nothing on "
        "{service_date} that could be one."
    ),
    fix=Fix(
        action="add-primary",
        safety="review",
        text="Bill the procedure to which {hcpcs} was added on the same claim.",
    ),
    after_findings=True,
    adjustment=Adjustment("CO", "107", ("N122",)),
    citations=(manual("I.W", "type 2: contractors develop their own lists of acceptable primaries"),),
)


def check(line: LineFacts) -> bool:
    """A type 2 add-on has no service beside it."""
    return not line.bundled and line.add_on_type == AddOnType.CONTRACTOR_DEFINED and not line.other_service_present
