"""The report on all parts, read from disk in the order of the input whenever it is gone through."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Final, Generic, TypeVar

from cleanclaim.claims import spill
from cleanclaim.engine.stream.found import NAMES_OF, RECORD_OF, VALUES_OF, Checked, Found, Part, kind_and_window
from cleanclaim.engine.stream.results import NO_PLAIN_FORM, Results, template_of
from cleanclaim.engine.stream.values import Columns, columns_of_plain, in_columns
from cleanclaim.types import (
    BookEntry,
    ClaimResult,
    FileCount,
    Finding,
    Money,
    Reject,
    Report,
    SetAside,
    Severity,
    Totals,
    Verdict,
)

_Record = TypeVar("_Record")
_MOST_TEMPLATES: Final = 1 << 14
"""So many templates of results are remembered, made once from what the parts left."""
_MOST_SAID: Final = 1 << 12
"""The same of what findings say alike."""


@dataclass(frozen=True, slots=True)
class Begins:
    """Where the records of one kind are: each part's file, and the byte at which they begin in it."""

    kind: Found
    folder: Path
    files: tuple[tuple[Path, int], ...]

    def stretches(self) -> Iterator[list[spill.Placed]]:
        """The records of all parts, stretch by stretch of the input, in no order within one."""
        ahead: list[tuple[int, int, int, int]] = []  # stretch of the input, number of the file, byte, length
        for number, (path, begin) in enumerate(self.files):
            with path.open("rb") as file:
                self._look_ahead(ahead, number, begin, spill.head(file, begin))
        while ahead:
            stretch, records = ahead[0][0], list[spill.Placed]()
            while ahead and ahead[0][0] == stretch:
                _, number, at, length = heapq.heappop(ahead)
                path, _ = self.files[number]
                with path.open("rb") as file:
                    records += spill.body(file, at, length, path)
                    after = spill.following(at, length)
                    self._look_ahead(ahead, number, after, spill.head(file, after))
            yield records

    def _look_ahead(
        self, ahead: list[tuple[int, int, int, int]], number: int, at: int, head: tuple[int, int] | None
    ) -> None:
        if head is not None:
            kind, stretch = kind_and_window(head[0])
            if kind == self.kind:
                heapq.heappush(ahead, (stretch, number, at, head[1]))

    def expect(self, told: int, many: int) -> None:
        """Raise InputError when not so many records were there as the parts had found."""
        if told != many:
            raise spill.damaged(self.folder)


@dataclass(frozen=True, slots=True)
class OnDisk(Collection[_Record], Generic[_Record]):
    """Records of one kind of all parts, and what is told after them."""

    many: int
    begins: Begins
    after: tuple[_Record, ...] = ()

    def __len__(self) -> int:
        return self.many + len(self.after)

    def __contains__(self, wanted: object) -> bool:
        return any(record == wanted for record in self)

    def __iter__(self) -> Iterator[_Record]:
        """In the order of the input."""
        yield from self._values() if self.begins.kind in NAMES_OF else self._written()
        yield from self.after

    def _written(self) -> Iterator[_Record]:
        """The records that were written themselves; all frames of one stretch are in memory at a time."""
        told = 0
        for stretch in self.begins.stretches():
            stretch.sort(key=itemgetter(0))
            told += len(stretch)
            yield from map(itemgetter(1), stretch)
        self.begins.expect(told, self.many)

    def _values(self) -> Iterator[_Record]:
        """The records made of what they say."""
        try:
            for columns in self._columns():
                yield from map(RECORD_OF[self.begins.kind], zip(*columns.values(), strict=True))
        except (TypeError, ValueError) as error:
            raise spill.damaged(self.begins.folder) from error

    def columns(self) -> Iterator[Columns]:
        """What the records of a kind that has values say, in the order of the input, stretch by stretch of it."""
        yield from self._columns()
        kind = self.begins.kind
        yield from in_columns(NAMES_OF[kind], map(VALUES_OF[kind], self.after), max(1, len(self.after)))

    def _columns(self) -> Iterator[Columns]:
        folder = self.begins.folder
        unpacked = lru_cache(_MOST_SAID)(lambda content: spill.unpacked(content, folder))
        told = 0
        for stretch in self.begins.stretches():
            try:
                made = columns_of_plain((plain for _, plain in stretch), NAMES_OF[self.begins.kind], unpacked)
            except NO_PLAIN_FORM as error:
                raise spill.damaged(folder) from error
            stretch.clear()  # it is not needed while what was made of it is gone through
            told += len(made["rule"])
            yield made
        self.begins.expect(told, self.many)


