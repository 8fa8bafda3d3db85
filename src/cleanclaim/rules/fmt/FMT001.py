"""A rendering provider's NPI that no provider can have.

What it checks
--------------
The rendering NPI of a line, its own or the claim's: ten digits, of which the first is 1 or 2 and the last is the
check digit of the nine before it (Luhn, over the prefix 80840). One finding for each such NPI of a claim, at its first
line, with the others that name it.

Why it matters
--------------
A mistyped NPI is rejected before adjudication, by the clearinghouse or the payer's front end.

How to fix
----------
Take the NPI from the provider's NPPES record. One wrong digit, or two that changed places, is the usual cause.

Limits
------
A well-formed NPI may still belong to nobody, or to somebody else: only NPPES can tell.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, NpiState
from cleanclaim.rules.model import Related, Rule, Scope, regulation, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT001",
    name="impossible-rendering-npi",
    severity=Severity.DENY,
    scope=Scope.LINE,
    related=Related.RENDERING_NPI,
    message=(
        "The rendering provider's NPI on {lines_of_npi}, {rendering_npi}, cannot be one: an NPI has ten digits, begins "
        "with 1 or 2 and ends in a check digit."
    ),
    fix=Fix(
        action="correct-identifier",
        safety="review",
        text="Replace it by the NPI in the rendering provider's NPPES record.",
    ),
    adjustment=Adjustment("CO", "16", ("N290",)),
    settings=tuple(Setting),
    citations=(
        regulation("45 CFR 162.406(a)", "a 10-position number with a check digit; 69 FR 3434: it begins with 1 or 2"),
        x12("2310B NM109, 2420A NM109", "rendering provider identifier"),
    ),
)


def check(line: LineFacts) -> bool:
    """The NPI is not ten digits beginning with 1 or 2, or its check digit is wrong; said at its first line."""
    return line.first_of_rendering_npi and line.rendering_npi in (NpiState.MALFORMED, NpiState.WRONG_CHECK_DIGIT)
