"""Modifier 24, 58, 78 or 79, and no surgery whose global days it could be about.

What it checks
--------------
A line with 24, 58, 78 or 79 of a patient for whom no claim at hand, by whatever provider, has a procedure on the same
day or in whose global days the line lies.

Why it matters
--------------
The modifier speaks of an earlier procedure. If there is none, it is wrong, and payers ask for records or deny.

How to fix
----------
Give the claims sent before with `--history`, or check when the procedure was and how many global days it has.

Limits
------
Only what is among the claims checked and the history can be seen. Silent where a code's global days are not known.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import M24
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="GLO009",
    name="global-modifier-without-surgery",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} bears {modifiers}, but no claim at hand has a procedure in whose global days {service_date} lies."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Check the date of the procedure the modifier is about, or give the claims sent before with --history.",
    ),
    citations=(manual("I.E", "24, 58, 78 and 79 are global surgery modifiers"),),
)


def check(line: LineFacts) -> bool:
    """A modifier for global days and nothing that opens any."""
    if line.evaluation_and_management and not line.modifiers[M24]:
        return False  # 58, 78 and 79 are wrong on a visit whatever was done before: MOD021
    return line.surgery_in_sight == 0
