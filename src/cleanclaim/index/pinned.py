"""A book in which some sources are held to one release each, whatever the day: what that release would say.

Two such books on one index tell what a release changes: everything that is not held answers alike in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cleanclaim.book.provenance import Release
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import DayBook, Index, OpenBook, Period
from cleanclaim.index.tables import TABLES, IndexedTable, spec
from cleanclaim.types import Date


@dataclass(frozen=True, slots=True)
class Pin:
    """The release a table is held to, by its number in the index, and the day its rows are asked for.

    ``day`` is the first day for which the publisher issued it, so that a row that is dated by itself binds as it does
    when the release begins; None where the release does not say, and rows are asked for the claim's own day.
    """

    number: int
    day: Date | None


class PinnedDay(DayBook):
    """A day on which some tables answer from one release each, taken to cover it."""

    def __init__(self, index: Index, day: Date, known_on: Date | None, period: Period, pins: Mapping[str, Pin]) -> None:
        super().__init__(index, day, known_on, period)
        self._pins = pins

    def day_of(self, table: str) -> Date:
        """The first day of the release that the table is held to, else the day itself."""
        pin = self._pins.get(table)
        return self.day if pin is None or pin.day is None else pin.day

    def is_endoscopic_base(self, hcpcs: str) -> bool:
        """True when the fee schedule that the book is held to makes a code the base of other endoscopies."""
        table, column = spec("mpfs"), "endoscopic_base"
        found = super().is_endoscopic_base(hcpcs)
        pin = self._pins.get(table.name)
        if pin is None or not found:
            return found
        key = (column, hcpcs)
        if key not in self.period.kept:
            rows = self._index.rows_with(table, column, hcpcs)
            self.period.kept[key] = any(self._index.release_of(table, row) == pin.number for row in rows)
        return bool(self.period.kept[key])

    def _candidates(self, table: IndexedTable) -> tuple[tuple[int, bool], ...]:
        pin = self._pins.get(table.name)
        return super()._candidates(table) if pin is None else ((pin.number, False),)


class PinnedBook(OpenBook):
    """An opened book held to ``releases``, one of a source; on every other source it answers as ``book`` does.

    The index is shared with ``book``, and the payers' policies are. Raises InputError for two releases of one source.
    """

    def __init__(self, book: OpenBook, releases: Iterable[Release]) -> None:
        super().__init__(book.index, book.store)
        self.use_policies(book.policies)
        self.held: dict[str, Release] = {}
        """By source, the release it is held to."""
        for release in releases:
            if release.source in self.held:
                raise InputError(f"{release.source}: a book can be held to one release of it, not to several.")
            self.held[release.source] = release
        self._pins = {
            table.name: Pin(self.index.releases.index(self.held[source]), self.held[source].covers_from)
            for table in TABLES
            for source in table.sources
            if source in self.held
        }

    def holds(self, table: str) -> bool:
        """A table is held to one release."""
        return table in self._pins

    def _day_book(self, service_date: Date, known_on: Date | None, period: Period) -> DayBook:
        return PinnedDay(self.index, service_date, known_on, period, self._pins)
