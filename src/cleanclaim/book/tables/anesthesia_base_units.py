"""Anesthesia base units: what each anesthesia code counts for before time is looked at.

Published by CMS on its page for anesthesiologists as "Anesthesia Base Units by CPT Code", a zip file with a workbook
and a text copy (tabs). The header stands in three rows, ``CODE`` and the year in the first, ``BASE`` and ``UNIT`` in
the two below it, over the second column; then a code and its base units a row. Codes lose their leading zeros in some
copies and get them back here.

CMS publishes the list when units change, not every year: that of 2022 stood for the years after it too. A release
therefore binds from its year on, until a newer one is loaded.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError

SOURCES: Final = ("anesthesia-base-units",)

SCHEMA: Final = pa.schema([("hcpcs", pa.string()), ("base_units", pa.int32()), ("row", pa.int32())])

_CODE_NAMES: Final = frozenset({"CODE", "CPT", "CPT CODE"})
_UNITS: Final = re.compile(r"(?:(?P<year>20\d\d) )?(?:ANESTHESIA )?BASE UNITS?")
_RELEASE: Final = re.compile(r"(20\d\d)")
_FILE_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_HEADER_ROWS: Final = 3
_HEADER_WITHIN: Final = 8
_CODE: Final = re.compile(r"[0-9]{1,5}")
_FIRST, _LAST = "00100", "01999"
_MOST: Final = 50  # the highest is 30, of 00796
_WHOLE_ROWS: Final = 250  # 273 codes in 2022


def recognise(file: PublishedFile) -> bool:
    """True for the list of base units, workbook, csv or text with tabs."""
    lines = file.head(_HEADER_WITHIN)
    top = [line.split("\t") for line in lines] if _by_tabs(lines) else file.first_rows(_HEADER_WITHIN)
    return _header([cells for cells in top if any(cell.strip() for cell in cells)]) is not None


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the list. Raises LayoutError when there is no such header, InputError when the year cannot be told."""
    lines = file.rows("\t" if _by_tabs(file.head(_HEADER_WITHIN)) else ",")
    rows = [(row, cells) for row, cells in lines if any(cell.strip() for cell in cells)]
    header = _header([cells for _, cells in rows[:_HEADER_WITHIN]])
    if header is None:
        raise LayoutError(file.origin, 1, "CODE and BASE UNIT, in one row or in three", "no such header")
    begin, code_column, units_column, year, notes = header
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[str, int] = {}
    for row, cells in rows[begin:]:
        if sum(1 for cell in cells if cell.strip()) == 1 and not _CODE.fullmatch(cells[code_column].strip()):
            continue  # a footnote stands alone in its row
        code = cells[code_column].strip().zfill(len(_FIRST)) if code_column < len(cells) else ""
        units = cells[units_column].strip() if units_column < len(cells) else ""
        why = _why_not(code, units)
        if not why and seen.setdefault(code, row) != row:
            why = f"second row of a code; row {seen[code]} was kept"
        if why:
            rejected.append((row, code, why))
        else:
            kept.append({"hcpcs": code, "base_units": int(units), "row": row})
    name = _release_name(file, year, release)
    whole = len(kept) >= _WHOLE_ROWS
    if not whole:
        notes.append(f"only {len(kept):,} codes, a whole list has {_WHOLE_ROWS:,} or more: it is taken as an excerpt")
    return ParsedRelease(
        source=SOURCES[0],
        release=name,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=dt.date(int(name), 1, 1),
        covers_to=None,
        whole=whole,
        notes=tuple(notes),
    )


def _by_tabs(lines: list[str]) -> bool:
    return any("\t" in line for line in lines)


def _header(rows: list[list[str]]) -> tuple[int, int, int, str, list[str]] | None:
    """Where the rows of codes begin, the columns of code and units, the year that the header names, and notes."""
    for begin in range(1, len(rows)):
        for used in range(1, min(_HEADER_ROWS, begin) + 1):
            names = _joined(rows[begin - used : begin])
            codes = [at for at, name in enumerate(names) if name in _CODE_NAMES]
            units = [(at, found) for at, name in enumerate(names) if (found := _UNITS.fullmatch(name))]
            if len(codes) == len(units) == 1:
                at, found = units[0]
                others = [name for column, name in enumerate(names) if name and column not in {codes[0], at}]
                notes = [f"column {name!r} is not used" for name in others]
                return begin, codes[0], at, found["year"] or "", notes
    return None


def _joined(rows: list[list[str]]) -> list[str]:
    """The names of columns whose words stand below each other."""
    width = max(len(cells) for cells in rows)
    return [
        " ".join(" ".join(cells[column] if column < len(cells) else "" for cells in rows).upper().split())
        for column in range(width)
    ]


def _why_not(code: str, units: str) -> str:
    if not _CODE.fullmatch(code):
        return f"{code!r} is not five digits"
    if not _FIRST <= code <= _LAST:
        return f"{code} is no anesthesia code ({_FIRST} to {_LAST})"
    if not re.fullmatch(r"[0-9]{1,2}", units) or int(units) > _MOST:
        return f"base units {units!r} are no whole number up to {_MOST}"
    return ""


def _release_name(file: PublishedFile, year: str, given: str | None) -> str:
    if given is not None:
        if not _RELEASE.fullmatch(given):
            raise InputError(f"{given!r} is no release of anesthesia base units; name it by its year, like 2022.")
        return given
    found = _FILE_YEAR.search(file.name)
    if not year and found is None:
        raise InputError(
            f"{file.origin}: cannot tell which year these base units are for; name it, e.g. --release 2022."
        )
    return year or (found[1] if found else "")
