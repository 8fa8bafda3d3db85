"""Both components on one line.

What it checks
--------------
Modifiers 26 and TC on the same line.

Why it matters
--------------
26 says that only the professional share is billed, TC that only the technical share is. Together they contradict
each other, and the payer cannot price the line.

How to fix
----------
If both shares are yours, bill the code without either modifier. If the shares were done on different days or at
different places, bill two lines, one with each modifier.

Limits
------
Nothing beyond the two modifiers is looked at: what the code allows is CMP001's.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import M26, TC
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="CMP002",
    name="both-components-on-one-line",
    severity=Severity.DENY,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} bears both 26 and TC: the one says professional share only, the other technical share only.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Bill {hcpcs} without 26 and TC if both shares are yours, else with the one that was done.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(layout("Data record, modifier", "blank is the global service, 26 and TC identify its components"),),
)


def check(line: LineFacts) -> bool:
    """26 and TC are both on the line."""
    return bool(line.modifiers[M26] and line.modifiers[TC])
