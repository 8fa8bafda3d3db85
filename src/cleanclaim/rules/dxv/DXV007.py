"""A line that points at the same diagnosis more than once.

What it checks
--------------
No diagnosis pointer stands on a professional line more than once.

Why it matters
--------------
The second says nothing. It takes one of four places, and often another diagnosis was meant that would support the
service.

How to fix
----------
Remove the second pointer, or let it point at the diagnosis meant.

Limits
------
No published rule forbids it, and payers generally read the first.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="DXV007",
    name="repeated-diagnosis-pointer",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    message="Line {line_no} ({hcpcs}) points at one diagnosis more than once: {diagnosis_pointers}.",
    fix=Fix(
        action="correct-pointer",
        safety="review",
        text="Remove the second pointer, or let it point at the diagnosis meant.",
    ),
    settings=(Setting.PRACTITIONER,),
    citations=(convention("a line points at a diagnosis once"),),
)


def check(line: LineFacts) -> bool:
    """A pointer stands on the line more than once."""
    return line.repeated_pointer
