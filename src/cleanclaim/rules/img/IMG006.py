"""More than one unit of needle guidance.

What it checks
--------------
The units of 76942, 77002, 77003, 77012 or 77021 for one patient, provider and day are no more than one. A line that
says that it was another encounter (XE) or a repeat (76, 77) is not looked at.

Why it matters
--------------
The unit of these codes is the encounter, whatever the number of needles, levels or lesions. More than one is over
the published limit, and then all units are denied, not only the excess.

How to fix
----------
Bill one unit for each encounter. If there were two encounters that day, say so with XE on the second line.

Limits
------
How many encounters there were is for the record to say, so alone this is review; the unit limit speaks for itself.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.rules.modifiers import M76, M77, XE
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="IMG006",
    name="guidance-billed-per-needle",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message=(
        "{hcpcs} is billed {units_of_day} times that day; its unit is the encounter, whatever the number of needles, "
        "levels or lesions."
    ),
    fix=Fix(
        action="bill-one-unit",
        safety="review",
        text="Bill one unit of {hcpcs} for each encounter; a second encounter that day needs its own line with XE.",
    ),
    adjustment=Adjustment("CO", "151", ("N362",)),
    related=Related.CODE_AND_DAY,
    explains=("MUE001", "MUE002", "MUE003"),
    citations=(manual("IX.G.3", "one unit at a single encounter, regardless of the number of needle placements"),),
)


def check(line: LineFacts) -> bool:
    """It is needle guidance, the day's last line of it, and the day has more than one unit."""
    another_encounter = line.modifiers[XE] or line.modifiers[M76] or line.modifiers[M77]
    return line.guidance_of_encounter and line.last_of_code_and_day and line.units_of_day > 1 and not another_encounter
