"""JW or JZ on what is no drug.

What it checks
--------------
JW or JZ on a CPT code other than those of immune globulins and vaccines (90281-90759).

Why it matters
--------------
The two speak of a single-dose drug. On its administration, a visit or a procedure they make the line invalid, and the
drug's own line lacks its modifier.

How to fix
----------
Move the modifier to the drug's line.

Limits
------
HCPCS Level II codes are not looked at. The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import JW, JZ, bears, is_biological, is_cpt_service
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD043",
    name="waste-modifier-on-service",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} ({modifiers}) is no drug, to which JW and JZ belong.",
    fix=Fix(
        action="remove-modifier",
        safety="review",
        text="Remove JW or JZ from {hcpcs}, or move it to the drug.",
    ),
    adjustment=Adjustment("CO", "4", ("N823",)),
    citations=(convention("JW and JZ are used on single-dose drugs"),),
)


def check(line: LineFacts) -> bool:
    """A CPT service bears JW or JZ."""
    if not bears(line) or not is_cpt_service(line) or is_biological(line):
        return False
    return line.modifiers[JW] + line.modifiers[JZ] > 0
