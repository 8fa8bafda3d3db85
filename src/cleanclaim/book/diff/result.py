"""The outcome of a comparison: counts at once, changes one by one as they are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleanclaim.book.diff.coded import Numbers
from cleanclaim.book.diff.described import OTHER, ROW_COLUMNS
from cleanclaim.book.diff.families import family_of
from cleanclaim.book.diff.model import (
    ADDED,
    ENDED,
    WHATS,
    Change,
    Counts,
    Difference,
    FamilyCount,
    Head,
    PublishedRow,
    Value,
)
from cleanclaim.book.provenance import Release
from cleanclaim.errors import UnknownName
from cleanclaim.types import Citation

_BATCH: Final = 5_000
_NEVER_BOUND: Final = "the new release lists it as deleted on its own effective date: it never was in force"


@dataclass(frozen=True)
class Found:
    """Changes of one sort: the row of each in the old and in the new release, -1 for none, and the kinds it is of."""

    old: Numbers
    new: Numbers
    never_bound: npt.NDArray[np.bool_]
    kinds: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def taken(self, at: Any) -> Found:
        """Some of them, or all in another order."""
        kinds = {name: marks[at] for name, marks in self.kinds.items()}
        return Found(self.old[at], self.new[at], self.never_bound[at], kinds)


@dataclass(frozen=True)
class Diff:
    """What the new of two releases tells otherwise than the old one.

    ``compared`` are the columns that were held against each other row by row.
    """

    head: Head
    counts: Counts
    _tables: tuple[pa.Table, pa.Table]
    _found: Mapping[str, Found]
    compared: tuple[str, ...]

    def selected(self, names: Sequence[str]) -> dict[str, Found]:
        """The changes that are of one of the named kinds; all of them without a name.

        A name is ``added``, ``ended``, ``between``, ``changed``, the source's word for one of these, or one of its
        kinds of change. Raises UnknownName for any other.
        """
        if not names:
            return dict(self._found)
        described = self.head.described
        words = {described.added: ADDED, described.ended: ENDED} | {what: what for what in WHATS}
        kinds = {OTHER, *(kind.name for kind in described.all_kinds)}
        asked = {name.lower().replace("-", "_") for name in names}
        for name in sorted(asked - words.keys() - kinds):
            raise UnknownName(
                f"{name!r} is no kind of change of {self.head.source}: there are {', '.join([*words, *sorted(kinds)])}."
            )
        whole = {words[name] for name in asked if name in words}
        chosen = {}
        for what, found in self._found.items():
            if what in whole:
                chosen[what] = found
                continue
            some = np.zeros(len(found.old), dtype=bool)
            for name in asked & found.kinds.keys():
                some |= found.kinds[name]
            chosen[what] = found.taken(some)
        return chosen

    def changes(self, *names: str, most: int | None = None) -> Iterator[Change]:
        """The changes: what was added, what ended, what was in force in between only, what changed.

        Of each the ones that matter most come first, by money where the source has some, else in the order of the keys.
        ``names`` narrow them as :meth:`selected` says; with ``most`` there are no more than so many of each.
        """
        for what, found in self.selected(names).items():
            yield from self.told(what, found, most)

    def families(self) -> tuple[FamilyCount, ...]:
        """The changes counted by family of codes, for sources that have one, in the order of the families."""
        counted: dict[str, Counter[str]] = {}
        for code, tally in self._by_code.items():
            counted.setdefault(family_of(code), Counter()).update(tally)
        return tuple(FamilyCount.of(name, counted[name]) for name in sorted(counted))

    def by_code(self) -> tuple[FamilyCount, ...]:
        """The changes of pairs counted by Column One (of add-on edits: by the add-on), most first."""
        if not self.head.described.per_code:
            return ()
        made = (FamilyCount.of(code, tally) for code, tally in self._by_code.items())
        return tuple(sorted(made, key=lambda one: (-one.total, one.name)))

    @cached_property
    def _by_code(self) -> dict[str, Counter[str]]:
        counted: dict[str, Counter[str]] = {}
        column = self.head.described.family
        for what, found in self._found.items() if column else ():
            for side, rows in ((1, found.new), (0, found.old[found.new < 0])):
                told = self._tables[side][column].take(pa.array(rows[rows >= 0])).cast(pa.string())
                for entry in told.value_counts().to_pylist():
                    counted.setdefault(entry["values"], Counter())[what] += entry["counts"]
        return counted

    def told(self, what: str, found: Found, most: int | None = None) -> Iterator[Change]:
        """Changes of one sort, as :meth:`selected` gives them, in their order; no more than ``most``."""
        found = found.taken(slice(0, most))
        for start in range(0, len(found.old), _BATCH):
            part = found.taken(slice(start, start + _BATCH))
            old, new = (self._cells(side, rows) for side, rows in enumerate((part.old, part.new)))
            marked = {name: marks.tolist() for name, marks in part.kinds.items()}
            for at, (before, after) in enumerate(zip(old, new, strict=True)):
                kinds = tuple(name for name, marks in marked.items() if marks[at])
                yield self._change(what, kinds, before, after, never_bound=bool(part.never_bound[at]))

    def _cells(self, side: int, rows: Numbers) -> list[dict[str, Any] | None]:
        listed = np.flatnonzero(rows >= 0)
        told: list[dict[str, Any] | None] = [None] * len(rows)
        picked = self._tables[side].take(pa.array(rows[listed])).to_pylist()
        for at, cells in zip(listed.tolist(), picked, strict=True):
            told[at] = cells
        return told

    def _change(
        self,
        what: str,
        kinds: tuple[str, ...],
        old: dict[str, Any] | None,
        new: dict[str, Any] | None,
        *,
        never_bound: bool,
    ) -> Change:
        told = new or old or {}
        key = {name: told[name] or "" for name in self.head.described.key}
        differences: tuple[Difference, ...] = ()
        if old is not None and new is not None:
            differences = tuple(
                Difference(name, old[name], new[name]) for name in self.compared if old[name] != new[name]
            )
        rows = [
            None if cells is None else self._row(release, key, cells)
            for release, cells in ((self.head.old, old), (self.head.new, new))
        ]
        return Change(what, kinds, key, differences, rows[0], rows[1], _NEVER_BOUND if never_bound else "")

    def _row(self, release: Release, key: Mapping[str, str], cells: dict[str, Any]) -> PublishedRow:
        values: dict[str, Value] = {
            name: value for name, value in cells.items() if name not in key and name not in ROW_COLUMNS
        }
        file = cells.get("file") or (release.files[0] if len(release.files) == 1 else "")
        where = f"{file or f'{release.source} {release.release}'}, row {cells['row']:,}"
        dated = self.head.described.dated
        citation = Citation(
            release.source,
            release.release,
            "/".join(part for part in key.values() if part),
            cells["valid_from"] if dated else release.covers_from,
            cells["valid_to"] if dated else release.covers_to,
            where,
        )
        return PublishedRow(cells["row"], values, citation)
