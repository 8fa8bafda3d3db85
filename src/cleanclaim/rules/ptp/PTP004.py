"""A procedure pair with the same anatomic modifier on both lines.

What it checks
--------------
Two lines of an NCCI edit with modifier indicator 1 whose only PTP-associated modifiers are anatomic and name the same
site: both left, both on the same finger, or one left and the other on both sides (50).

Why it matters
--------------
The edit is bypassed when sites differ. The same site on both lines says the opposite, and the NCCI manual allows
it only in rare cases; payers deny or take it back on audit.

How to fix
----------
Report Column One only, unless the record shows two separate sites within the same anatomic area; then the modifier
that says so (XS, 59) belongs on Column Two.

Limits
------
Whether two services at one site were distinct is for the record to say, so this is never more than review. A side on
Column Two alone is the matter of PTP007.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import Bypass, bypass, established
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PTP004",
    name="same-site-procedure-pair",
    severity=Severity.REVIEW,
    scope=Scope.PAIR,
    tables=("ptp",),
    message=(
        "{column_two} (line {line_two}) {bundling} {column_one} (line {line_one}) at the same site, and both "
        "lines name it ({modifiers_one} and {modifiers_two})."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text=(
            "Remove {column_two} unless the record shows a separate site within the same area; then add the "
            "modifier that says so to {column_two}."
        ),
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(manual("I.E", "the same anatomic modifier on both codes generally does not bypass the edit"),),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit has modifier indicator 1 and the same anatomic modifier is all that stands on both lines."""
    return established(edit) and edit.modifier_indicator == 1 and bypass(edit, one, two) == Bypass.SAME_SITE
