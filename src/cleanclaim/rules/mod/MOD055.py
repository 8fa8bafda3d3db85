"""Two anesthetists who contradict each other on one anesthesia.

What it checks
--------------
Two lines of one anesthesia code for the patient, payer and day, on one claim or two: AA (personally performed) beside
QX (directed by a physician), or QZ (without direction) beside QK, QY or AD (direction or supervision).

Why it matters
--------------
A nurse anesthetist who was directed (QX) was directed by someone: the physician's line says QK or QY. AA and QX
together ask for one and a half times the fee of one anesthesia, and the second claim to arrive is denied.

How to fix
----------
Take from the anesthesia record who did what: QK or QY with QX, or AA alone, or QZ alone. Where both were wholly in the
case, as is seldom needed, they bill AA and QZ with the reason.

Limits
------
Both claims must be in the input or the history. Two anesthesias of the patient under one code that day look the same
unless 59, X, 76, 77, 78 or 79 tells them apart. The finding stands on the later of the two.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import wants_provider
from cleanclaim.rules.model import Related, Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD055",
    name="contradicting-anesthetists",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} ({modifiers}) on {service_date} contradicts {other_anesthetist} for the same anesthesia: one says "
        "that it was directed, the other that it was not."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Correct the modifier that the record contradicts: QK or QY goes with QX; AA or QZ stands alone.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    related=Related.OTHER_ANESTHETIST,
    citations=(
        convention(
            "QK or QY with QX, AA or QZ without direction (Medicare Claims Processing Manual, chapter 12, section 50, "
            "read second-hand)"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """An earlier line for the same anesthesia says otherwise."""
    return line.anesthetists_contradict and wants_provider(line)
