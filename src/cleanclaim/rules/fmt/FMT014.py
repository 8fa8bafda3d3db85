"""The same modifier more than once on one line.

What it checks
--------------
No modifier stands on a line more than once.

Why it matters
--------------
The second one says nothing that the first does not. Usually another modifier was meant, such as the other side, and
the line is then paid wrongly or denied for an invalid combination.

How to fix
----------
Remove the second, or replace it by the modifier that the record supports.

Limits
------
That payers reject it is custom, not a published rule.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT014",
    name="repeated-modifier",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="Line {line_no} ({hcpcs}) bears the same modifier more than once: {modifiers}.",
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="Remove the second, or replace it by the modifier that was meant.",
    ),
    adjustment=Adjustment("CO", "4", ("N519",)),
    settings=tuple(Setting),
    citations=(convention("a modifier is reported once on a line"),),
)


def check(line: LineFacts) -> bool:
    """A modifier stands on the line more than once."""
    return line.repeated_modifier
