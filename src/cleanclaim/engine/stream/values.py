"""What a finding says as plain values, in which findings are kept on disk and made columns of.

Plain values are written and read in a third of the time that records of ours take, and what is wanted of many findings
at once, a column of a table, needs no record of each. Most of what findings say many of them say alike: the fix, the
appeal, where it is published. That is kept once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from typing import Any, Final, Protocol, runtime_checkable

from cleanclaim.engine.stream.results import Once, amount_of, amount_text, in_order, numbered
from cleanclaim.types import Adjustment, Appeal, Change, Citation, Finding, Fix, Place, Reported, SetAside

Values = tuple[Any, ...]
"""What a finding says: a value for each of :data:`NAMES`; what holds several has a tuple of tuples."""
ValuesAside = tuple[Any, ...]
"""What a finding set aside says: the :data:`Values` of the finding, then a value for each of :data:`ASIDE`."""
Plain = tuple[bytes, list[tuple[Any, ...]], Once[bytes]]
"""Findings without a class of ours: places; a column for each of :data:`OWN`; what else they say, packed."""

OWN: Final = (
    "claim",
    "line",
    "message",
    "codes",
    "related_lines",
    "related_claims",
    "amount_at_risk",
    "allowed_at_risk",
    "at.byte",
    "fix.changes",
)
"""What seldom two findings say alike in all of it."""
_ONCE: Final = frozenset({"claim", "message", "at.byte"})
"""What seldom two findings say alike in any of it."""
_AMOUNTS: Final = frozenset({"amount_at_risk", "allowed_at_risk"})
"""Dollars, which are written as texts: these take less time."""
SAID: Final = (
    "rule",
    "name",
    "severity",
    "allowed_reason",
    "documentation",
    "fix.action",
    "fix.safety",
    "fix.text",
    "at.file",
    "at.segment",
    "adjustment",
    "citations",
    "appeal",
)
"""What many say alike."""
NAMES: Final = OWN + SAID
"""What the values of a finding are, in their order."""
ASIDE: Final = ("by", "source", "entry", "reason", "expires")
"""What the values of a finding set aside are, after those of the finding."""
_OF_OWN: Final = attrgetter(*OWN)
_OF_SAID: Final = attrgetter(*SAID)
_OF_ASIDE: Final = attrgetter(*ASIDE)
_CHANGE: Final = attrgetter("line", "element", "old", "new")
_CITATION: Final = attrgetter("source", "release", "locator", "valid_from", "valid_to", "text")
_ADJUSTMENT: Final = attrgetter("group", "carc", "rarc", "appealable")
_APPEAL: Final = attrgetter("worth", "why", "needs")


@dataclass(frozen=True, slots=True)
class Repeated:
    """A column in which values repeat: each different one, and which of them each row has."""

    values: Sequence[Any]
    numbers: array[int]

    @classmethod
    def of(cls, column: Iterable[Any]) -> Repeated:
        """The same column, each different value once."""
        told: dict[Any, int] = {}
        numbers = array("i", [told.setdefault(value, len(told)) for value in column])
        return cls(list(told), numbers)

    @classmethod
    def always(cls, value: Any, many: int) -> Repeated:
        """A column of so many rows that all have this value."""
        return cls([value], array("i", [0]) * many)

    def each(self, make: Callable[[Any], Any]) -> Repeated:
        """A column of what is made of every value, of each different one once."""
        return Repeated(list(map(make, self.values)), self.numbers)

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


Told = Sequence[Any] | Repeated
"""A column: what each row says."""
Columns = dict[str, Told]
"""Columns of as many rows, by their names."""


def values_of(finding: Finding) -> Values:
    """What a finding says; :func:`finding_of` makes it again."""
    *own, changes = _OF_OWN(finding)
    *said, adjustment, citations, appeal = _OF_SAID(finding)
    return (
        *own,
        tuple(map(_CHANGE, changes)),
        *said,
        None if adjustment is None else _ADJUSTMENT(adjustment),
        tuple(map(_CITATION, citations)),
        None if appeal is None else _APPEAL(appeal),
    )


def finding_of(values: Values) -> Finding:
    """The finding that says so. Raises ValueError or TypeError where these are no values of a finding."""
    claim, line, message, codes, lines, claims, amount, allowed, byte, changes, *said = values
    rule, name, severity, reason, record, action, safety, text, file, segment, adjustment, citations, appeal = said
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
    return (*values_of(entry.finding), *_OF_ASIDE(entry))


def aside_of(values: ValuesAside) -> SetAside:
    """The finding set aside that says so. Raises ValueError or TypeError where these are no values of one."""
    return SetAside(finding_of(values[: len(NAMES)]), *values[len(NAMES) :])


def plain_of(placed: Sequence[tuple[int, Values]], packed: Callable[[Any], bytes]) -> Plain:
    """Findings, each with its place in the input, made plain. ``packed`` makes bytes of what many say alike."""
    said = Repeated.of(values[len(OWN) :] for _, values in placed)
    own = dict(zip(OWN, zip(*[values[: len(OWN)] for _, values in placed], strict=True), strict=True))
    for name in _AMOUNTS:
        own[name] = tuple(map(amount_text, own[name]))
    places = array("q", [place for place, _ in placed])
    return places.tobytes(), list(own.values()), (list(map(packed, said.values)), said.numbers.tobytes())


def columns_of_plain(plains: Iterable[Plain], names: Sequence[str], unpacked: Callable[[bytes], Any]) -> Columns:
    """The findings of several plain forms together in columns of these ``names``, in the order of the input.

    ``unpacked`` tells of what the bytes were made. Raises one of :data:`NO_PLAIN_FORM` when what it is given is none.
    """
    import numpy as np  # noqa: PLC0415 - a small check does not load it

    told, alike = list[bytes](), list[Any]()
    own: list[list[Any]] = [[] for _ in OWN]
    said: dict[bytes, int] = {}
    for places_here, own_here, said_here in plains:
        told.append(places_here)
        for column, more in zip(own, own_here, strict=True):
            column.extend(more)
        alike.append(numbered(said_here, said))
    places = np.frombuffer(b"".join(told), np.int64)
    if {*map(len, own), sum(map(len, alike))} != {len(places)}:
        raise ValueError("not so many of each")
    order = in_order(places)
    numbers, at = array("i", np.concatenate(alike)[order].tobytes()), order.tolist()
    of_own = (_of_own(name, map(column.__getitem__, at)) for name, column in zip(OWN, own, strict=True))
    of_said = (Repeated(values, numbers) for values in zip(*map(unpacked, said), strict=True))
    return dict(zip(names, chain(of_own, of_said), strict=True))


def _of_own(name: str, written: Iterable[Any]) -> Told:
    if name in _ONCE:
        return list(written)
    column = Repeated.of(written)
    return column.each(amount_of) if name in _AMOUNTS else column


@runtime_checkable
class InColumns(Protocol):
    """A report whose findings are kept in columns."""

    def columns_of_findings(self) -> Iterator[Columns]:
        """What the findings say, in order, of as many at a time as are held together: columns of :data:`NAMES`."""

    def columns_set_aside(self) -> Iterator[Columns]:
        """The same of the findings set aside: columns of :data:`NAMES`, and of :data:`ASIDE`."""


def columns_of_findings(report: Reported, many: int) -> Iterator[Columns]:
    """What the findings of a report say, in order, in columns of :data:`NAMES`.

    Of a report in memory, ``many`` are told at a time.
    """
    if isinstance(report, InColumns):
        return report.columns_of_findings()
    return in_columns(NAMES, map(values_of, report.findings), many)


def columns_set_aside(report: Reported, many: int) -> Iterator[Columns]:
    """The same of the findings that were set aside: columns of :data:`NAMES`, and of :data:`ASIDE`."""
    if isinstance(report, InColumns):
        return report.columns_set_aside()
    return in_columns((*NAMES, *ASIDE), map(values_aside, report.set_aside), many)


def in_columns(names: Sequence[str], records: Iterable[Sequence[Any]], many: int) -> Iterator[Columns]:
    """The values of records in columns of these ``names``, of ``many`` records at a time."""
    left = iter(records)
    while some := list(islice(left, many)):
        yield dict(zip(names, zip(*some, strict=True), strict=True))
