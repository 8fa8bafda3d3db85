"""What every table module provides, and the tools they share.

A table module declares ``SOURCES`` (the source ids it fills), ``SCHEMA`` (an Arrow schema; every table has a
``row`` column, the line of the published file the fact stands on), and two functions::

    def recognise(file: PublishedFile) -> bool: ...
    def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease: ...

``recognise`` looks at content, not at the file's name. ``parse`` checks the header exactly and raises
:class:`~cleanclaim.errors.LayoutError` when it is not the published one; a column that is new and not used is
named in ``notes``. A row that cannot be a fact goes to the rejects with its reason: rows in = rows kept +
rows rejected, always.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.errors import InputError
from cleanclaim.types import Date

REJECT_SCHEMA: Final = pa.schema([("row", pa.int32()), ("key", pa.string()), ("reason", pa.string())])


@dataclass(frozen=True)
class ParsedRelease:
    """A published file, parsed and checked, not yet in the book."""

    source: str
    release: str
    table: pa.Table
    rejects: pa.Table
    rows_in: int
    covers_from: Date | None
    covers_to: Date | None
    published: Date | None = None
    whole: bool = True
    part: int | None = None
    parts_expected: int | None = None
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        kept, rejected = self.table.num_rows, self.rejects.num_rows
        if kept + rejected != self.rows_in:
            raise InputError(
                f"{self.source} {self.release}: {self.rows_in} rows read, but {kept} kept and {rejected} "
                "rejected. This is a bug; please report it with the name of the published file."
            )


class TableModule(Protocol):
    """The shape of a module in this package."""

    SOURCES: tuple[str, ...]
    SCHEMA: pa.Schema

    def recognise(self, file: PublishedFile) -> bool:
        """True when the content has this table's published layout."""

    def parse(self, file: PublishedFile, release: str | None = None) -> ParsedRelease:
        """Read the file whole; ``release`` names it where neither content nor file name does."""


def reject_table(rows: list[int], keys: list[str], reasons: list[str]) -> pa.Table:
    """Rejects from three parallel lists."""
    return pa.table({"row": pa.array(rows, pa.int32()), "key": keys, "reason": reasons}, schema=REJECT_SCHEMA)


def rejects_of(rejected: Sequence[tuple[int, str, str]]) -> pa.Table:
    """Rejects from the row, the key and the reason of each."""
    rows, keys, reasons = zip(*rejected, strict=True) if rejected else ((), (), ())
    return reject_table(list(rows), list(keys), list(reasons))


def date8(text: str) -> Date | None:
    """A date published as YYYYMMDD; None for blank, ``*`` (no data) and what is no date."""
    text = text.strip()
    if len(text) != len("YYYYMMDD") or not text.isdigit():
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def table_from_rows(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """An Arrow table with exactly ``schema`` from row dictionaries."""
    return pa.Table.from_pylist(rows, schema=schema)
