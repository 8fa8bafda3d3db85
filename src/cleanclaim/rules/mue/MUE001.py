"""More units on one line than the unit limit allows.

What it checks
--------------
A line whose units exceed the medically unlikely edit (MUE) of its code where that edit is adjudicated by claim line
(MAI 1). Each line is judged alone. Over a range of days the units are divided by the days and rounded.

Why it matters
--------------
All units of the line are denied, not only those beyond the limit.

How to fix
----------
Check what one unit of the code is, and correct the units. If the units were given and are medically necessary,
report them on several lines, each within the limit, with the modifier that says why the code stands there again
(76, 77, 91, 59 or X, or an anatomic modifier).

Limits
------
Minutes are not counted. A contractor may allow fewer units than the MUE, and some limits are not published.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MUE001",
    name="over-limit-on-line",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mue",),
    message=(
        "{units_per_day} units of {hcpcs} on this line are over the limit of {mue_value} for one line (MAI 1): all "
        "units of the line are denied."
    ),
    fix=Fix(
        action="correct-units",
        safety="review",
        text=(
            "Check what one unit of {hcpcs} is and correct the units. If they were given and are necessary, split them "
            "over lines of at most {mue_value} with the modifier that says why the code is repeated."
        ),
    ),
    adjustment=Adjustment("CO", "151", ("N362",)),
    citations=(manual("I.V", "MAI 1: units of each line against the limit; over it all units of the line are denied"),),
)


def check(line: LineFacts) -> bool:
    """The line's units are over a limit that counts by claim line."""
    return line.mue_mai == 1 and line.mue_value > 0 and line.units_per_day > line.mue_value
