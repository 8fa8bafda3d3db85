"""More units on one day than clinical benchmarks allow.

What it checks
--------------
The units of a code over all lines of one patient, provider and service date, on this claim and others, where they
exceed a medically unlikely edit (MUE) that rests on clinical benchmarks (MAI 3). One finding for each claim and day.
A line over a range of days counts its share on each of them.

Why it matters
--------------
All units of the code that day are denied, not only those beyond the limit. Modifiers such as 59 or 76 do not change
the sum. The contractor may pay on review when records show that the units were given, coded right and necessary.

How to fix
----------
Check what one unit of the code is, and correct the units. If they are right, keep the records ready for the review
or appeal; do not spread the units over other days or claims.

Limits
------
Minutes are not counted; 26 and TC lines of one service count as one. An assistant at surgery (80, 81, 82, AS) is
another provider than the surgeon, whatever NPI the line gives. For an ambulatory surgical center under its own
taxonomy LT and RT are counted apart: it reports both sides on two lines. Claims that are not in the input are not seen.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Related, Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MUE003",
    name="over-limit-of-day-clinical",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mue",),
    related=Related.CODE_AND_DAY,
    message=(
        "{units_of_day} units of {hcpcs} on {units_day} are over the limit of {mue_value} a day (MAI 3): all units "
        "of the day are denied. A review may pay them if records show that they were given and necessary."
    ),
    fix=Fix(
        action="correct-units",
        safety="review",
        text=(
            "Check what one unit of {hcpcs} is and correct the units.{code_of_both_sides_advice} If they are right, "
            "have the records ready: the denial turns only on review or appeal."
        ),
    ),
    adjustment=Adjustment("CO", "151", ("N362",)),
    citations=(
        manual("I.V", "MAI 3: units of the day are summed; contractors may bypass the limit on evidence"),
        manual("Introduction", "units over the limit may be paid on appeal when correctly coded and necessary"),
    ),
)


def check(line: LineFacts) -> bool:
    """The day's units are over a clinical limit; said on the claim's last line of the code and day."""
    return line.mue_mai == 3 and line.mue_value > 0 and line.units_of_day > line.mue_value and line.last_of_code_and_day
