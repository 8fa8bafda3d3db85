"""What a finding says as plain values, in which findings are kept on disk and made columns of.

Plain tuples are written and read in a third of the time that records of ours take, and what is wanted of many findings
at once, a column of a table, needs no record of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any, Final, Protocol, runtime_checkable

from cleanclaim.types import Adjustment, Appeal, Change, Citation, Finding, Fix, Place, Reported, SetAside

Values = tuple[Any, ...]
"""What a finding says: a value for each of :data:`NAMES`; what holds several has a tuple of tuples."""
ValuesAside = tuple[Any, ...]
"""What a finding set aside says: the :data:`Values` of the finding, then a value for each of :data:`ASIDE`."""

NAMES: Final = (
    "rule",
    "name",
    "severity",
    "claim",
    "line",
    "message",
    "codes",
    "related_lines",
    "related_claims",
    "amount_at_risk",
    "allowed_at_risk",
    "allowed_reason",
    "documentation",
    "fix.action",
    "fix.safety",
    "fix.text",
    "at.file",
    "at.byte",
    "at.segment",
    "fix.changes",
    "adjustment",
    "citations",
    "appeal",
)
"""What the values of a finding are, in their order."""
ASIDE: Final = ("by", "source", "entry", "reason", "expires")
"""What the values of a finding set aside are, after those of the finding."""
_FINDING: Final = attrgetter(*NAMES)
_ASIDE: Final = attrgetter(*ASIDE)
_CHANGE: Final = attrgetter("line", "element", "old", "new")
_CITATION: Final = attrgetter("source", "release", "locator", "valid_from", "valid_to", "text")
_ADJUSTMENT: Final = attrgetter("group", "carc", "rarc", "appealable")
_APPEAL: Final = attrgetter("worth", "why", "needs")


def values_of(finding: Finding) -> Values:
    """What a finding says; :func:`finding_of` makes it again."""
    *plain, changes, adjustment, citations, appeal = _FINDING(finding)
    return (
        *plain,
        tuple(map(_CHANGE, changes)),
        None if adjustment is None else _ADJUSTMENT(adjustment),
        tuple(map(_CITATION, citations)),
        None if appeal is None else _APPEAL(appeal),
    )


def finding_of(values: Values) -> Finding:
    """The finding that says so. Raises ValueError or TypeError where these are no values of a finding."""
    *plain, changes, adjustment, citations, appeal = values
    rule, name, severity, claim, line, message, codes, lines, claims, amount, allowed, reason, record, *places = plain
    action, safety, text, file, byte, segment = places
    return Finding(
        rule,
        name,
        severity,
        claim,
        line,
        message,
        Fix(action, safety, text, tuple([Change(*change) for change in changes])),
        Place(file, byte, segment),
        codes,
        lines,
        claims,
        None if adjustment is None else Adjustment(*adjustment),
        amount,
        tuple([Citation(*cited) for cited in citations]),
        None if appeal is None else Appeal(*appeal),
        record,
        allowed,
        reason,
    )


def values_aside(entry: SetAside) -> ValuesAside:
    """What a finding set aside says; :func:`aside_of` makes it again."""
    return (values_of(entry.finding), *_ASIDE(entry))


def aside_of(values: ValuesAside) -> SetAside:
    """The finding set aside that says so. Raises ValueError or TypeError where these are no values of one."""
    finding, *words = values
    return SetAside(finding_of(finding), *words)


@runtime_checkable
class InValues(Protocol):
    """A report whose findings are kept as values."""

    def values_of_findings(self) -> Iterator[Values]:
        """What each finding says, in order."""

    def values_set_aside(self) -> Iterator[ValuesAside]:
        """What each finding set aside says, in order."""


def values_of_findings(report: Reported) -> Iterator[Values]:
    """What the findings of a report say, in order."""
    return report.values_of_findings() if isinstance(report, InValues) else map(values_of, report.findings)


def values_set_aside(report: Reported) -> Iterator[ValuesAside]:
    """What the findings of a report say that were set aside, in order."""
    return report.values_set_aside() if isinstance(report, InValues) else map(values_aside, report.set_aside)
