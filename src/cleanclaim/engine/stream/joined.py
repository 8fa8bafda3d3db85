"""The report on all parts, read from disk in the order of the input whenever it is gone through."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Generic, TypeVar

from cleanclaim.claims import spill
from cleanclaim.engine.stream.parts import Checked, Found, Part, kind_and_window
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


@dataclass(frozen=True, slots=True)
class OnDisk(Collection[_Record], Generic[_Record]):
    """Records of one kind of all parts, and what is told after them."""

    kind: Found
    many: int
    files: tuple[tuple[Path, int], ...]
    """Each part's file, and the byte at which records of the kind begin in it."""
    after: tuple[_Record, ...] = ()

    def __len__(self) -> int:
        return self.many + len(self.after)

    def __contains__(self, wanted: object) -> bool:
        return any(record == wanted for record in self)

    def __iter__(self) -> Iterator[_Record]:
        """In the order of the input: all parts' frames of one stretch of it are in memory at a time."""
        told = 0
        for stretch in self._stretches():
            told += len(stretch)
            yield from (record for _, record in stretch)
        if told != self.many:
            raise spill.damaged(self.files[0][0].parent)
        yield from self.after

    def _stretches(self) -> Iterator[list[spill.Placed]]:
        ahead: list[tuple[int, int, int, int]] = []  # stretch of the input, number of the file, byte, length
        for number, (path, begin) in enumerate(self.files):
            with path.open("rb") as file:
                self._look_ahead(ahead, number, begin, spill.head(file, begin))
        while ahead:
            stretch, records = ahead[0][0], []
            while ahead and ahead[0][0] == stretch:
                _, number, at, length = heapq.heappop(ahead)
                path, _ = self.files[number]
                with path.open("rb") as file:
                    records += spill.body(file, at, length, path)
                    after = spill.following(at, length)
                    self._look_ahead(ahead, number, after, spill.head(file, after))
            records.sort(key=itemgetter(0))
            yield records

    def _look_ahead(
        self, ahead: list[tuple[int, int, int, int]], number: int, at: int, head: tuple[int, int] | None
    ) -> None:
        if head is not None:
            kind, stretch = kind_and_window(head[0])
            if kind == self.kind:
                heapq.heappush(ahead, (stretch, number, at, head[1]))


@dataclass(frozen=True, slots=True)
class JoinedReport:
    """A :class:`~cleanclaim.types.Reported` whose records are on disk."""

    book: tuple[BookEntry, ...]
    claims: OnDisk[ClaimResult]
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


def on_disk(
    kind: Found, many: int, folder: Path, parts: Sequence[tuple[Part, Checked]], after: tuple[_Record, ...] = ()
) -> OnDisk[_Record]:
    """The records of one kind that the parts left."""
    return OnDisk(kind, many, tuple((part.found(folder), checked.begins[kind]) for part, checked in parts), after)
