"""A fraction of a procedure.

What it checks
--------------
A line with a CPT procedure outside anesthesia (00100-01999) bills whole units.

Why it matters
--------------
A procedure is done once, twice or not at all. Payers round, or deny the line for its quantity.

How to fix
----------
Bill the whole units that the record supports. What was begun and not finished is one unit with 52 or 53.

Limits
------
Drugs, supplies, mileage and other HCPCS Level II codes may be billed in fractions and are not judged, nor are
minutes. No published rule was at hand; so this is never more than review.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import CodeKind, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

ANESTHESIA_FIRST: Final = code_number("00100")
ANESTHESIA_LAST: Final = code_number("01999")

RULE = Rule(
    code="FMT017",
    name="part-of-a-procedure",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=tuple(Setting),
    message="Line {line_no} bills {units} of {hcpcs}, which is no whole number.",
    fix=Fix(
        action="correct-units",
        safety="review",
        text="Bill the whole number of times that {hcpcs} was done.",
    ),
    adjustment=Adjustment("CO", "16", ("M53",)),
    citations=(convention("procedures are counted in whole units"),),
)


def check(line: LineFacts) -> bool:
    """The units of a CPT procedure are no whole number."""
    if line.code_kind != CodeKind.CATEGORY_I or ANESTHESIA_FIRST <= line.code_number <= ANESTHESIA_LAST:
        return False
    return line.units > int(line.units)
