"""An assistant-at-surgery modifier of another profession.

What it checks
--------------
AS on a line of a physician, and 80, 81 or 82 on one of a physician assistant, nurse practitioner or clinical nurse
specialist, by the rendering provider's taxonomy.

Why it matters
--------------
AS says that one of the three professions assisted and is paid less; 80, 81 and 82 say that a physician did. The wrong
one is overpaid and recovered, or denied.

How to fix
----------
Take the modifier of the profession that assisted, or correct the rendering provider.

Limits
------
Some commercial plans want 80 with or in place of AS from physician assistants, so claims that name another payer than
Medicare are not judged for 80, 81 and 82. Both together on a line are not judged.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, Specialty
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.rules.modifiers import any_of
from cleanclaim.rules.prv.taxonomy import ASSISTANT_AS, ASSISTANT_PHYSICIAN, level_two
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PRV004",
    name="assistant-modifier-of-another-profession",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=(
        "Line {line_no} ({hcpcs}) has {modifiers}, which is not the assistant modifier of the rendering "
        "provider's profession."
    ),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text=(
            "Use AS for a physician assistant, nurse practitioner or clinical nurse specialist; 80, 81 or 82 for "
            "a physician."
        ),
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(
        level_two("AS", "assistant at surgery services of a PA, NP or clinical nurse specialist"),
        convention("80, 81 and 82 are a physician's"),
    ),
)


def check(line: LineFacts) -> bool:
    """The line has one kind of assistant modifier, and its provider is of the other kind."""
    as_extender = line.modifiers[ASSISTANT_AS] == 1
    as_physician = any_of(line.modifiers, ASSISTANT_PHYSICIAN)
    if as_extender == as_physician:
        return False
    if as_extender:
        return line.specialty in (Specialty.PHYSICIAN, Specialty.ANESTHESIOLOGIST)
    return line.specialty == Specialty.ADVANCED_PRACTICE and line.medicare != 0
