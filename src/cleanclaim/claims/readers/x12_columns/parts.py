"""What one call of the compiled reader gives: a table, and the rejects with their places among its claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.x12_columns import layout
from cleanclaim.claims.table import ClaimTable, put_behind
from cleanclaim.types import Reject

if TYPE_CHECKING:  # the buffers bring the compiler, and the slow reader's parts do without
    from cleanclaim.claims.readers.x12_columns.buffers import Buffers


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file. ``places`` says of each reject how many claims of the table stand before it."""

    table: ClaimTable
    rejects: tuple[Reject, ...] = ()
    places: tuple[int, ...] = ()

    @classmethod
    def of(cls, items: Sequence[Claim | Reject]) -> Part:
        """The part that holds these."""
        claims = [item for item in items if isinstance(item, Claim)]
        rejects: list[Reject] = []
        places: list[int] = []
        before = 0
        for item in items:
            if isinstance(item, Claim):
                before += 1
            else:
                rejects.append(item)
                places.append(before)
        return cls(ClaimTable.of(claims), tuple(rejects), tuple(places))

    def items(self) -> Iterator[Claim | Reject]:
        """Claims and rejects in the order of the file."""
        waiting = iter(zip(self.places, self.rejects, strict=True))
        place, reject = next(waiting, (-1, None))
        for row, claim in enumerate(self.table.claims()):
            while reject is not None and place <= row:
                yield reject
                place, reject = next(waiting, (-1, None))
            yield claim
        if reject is not None:
            yield reject
        yield from (last for _, last in waiting)


def in_parts(items: Iterable[Claim | Reject], claims: int) -> Iterator[Part]:
    """What the slow reader gives, in parts of so many claims and rejects."""
    waiting = iter(items)
    while some := list(islice(waiting, claims)):
        yield Part.of(some)


class Replaced(NamedTuple):
    """Rows from ``start`` to ``end`` in whose place the slow reader's items stand."""

    start: int
    end: int
    items: list[Claim | Reject]

    @property
    def row_for_row(self) -> bool:
        """One row gives way to one claim or reject, or no row to a reject."""
        many = self.end - self.start
        return len(self.items) == 1 and (many == 1 or (many == 0 and isinstance(self.items[0], Reject)))


def put_in_place(
    buffers: Buffers,
    state: npt.NDArray[np.int64],
    faults: Sequence[tuple[str, ...]],
    replaced: Sequence[Replaced],
    *,
    reused: bool,
) -> Part:
    """The part in the buffers, with the slow reader's items. With ``reused`` its arrays are those of the buffers."""
    rows, lines, diagnoses = (int(state[count]) for count in (layout.S_ROWS, layout.S_LINES, layout.S_DIAGNOSES))
    found = _Found(buffers, rows, lines, diagnoses, tuple(faults))
    rejects, places = _rejects(replaced)
    claims = [item for one in replaced for item in one.items if isinstance(item, Claim)]
    slow = ClaimTable.of(claims) if claims else _nothing()
    if all(one.row_for_row for one in replaced) and found.take_in(slow, replaced):
        table = found.table(slow.kept, copied=not reused)
        gone = [one.start for one in replaced if one.end > one.start and isinstance(one.items[0], Reject)]
        if gone:
            left = np.delete(table.claim_rows, gone)
            table = ClaimTable(
                left, table.line_rows, table.diagnosis_rows, table.vocabulary, faults=table.faults, kept=table.kept
            )
        return Part(table, rejects, places)
    both = ClaimTable.concat([found.table((), copied=False), slow])
    order: list[int] = []
    behind, taken = 0, found.rows
    for one in replaced:
        order += range(behind, one.start)
        behind = one.end
        many = sum(isinstance(item, Claim) for item in one.items)
        order += range(taken, taken + many)
        taken += many
    order += range(behind, found.rows)
    return Part(both.take(order), rejects, places)


@cache
def _nothing() -> ClaimTable:
    """What most parts hold of the slow reader's: making a table takes as long for no claim as for one."""
    return ClaimTable.of(())


def _rejects(replaced: Sequence[Replaced]) -> tuple[tuple[Reject, ...], tuple[int, ...]]:
    """The rejects, and how many claims stand before each once every item is in its place."""
    rejects: list[Reject] = []
    places: list[int] = []
    more = 0
    for one in replaced:
        place = one.start + more
        for item in one.items:
            if isinstance(item, Reject):
                rejects.append(item)
                places.append(place)
            else:
                place += 1
        more = place - one.end
    return tuple(rejects), tuple(places)


@dataclass(slots=True)
class _Found:
    """What stands in the buffers after a call."""

    buffers: Buffers
    rows: int
    lines: int
    diagnoses: int
    faults: tuple[tuple[str, ...], ...]

    def take_in(self, slow: ClaimTable, replaced: Sequence[Replaced]) -> bool:
        """Write the slow reader's claims over their rows; False, with nothing done, where there is no room."""
        if not len(slow):
            return True
        buffers = self.buffers
        lines, diagnoses = self.lines + len(slow.line_rows), self.diagnoses + len(slow.diagnosis_rows)
        if lines > len(buffers.lines) or diagnoses > len(buffers.diagnoses):
            return False
        numbers = buffers.add(slow.vocabulary)
        if numbers is None:
            return False
        known = {fault: number for number, fault in enumerate(self.faults)}
        own = np.array([known.setdefault(fault, len(known)) for fault in slow.faults], np.int32)
        put_behind(slow, numbers, self.lines, self.diagnoses)
        claims = slow.claim_rows
        claims["envelope_faults"] = own[claims["envelope_faults"]]
        buffers.claims[[one.start for one in replaced if isinstance(one.items[0], Claim)]] = claims
        buffers.lines[self.lines : lines] = slow.line_rows
        buffers.diagnoses[self.diagnoses : diagnoses] = slow.diagnosis_rows
        self.lines, self.diagnoses, self.faults = lines, diagnoses, tuple(known)
        return True

    def table(self, kept: Sequence[Claim], *, copied: bool) -> ClaimTable:
        """The table of all rows."""
        buffers = self.buffers
        records = (buffers.claims[: self.rows], buffers.lines[: self.lines], buffers.diagnoses[: self.diagnoses])
        claims, lines, diagnoses = (own.copy() for own in records) if copied else records
        return ClaimTable(claims, lines, diagnoses, buffers.vocabulary(copied=copied), faults=self.faults, kept=kept)
