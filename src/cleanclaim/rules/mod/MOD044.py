"""Two ways of telehealth on one line.

What it checks
--------------
93 (sound only) with 95 or GT (live video), or GQ (sent and read later) with 93, 95 or GT.

Why it matters
--------------
The visit was by telephone, by video, or not live at all. Payers cover the three differently and return a line that
claims two.

How to fix
----------
Keep the one by which most of the visit was done.

Limits
------
95 with GT is let pass: both mean live video. The rule follows from what the modifiers mean; that payers return it is
custom.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import GQ, LIVE_VIDEO, M93, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD044",
    name="two-ways-of-telehealth",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} names two ways of telehealth ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one modifier that says how the visit was done.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("93, 95 or GT, and GQ exclude each other"),),
)


def check(line: LineFacts) -> bool:
    """The line names two of sound, video and not live."""
    if not bears(line):
        return False
    video = count_of(line.modifiers, LIVE_VIDEO) > 0
    live = video or line.modifiers[M93] == 1
    return (video and line.modifiers[M93] == 1) or (live and line.modifiers[GQ] == 1)
