"""An add-on code, some of whose primaries are listed, billed alone.

What it checks
--------------
A code that the add-on edits list as type 3 (some primaries listed, the contractor may accept more), where the
provider bills neither a listed primary for the patient that day nor any other service that could be one.

Why it matters
--------------
An add-on is paid only with a primary, one of the list or one the contractor accepts.

How to fix
----------
Bill the primary procedure with it. If the primary was billed on another claim, send both on one.

Limits
------
Which other services are acceptable primaries is for the contractor to say: any service of the day that is no add-on
keeps this rule silent. A primary on a claim that is not in the input is not seen.
"""

from __future__ import annotations

from cleanclaim.rules.facts import AddOnType, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="ADD003",
    name="partly-listed-primary-absent",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("aoc",),
    message=(
        "{hcpcs} is an add-on code, and on {service_date} the provider bills neither a listed primary ({primaries}) "
        "nor another service that the contractor could accept as one."
    ),
    fix=Fix(
        action="add-primary",
        safety="review",
        text="Bill the procedure to which {hcpcs} was added on the same claim.",
    ),
    after_findings=True,
    adjustment=Adjustment("CO", "107", ("N122",)),
    citations=(manual("I.W", "type 3: some primaries are listed, contractors may develop lists of more"),),
)


def check(line: LineFacts) -> bool:
    """A type 3 add-on has neither a listed primary nor another service beside it."""
    return (
        not line.bundled
        and line.add_on_type == AddOnType.PARTLY_LISTED
        and not line.primary_present
        and not line.other_service_present
    )
