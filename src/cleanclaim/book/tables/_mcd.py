"""What the tables of the Medicare Coverage Database share: one reader for its exports.

CMS publishes the database as zip files that hold zip files of csv (https://www.cms.gov/medicare-coverage-database,
Downloads: ``current_article``, ``current_lcd``, ``ncd``); each csv is one table, laid out as in the two data
dictionaries ("Article Download Database" and "LCD Download Database", both updated 4/29/2025). Seen in the files: text
in Windows-1252, a double quote around text, line breaks and HTML inside it, days as ``2026-01-23 19:05:54.163000000``
in UTC, and columns that the dictionary lacks (``reference_article``).

Only codes, numbers and days are kept, and the titles of determinations: descriptions and paragraphs may hold text that
is the AMA's.

The export lists what is current on its day, one version of each document. Its release is the latest day on which a row
was changed; it answers for the quarter of that day, since with each quarterly code update the codes get other versions
and so do the documents that name them (dictionary, ``hcpc_code_version``).
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Date

Cells = dict[str, str]
Facts = dict[str, Any]

UNDATED: Final = "undated"
_LONGEST_CELL: Final = 64 << 20  # the body of a document stands in one cell; the csv module's own limit is 128 KB
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_HCPCS: Final = re.compile(r"[0-9A-Z]{5}")
_ICD10CM: Final = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T][0-9:.]*)?")
_TAG: Final = re.compile(r"<[^>]*>")
_NEW_COLUMNS: Final = 3
NO_DIAGNOSIS: Final = "XX000"
"""What a list holds instead of a diagnosis code where it has none ("Not Applicable")."""


class BadRow(Exception):
    """A row that cannot be a fact; the text says why."""


@dataclass(frozen=True)
class McdTable:
    """One csv of the exports: how it is told, what of it is kept, and how many rows a whole one has at least.

    ``columns`` must all be there, ``others`` may. ``fact`` makes the kept columns of a row, or raises BadRow.
    ``by_quarter`` is False for tables whose rows have days of their own, so that an old one is still right.
    """

    source: str
    columns: tuple[str, ...]
    others: tuple[str, ...]
    schema: pa.Schema
    fact: Callable[[Cells], Facts]
    key: tuple[str, ...]
    least_rows: int
    by_quarter: bool = False

    def recognise(self, file: PublishedFile) -> bool:
        """True for a csv with every column we read, and no more unknown ones than a new version may bring."""
        header = _header(file)
        known = {*self.columns, *self.others}
        return set(self.columns) <= set(header) and len([name for name in header if name not in known]) <= _NEW_COLUMNS

    def parse(self, file: PublishedFile, release: str | None = None) -> ParsedRelease:
        """Read the table. Raises LayoutError for another header, InputError for a quote that is never closed."""
        header = _header(file)
        if not self.recognise(file):
            raise LayoutError(file.origin, 1, ", ".join(self.columns), ", ".join(header))
        kept: list[Facts] = []
        rejected: list[tuple[int, str, str]] = []
        first_of: dict[tuple[Any, ...], int] = {}
        latest = ""
        for row, cells in _rows(file, header):
            latest = max(latest, cells.get("last_updated", ""))
            try:
                if len(cells) != len(header):
                    raise BadRow(f"{len(cells)} columns, the header has {len(header)}")
                fact = self.fact(cells) | {"row": row}
                key = tuple(fact[name] for name in self.key)
                first = first_of.setdefault(key, row)
                if first != row:
                    raise BadRow(f"the same as row {first}, which was kept")
            except BadRow as fault:
                rejected.append((row, "/".join(list(cells.values())[:2]), str(fault)))
                continue
            kept.append(fact)
        day = _day(latest)
        span = (None, None) if day is None else quarter_span(f"{day.year}Q{(day.month + 2) // 3}")
        rows_in = len(kept) + len(rejected)
        notes = [f"column {name!r} is new and not used" for name in header if name not in {*self.columns, *self.others}]
        if rows_in < self.least_rows:
            notes.append(
                f"only {rows_in:,} rows, a whole table of this kind has {self.least_rows:,} or more: it is taken as an "
                "excerpt, which says nothing of what it does not list"
            )
        return ParsedRelease(
            source=self.source,
            release=release or (UNDATED if day is None else day.isoformat()),
            table=table_from_rows(kept, self.schema),
            rejects=rejects_of(rejected),
            rows_in=rows_in,
            covers_from=span[0],
            covers_to=span[1] if self.by_quarter else None,
            whole=rows_in >= self.least_rows,
            notes=tuple(notes),
        )


def schema(**columns: str) -> pa.Schema:
    """An Arrow schema from column names and kinds (``s`` text, ``t`` day, ``b`` truth, ``i`` number), and the row."""
    kinds = {"s": pa.string(), "t": pa.date32(), "b": pa.bool_(), "i": pa.int32()}
    return pa.schema([*((name, kinds[kind]) for name, kind in columns.items()), ("row", pa.int32())])


def _header(file: PublishedFile) -> list[str]:
    rows = file.first_rows(1)
    return [name.strip() for name in rows[0]] if rows else []


def _rows(file: PublishedFile, header: list[str]) -> Iterator[tuple[int, Cells]]:
    """Rows with the physical line each begins on. A row of other length keeps only as many cells as it has."""
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(file.text, newline=""), strict=True)
        next(reader, None)
        before = reader.line_num
        for row in reader:
            if any(row):
                extra = [f"column {number}" for number in range(len(header), len(row))]
                yield before + 1, dict(zip([*header, *extra], row, strict=False))
            before = reader.line_num
    except csv.Error as error:
        raise InputError(f"{file.origin}: cannot be read as a table ({error}). Get it again.") from error
    finally:
        csv.field_size_limit(limit)


# --- cells


def number(cells: Cells, name: str) -> str:
    """An identifier or version: a whole number, kept as text without leading zeros."""
    text = cells[name].strip()
    if not _NUMBER.fullmatch(text):
        raise BadRow(f"{name} {text[:20]!r} is no number")
    return str(int(text))


def hcpcs(cells: Cells, name: str) -> str:
    """A procedure code."""
    code = cells[name].strip().upper()
    if not _HCPCS.fullmatch(code):
        raise BadRow(f"{name} {code[:20]!r} is no procedure code: five digits or letters")
    return code


def icd10cm(cells: Cells, name: str) -> str:
    """A diagnosis code without its dot, or :data:`NO_DIAGNOSIS`."""
    code = cells[name].strip().upper()
    if code != NO_DIAGNOSIS and not _ICD10CM.fullmatch(code):
        raise BadRow(f"{name} {code[:20]!r} is no ICD-10-CM code")
    return code.replace(".", "")


def day(cells: Cells, name: str) -> Date | None:
    """A day; None where the cell is blank."""
    text = cells[name].strip()
    if not text:
        return None
    found = _day(text)
    if found is None:
        raise BadRow(f"{name} {text[:20]!r} is no day")
    return found


def contractor(cells: Cells) -> str:
    """The three parts of a contractor's key, as one text."""
    return "/".join(number(cells, f"contractor_{part}") for part in ("id", "type_id", "version"))


def plain(paragraph: str) -> str:
    """A paragraph without HTML, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", paragraph)).split())


def _day(text: str) -> Date | None:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
