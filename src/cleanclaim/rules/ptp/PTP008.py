"""A visit without a modifier of its own, beside a procedure whose modifier bypasses the edit.

What it checks
--------------
Two lines of an NCCI edit with modifier indicator 1 whose Column Two is a visit, where the only modifier that bypasses
the edit stands on the procedure (59, XE, XS, XP, XU, 58, 78, 79, or 91 on a laboratory test) and the visit bears none
of 24, 25 and 57.

Why it matters
--------------
The claim passes the edit, but 59 sets procedures apart from other procedures, not from a visit. A visit on the day of
a procedure is paid beside it only if it is significant and separately identifiable, and 25 (24, 57) on the visit is
what says so. Without it the visit is denied or taken back.

How to fix
----------
If the record shows a visit of its own, put 25 on it; 57 if it decided a procedure with 090 global days, 24 if it was
unrelated and within another procedure's global days. Take 59 or X off the procedure unless another procedure of
the day calls for it. Otherwise remove the visit.

Limits
------
An edit whose Column One is the visit is left alone: there the procedure is what must be set apart, and 59 or X on it
may be right. Payers differ in whether the modifier of the procedure is enough, so this is review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import established, visit_unmarked
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PTP008",
    name="visit-without-its-modifier",
    severity=Severity.REVIEW,
    scope=Scope.PAIR,
    tables=("ptp",),
    message=(
        "The visit {column_two} (line {line_two}) passes the edit with {column_one} (line {line_one}: "
        "{modifiers_one}) by the procedure's modifier, but bears none of its own."
    ),
    fix=Fix(action="correct-modifier", safety="review", text="{distinct_advice}. Otherwise remove {column_two}."),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(
        manual("I.D", "a visit on the day of a procedure is reported with 25, 24 or 57"),
        manual("I.E.d", "to report a separate visit with another service of the day, see modifier 25, not 59"),
    ),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit has modifier indicator 1, and a modifier of the procedure alone bypasses it for the visit."""
    return established(edit) and edit.modifier_indicator == 1 and visit_unmarked(edit, one, two)
