"""Findings on the files that accompany a check: no claim is asked, so they have documentation and no check.

They are told like rules are, by ``cleanclaim rule``, in the reference and in SARIF; the engine makes them where it
reads those files (``engine.suppress``).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.model import LoadedRule, Rule, Scope, read_sections
from cleanclaim.types import Citation, Fix, Setting, Severity

_SUPPRESSIONS: Final = Citation(
    source="cleanclaim", release="", locator="docs/how-to/suppress-and-baseline.md", text="entries are looked after"
)

UNUSED: Final = Rule(
    code="SUP001",
    name="unused-suppression",
    severity=Severity.INFORM,
    scope=Scope.RUN,
    message="Suppression {entry} sets nothing aside: no finding on the claims checked is what it names.",
    fix=Fix("correct-suppression", "review", "Remove the entry, or correct what it names."),
    citations=(_SUPPRESSIONS,),
    settings=tuple(Setting),
)
_OF_UNUSED: Final = """A suppression that sets nothing aside.

What it checks
--------------
Every entry of the suppression files: some finding on the claims checked is what it names.

Why it matters
--------------
The fault it excused is mended, or its claim, line or code is written wrongly. Either way an exception nobody needs
stays behind, and hides the next fault that happens to fit it.

How to fix
----------
Remove the entry, or correct what it names.

Limits
------
Nothing is said of an entry whose claim, payer, file or rule was not part of the run, nor of one that has expired
(SUP002).
"""

EXPIRED: Final = Rule(
    code="SUP002",
    name="expired-suppression",
    severity=Severity.REVIEW,
    scope=Scope.RUN,
    message="Suppression {entry} expired on {expires}: what it set aside is reported again.",
    fix=Fix(
        "correct-suppression", "review", "Look at its reason again: renew the entry with another date, or remove it."
    ),
    citations=(_SUPPRESSIONS,),
    settings=tuple(Setting),
)
_OF_EXPIRED: Final = """A suppression whose last day has passed.

What it checks
--------------
The last day (expires) of every entry of the suppression files, against the day of the run.

Why it matters
--------------
What the entry set aside is reported again, as was meant when it was given a last day: the exception was to be looked
at anew.

How to fix
----------
Look at its reason again: renew the entry with another date, or remove it.

Limits
------
An entry without a last day never expires; how many there are stands in the notes of the report.
"""


def _asks_nothing() -> bool:
    """No record of a claim answers it."""
    return False


UPKEEP: Final = tuple(
    LoadedRule(rule, _asks_nothing, documentation, read_sections(documentation))
    for rule, documentation in ((UNUSED, _OF_UNUSED), (EXPIRED, _OF_EXPIRED))
)
"""Every such finding, by code."""
