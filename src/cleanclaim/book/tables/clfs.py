"""The clinical laboratory fee schedule (CLFS): what Medicare pays for each laboratory test, one rate for the nation.

Published by CMS every quarter as a zip file (25CLABQ1.zip) with csv, xlsx and text copies: title and copyright rows,
then the header ``YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDED LONGDESC`` (``EXTENDEDLONGDESC``
from 2026), and a row for each code, with QW in a row of its own where a waived test may bear it.
``INDICATOR`` N is the national rate; with L the rate is 0.00 and the contractor sets the price. The three descriptions
are the AMA's and are not kept. The text copy (divided by tildes, without a header) is not read.

The rows name the year only; the quarter stands in the name of the file (``CLFS 2025 Q1V1``, ``PUF_CLFS_CY2026_Q2V1``)
or of its archive (``25clabq1``).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables.contract import ParsedRelease, date8, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import parse_money

SOURCES: Final = ("clfs",)

SCHEMA: Final = pa.schema(
    [
        ("hcpcs", pa.string()),
        ("modifier", pa.string()),
        ("indicator", pa.string()),
        ("rate", pa.decimal128(9, 2)),
        ("valid_from", pa.date32()),
        ("row", pa.int32()),
    ]
)

_HEADER: Final = ("YEAR", "HCPCS", "MOD", "EFF_DATE", "INDICATOR", "RATE")
_DESCRIPTIONS: Final = frozenset({"SHORTDESC", "LONGDESC", "EXTENDEDLONGDESC"})
_HEADER_WITHIN: Final = 12
_INDICATORS: Final = ("N", "L")
_QUARTER: Final = re.compile(r"20\d\dQ[1-4]")
_OF_FILE: Final = re.compile(r"(?<![A-Z0-9])Q([1-4])(?:V\d+)?(?![A-Z0-9])")
_OF_ARCHIVE: Final = re.compile(r"(?<!\d)(\d\d)CLABQ([1-4])")
_LEAST_ROWS: Final = 1_500  # about 2,200 in January 2025


def recognise(file: PublishedFile) -> bool:
    """True for the fee schedule, csv or xlsx."""
    return _header_row(file.first_rows(_HEADER_WITHIN)) is not None


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the schedule. Raises LayoutError without its header, InputError when the quarter cannot be told."""
    rows = list(file.rows())
    at = _header_row([cells for _, cells in rows[:_HEADER_WITHIN]])
    if at is None:
        raise LayoutError(file.origin, 1, ",".join(_HEADER), "no such header")
    header = [cell.strip().upper() for cell in rows[at][1]]
    columns = {name: header.index(name) for name in _HEADER}
    known = {*_HEADER, *_DESCRIPTIONS}
    notes = [f"column {name!r} is new and not used" for name in header if name and name.replace(" ", "") not in known]
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    years: Counter[str] = Counter()
    seen: dict[tuple[str, str], int] = {}
    for row, cells in rows[at + 1 :]:
        if not any(cell.strip() for cell in cells):
            continue
        texts = {name: cells[column].strip() if column < len(cells) else "" for name, column in columns.items()}
        key = (texts["HCPCS"].upper(), texts["MOD"].upper())
        years[texts["YEAR"]] += 1
        why = _why_not(texts, key)
        if not why and seen.setdefault(key, row) != row:
            why = f"second row of a code and modifier; row {seen[key]} was kept"
        if why:
            rejected.append((row, "-".join(part for part in key if part), why))
            continue
        kept.append(
            {
                "hcpcs": key[0],
                "modifier": key[1],
                "indicator": texts["INDICATOR"].upper(),
                "rate": parse_money(texts["RATE"]),
                "valid_from": date8(texts["EFF_DATE"]),
                "row": row,
            }
        )
    quarter = _release_name(file, years.most_common(1)[0][0] if years else "", release)
    span = quarter_span(quarter)
    whole = len(kept) >= _LEAST_ROWS
    if not whole:
        notes.append(f"only {len(kept):,} rates, a whole file has {_LEAST_ROWS:,} or more: it is taken as an excerpt")
    return ParsedRelease(
        source=SOURCES[0],
        release=quarter,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=span[0],
        covers_to=span[1],
        whole=whole,
        notes=tuple(notes),
    )


def _header_row(rows: list[list[str]]) -> int | None:
    for at, cells in enumerate(rows):
        if tuple(cell.strip().upper() for cell in cells[: len(_HEADER)]) == _HEADER:
            return at
    return None


def _why_not(texts: dict[str, str], key: tuple[str, str]) -> str:
    if not re.fullmatch(r"[0-9A-Z]{5}", key[0]):
        return f"{key[0]!r} is no procedure code: five digits or letters"
    if key[1] and not re.fullmatch(r"[0-9A-Z]{2}", key[1]):
        return f"{key[1]!r} is no modifier"
    if texts["INDICATOR"].upper() not in _INDICATORS:
        return f"unknown indicator {texts['INDICATOR']!r}; N (national) and L (local) are known"
    if date8(texts["EFF_DATE"]) is None:
        return f"the effective date {texts['EFF_DATE']!r} cannot be read"
    return _why_no_rate(texts["RATE"], national=texts["INDICATOR"].upper() == "N")


def _why_no_rate(text: str, *, national: bool) -> str:
    rate = parse_money(text)
    if rate is None or rate < 0 or rate != round(rate, 2):
        return f"the rate {text!r} is no amount of dollars and cents"
    return "a national rate of 0.00" if national and not rate else ""


def _release_name(file: PublishedFile, year: str, given: str | None) -> str:
    if given is not None:
        if not _QUARTER.fullmatch(given):
            raise InputError(f"{given!r} is no quarter of the laboratory fee schedule; name it like 2025Q1.")
        return given
    # Underscores count as letters to a word boundary, and stand between the words of CMS's names.
    named = _OF_FILE.search(file.name.upper().replace("_", " "))
    archive = _OF_ARCHIVE.search(file.origin.upper())
    if re.fullmatch(r"20\d\d", year):
        if named is not None:
            return f"{year}Q{named[1]}"
        if archive is not None and archive[1] == year[2:]:
            return f"{year}Q{archive[2]}"
    raise InputError(
        f"{file.origin}: cannot tell which quarter this laboratory fee schedule is for; name it, e.g. --release 2025Q1."
    )
