"""More units on one day than policy allows.

What it checks
--------------
The units of a code over all lines of one patient, provider and service date, on this claim and others, where they
exceed a medically unlikely edit (MUE) that is an absolute limit of the day (MAI 2). One finding for each claim and
day. A line over a range of days counts its share on each of them.

Why it matters
--------------
All units of the code that day are denied, not only those beyond the limit. The limit follows from statute,
regulation or binding guidance: a contractor may not override it on review, and an appeal is possible in form only.

How to fix
----------
Correct the units. A surgery on both sides whose code takes modifier 50 (bilateral indicator 1 or 3 of the fee
schedule) is one line with 50 and one unit, not a line for each side. Beside another code for one side there may be a
code for both (77066 beside 77065), which is then the one to bill. No modifier raises this limit.

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
    code="MUE002",
    name="over-limit-of-day-policy",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mue",),
    related=Related.CODE_AND_DAY,
    message=(
        "{units_of_day} units of {hcpcs} on {units_day} are over the limit of {mue_value} a day set by policy "
        "(MAI 2): all units of the day are denied, and Medicare does not pay more on review."
    ),
    fix=Fix(
        action="correct-units",
        safety="review",
        text=("{day_limit_advice} Neither a modifier nor records raise this limit."),
    ),
    adjustment=Adjustment("CO", "151", ("N362",)),
    citations=(
        manual("I.V", "MAI 2: units of the day are summed; an absolute limit that contractors may not override"),
    ),
)


def check(line: LineFacts) -> bool:
    """The day's units are over an absolute limit; said on the claim's last line of the code and day."""
    return line.mue_mai == 2 and line.mue_value > 0 and line.units_of_day > line.mue_value and line.last_of_code_and_day
