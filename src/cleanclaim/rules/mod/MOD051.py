"""JZ on one line of a drug and JW on another.

What it checks
--------------
A line with JZ, where another line of the same code bills waste with JW, for the same patient, provider, payer and day.

Why it matters
--------------
JZ says that nothing of the single-dose container was thrown away, JW bills what was. Of one administration both
cannot be true, and the waste is not paid.

How to fix
----------
If a part was thrown away, take JZ off the line of the amount given. If nothing was, remove the line with JW.

Limits
------
Silent where the lines name two products (NDC), or a modifier (59, X, 76, 77) says that the drug was given again.
JW and JZ on one line is MOD042.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import bears
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD051",
    name="no-waste-beside-waste",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message=("{hcpcs} bears JZ (nothing was thrown away), and another line of {service_date} bills its waste with JW."),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Take JZ off {hcpcs} if a part was thrown away; otherwise remove the line with JW.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("JW and JZ exclude each other for one drug and administration"),),
)


def check(line: LineFacts) -> bool:
    """The line says that nothing was wasted, another bills the waste."""
    return bears(line) and line.waste_on_other_line
