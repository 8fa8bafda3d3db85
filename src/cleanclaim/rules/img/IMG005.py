"""A modifier that unbundles imaging guidance.

What it checks
--------------
Two lines of an NCCI edit with modifier indicator 1: Column One is a procedure that includes its imaging guidance, or
the code without imaging where another has it; Column Two is imaging; and a modifier bypasses the edit. Silent where
a procedure that the add-on edits list for the guidance code is billed that day: then it had another to serve.

Why it matters
--------------
The modifier is right only if the imaging served another procedure. Another needle, level or lesion of the same
procedure is not enough. Payers pay such lines and take the money back on audit.

How to fix
----------
Find in the record what the imaging was for. If it was this procedure, remove the line; if another, see that it is
billed and that the report names it.

Limits
------
Which procedure the imaging served is for the record to say, so this is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, Imaging, LineFacts
from cleanclaim.rules.img.bundle import bypassed, is_imaging
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import established
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="IMG005",
    name="guidance-unbundled-by-modifier",
    severity=Severity.REVIEW,
    scope=Scope.PAIR,
    tables=("ptp", "imaging"),
    message=(
        "{column_two} (line {line_two}: {modifiers_two}) is imaging bundled into {column_one} (line {line_one}: "
        "{modifiers_one}). A modifier lets it be paid; that is right only if the imaging served another procedure."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Remove {column_two} unless the record shows that it served another procedure than {column_one}.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(
        manual("IX.H.22", "a modifier may bypass the edit if the imaging is unrelated to the procedure"),
        manual("I.E.d", "a different procedure alone does not justify modifier 59"),
    ),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """Column One settles its own imaging, Column Two is imaging with no other listed primary, and is let through."""
    settled = one.imaging in (Imaging.INCLUDED, Imaging.WITHOUT)
    return established(edit) and settled and is_imaging(two) and not two.primary_present and bypassed(edit, one, two)
