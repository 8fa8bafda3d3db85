"""A therapy plan modifier of another discipline.

What it checks
--------------
GN or GO on a line of a physical therapist, GN or GP of an occupational therapist, GO or GP of a speech-language
pathologist (assistants included), by the rendering provider's taxonomy.

Why it matters
--------------
The modifier names the plan of care under which the therapy was given, and payers count it against that discipline's
limit. Under another discipline's plan the therapist is denied.

How to fix
----------
Use GP for physical therapy, GO for occupational therapy, GN for speech-language pathology.

Limits
------
Physicians and other practitioners may bill under any of the three plans and are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Specialty
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.rules.prv.taxonomy import GN, GO, GP, level_two
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PRV007",
    name="therapy-plan-of-another-discipline",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=(
        "Line {line_no} ({hcpcs}) has {modifiers}, the plan of another discipline than the rendering "
        "therapist's ({rendering_taxonomy})."
    ),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text=(
            "Use the plan modifier of the therapist's own discipline on line {line_no}, or correct the rendering "
            "provider."
        ),
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        level_two("GN", "under an outpatient speech language pathology plan of care"),
        level_two("GO", "under an outpatient occupational therapy plan of care"),
        level_two("GP", "under an outpatient physical therapy plan of care"),
    ),
)


def check(line: LineFacts) -> bool:
    """The line of a therapist has a plan modifier of another discipline."""
    physical, occupational, speech = line.modifiers[GP], line.modifiers[GO], line.modifiers[GN]
    if line.specialty == Specialty.PHYSICAL_THERAPY:
        return occupational + speech > 0
    if line.specialty == Specialty.OCCUPATIONAL_THERAPY:
        return physical + speech > 0
    return line.specialty == Specialty.SPEECH_PATHOLOGY and physical + occupational > 0
