"""Equipment billed as two of new, used and rented.

What it checks
--------------
More than one of NU (new), UE (used) and RR (rented) on a line.

Why it matters
--------------
Each has its own fee. A line with two has no price, and suppliers' claims are returned for it.

How to fix
----------
Keep the one that the order and the delivery show.

Limits
------
The rule is the custom of the trade.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import PURCHASE, bears, count_of
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MOD046",
    name="new-used-and-rented",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} bears more than one of NU, UE and RR ({modifiers}).",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Keep on {hcpcs} the one of NU, UE and RR that the delivery shows.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    citations=(convention("equipment is new, used or rented"),),
)


def check(line: LineFacts) -> bool:
    """The line bears two of the three."""
    return bears(line) and count_of(line.modifiers, PURCHASE) > 1
