"""A diagnosis that stands before its cause.

What it checks
--------------
Where a Code first note names a diagnosis of the claim, that diagnosis stands before the code with the note.

Why it matters
--------------
The tabular list fixes the order: diabetes before diabetic kidney disease's stage, hypertension with kidney disease
before N18. Payers that read only the first codes, or group by them, see the wrong disease.

How to fix
----------
Move the underlying disease before its consequence, and let the pointers move with their codes.

Limits
------
Payers seldom deny for the order alone. A note that names its diseases in words only, or by "such as", is no list of
all; only code numbers it names are looked for. A manifestation in the first place is another rule's matter (DXV012), as
is a code that only adds to another (DXV019). Where no tabular list in force on the date is loaded nothing is said.
"""

from __future__ import annotations

from cleanclaim.rules.dxv.beginnings import only_adds
from cleanclaim.rules.dxv.guidelines import tabular
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="DXV013",
    name="cause-after-its-consequence",
    severity=Severity.INFORM,
    scope=Scope.DIAGNOSIS,
    tables=("icd10cm-code-first",),
    settings=tuple(Setting),
    message="{icd10cm} ({diagnosis}) bears a Code first note, and {causes}, which it names, stands after it.",
    fix=Fix(
        action="reorder-diagnoses",
        safety="review",
        text="Put {causes} before {icd10cm}; pointers move with their codes.",
    ),
    citations=(
        tabular(
            "Introduction, Code First", "the underlying condition is sequenced first, followed by the manifestation"
        ),
    ),
)


def check(dx: DiagnosisFacts) -> bool:
    """A diagnosis that a Code first note of this one names stands after it, and none before it."""
    return dx.cause_follows and not (dx.principal and (dx.manifestation or only_adds(dx)))
