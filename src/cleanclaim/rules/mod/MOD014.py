"""Two roles of a surgeon on one line.

What it checks
--------------
62 with 66, either of them with 80, 81, 82 or AS, or two of 80, 81 and 82.

Why it matters
--------------
A line is one person's part in an operation: co-surgeon, member of a team, or assistant. Each is paid differently, so
two of them leave the line without a price.

How to fix
----------
Keep the role the operative report shows.

Limits
------
AS beside 80, 81 or 82 is let pass: some payers ask for both. The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import ASSISTANT, ASSISTANT_PHYSICIAN, SURGEONS, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="MOD014",
    name="two-surgeon-roles",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} names more than one role of the surgeon ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one role that the operative report shows.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("co-surgeon, team and assistant exclude each other on one line"),),
)


def check(line: LineFacts) -> bool:
    """The line names two roles."""
    if not bears(line):
        return False
    surgeons = count_of(line.modifiers, SURGEONS)
    assistants = count_of(line.modifiers, ASSISTANT_PHYSICIAN)
    return surgeons > 1 or assistants > 1 or (surgeons > 0 and count_of(line.modifiers, ASSISTANT) > 0)
