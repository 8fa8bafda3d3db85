"""A release in hand: its rows, what each is about, and which of them are in force by it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from cleanclaim.book.diff.coded import Codes, Numbers, days, first_of_each, places
from cleanclaim.book.diff.described import Described
from cleanclaim.book.diff.narrow import CodesAsked, narrowed
from cleanclaim.book.provenance import Release
from cleanclaim.book.store import BookStore
from cleanclaim.types import Date

_ALWAYS: Final = -(2**31) + 1
NEVER: Final = 2**31 - 1
"""The number of a day that does not come."""
_EPOCH: Final = dt.date(1970, 1, 1)


@dataclass
class Side:
    """A release in hand: its rows, their keys, and which of them are in force by it."""

    release: Release
    table: pa.Table
    keys: Numbers
    first: int
    last: int
    begins: Codes | None
    ends: Codes | None
    facts: Numbers
    """Distinct keys of the facts in force, in order; ``rows`` is the row of each."""
    rows: Numbers

    def last_rows_of(self, keys: Numbers) -> Numbers:
        """The row of each key that ended last, whether it is in force or not; -1 where there is none."""
        at = np.flatnonzero(places(keys, self.keys) >= 0)
        found, rows = first_of_each(self.keys[at], at, None if self.ends is None else -self.ends[at])
        return _rows_at(rows, places(found, keys))


def rows_of(store: BookStore, release: Release, described: Described, asked: CodesAsked) -> pa.Table:
    """The rows asked for, with the columns that are needed, every text held once."""
    table = store.table(release, texts_once=True)
    if described.prepare is not None:
        table = described.prepare(table)
    return narrowed(
        table.drop_columns([name for name in described.left_out if name in table.column_names]), described, asked
    )


def span(release: Release) -> tuple[Date | None, Date | None]:
    """First and last day a release speaks for; a release whose name is a day, and that has no span, from that day."""
    first = release.covers_from or release.published
    if first is None:
        try:
            first = dt.date.fromisoformat(release.release)
        except ValueError:
            return None, release.covers_to
    return first, release.covers_to


def _ordinal(day: Date | None, missing: int) -> int:
    return missing if day is None else (day - _EPOCH).days


def side_of(release: Release, table: pa.Table, keys: Numbers, described: Described) -> Side:
    """A release in hand. Of a dated source only the rows that bind on some day of its span are in force."""
    from_day, to_day = span(release)
    # With no first day nothing says what has ended by then: only a row without an end is in force.
    first, last = _ordinal(from_day, NEVER), _ordinal(to_day, NEVER)
    rows = np.arange(table.num_rows, dtype=np.int64)
    if not described.dated:
        return Side(release, table, keys, first, last, None, None, *first_of_each(keys, rows))
    begins, ends = days(table["valid_from"], _ALWAYS), days(table["valid_to"], NEVER)
    at = np.flatnonzero((begins <= last) & (ends >= first))
    return Side(release, table, keys, first, last, begins, ends, *first_of_each(keys[at], at, ends[at]))


def _rows_at(rows: Numbers, at: Numbers) -> Numbers:
    """The rows at some places, -1 where there is no place."""
    return np.where(at >= 0, rows[at], -1) if len(rows) else at