@dataclass(frozen=True, slots=True)
class ResultsOnDisk(Collection[ClaimResult]):
    """What became of the claims of all parts."""

    many: int
    begins: Begins
    unpacked: Callable[[bytes], ClaimResult]
    """Tells a template; remembers many, since the blocks of all parts have the same."""

    def __len__(self) -> int:
        return self.many

    def __contains__(self, wanted: object) -> bool:
        return any(result == wanted for result in self)

    def __iter__(self) -> Iterator[ClaimResult]:
        return chain.from_iterable(self.blocks())

    def blocks(self) -> Iterator[Results]:
        """In the order of the input, all of one stretch of it at a time."""
        told = 0
        for stretch in self.begins.stretches():
            try:
                block = Results.of_plain((plain for _, plain in stretch), self.unpacked)
            except NO_PLAIN_FORM as error:
                raise spill.damaged(self.begins.folder) from error
            stretch.clear()  # as above
            told += len(block)
            yield block
        self.begins.expect(told, self.many)


@dataclass(frozen=True, slots=True)
class JoinedReport:
    """A :class:`~cleanclaim.types.Reported` whose records are on disk."""

    book: tuple[BookEntry, ...]
    claims: ResultsOnDisk
    findings: OnDisk[Finding]
    set_aside: OnDisk[SetAside]
    rejects: OnDisk[Reject]
    files: tuple[FileCount, ...]
    notes: tuple[str, ...]
    lines: int
    amount_at_risk: Money
    verdicts: Mapping[Verdict, int]
    severities: Mapping[Severity, int]
    totals: Totals

    def count(self, verdict: Verdict) -> int:
        """How many claims ended with ``verdict``."""
        return self.verdicts.get(verdict, 0)

    def blocks(self) -> Iterator[Results]:
        """What became of the claims, in input order: those of one stretch of the input at a time."""
        return self.claims.blocks()

    def columns_of_findings(self) -> Iterator[Columns]:
        """What the findings say, in order, those of one stretch of the input at a time."""
        return self.findings.columns()

    def columns_set_aside(self) -> Iterator[Columns]:
        """The same of the findings set aside."""
        return self.set_aside.columns()

    def whole(self) -> Report:
        """The same report in memory."""
        return Report(
            book=self.book,
            claims=tuple(self.claims),
            findings=tuple(self.findings),
            rejects=tuple(self.rejects),
            lines=self.lines,
            files=self.files,
            notes=self.notes,
            set_aside=tuple(self.set_aside),
            totals=self.totals,
        )


def begins_of(kind: Found, folder: Path, parts: Sequence[tuple[Part, Checked]]) -> Begins:
    """Where the records of one kind are that the parts left."""
    return Begins(kind, folder, tuple((part.found(folder), checked.begins[kind]) for part, checked in parts))


def results_on_disk(many: int, folder: Path, parts: Sequence[tuple[Part, Checked]]) -> ResultsOnDisk:
    """What became of the claims of the parts, which are ``many``."""

    @lru_cache(_MOST_TEMPLATES)
    def unpacked(content: bytes) -> ClaimResult:
        return template_of(spill.unpacked(content, folder))

    return ResultsOnDisk(many, begins_of(Found.RESULT, folder, parts), unpacked)
