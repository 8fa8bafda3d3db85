"""A component billed beside the whole test.

What it checks
--------------
A test of two shares (PC/TC 1) with 26 or TC, where the same provider bills the same code without them for the
patient on the same day at the same place, with otherwise the same modifiers.

Why it matters
--------------
The line without 26 or TC is paid for both shares. The component is then paid twice, or denied as already included.

How to fix
----------
If one test was done, keep the line that fits who owns the equipment and take the other off the claim. If the test
was done twice, say so with 76 or 77.

Limits
------
The published text says that the whole includes both components, not that a second test was not done, so this is
never more than review. A side, or a modifier that says repeated or distinct, on one of the lines keeps them apart.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="CMP008",
    name="component-beside-whole-test",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} ({modifiers}) is a share of {hcpcs}, which is billed whole for the same day and place.",
    fix=Fix(
        action="choose-line",
        safety="review",
        text="Remove the line that was not done; if the test was repeated, say so with 76 or 77.",
    ),
    adjustment=Adjustment("CO", "97", ("M15",)),
    citations=(layout("Data record, modifier", "blank is the global service, 26 and TC identify its components"),),
)


def check(line: LineFacts) -> bool:
    """The line is a share of a test that is billed whole as well."""
    return line.pc_tc_indicator == 1 and line.component_of_global
