"""Anesthesia conversion factors: what one anesthesia unit pays in each fee schedule locality.

Published by CMS in every relative value bundle as ANESyyyy.csv and .xlsx, and as a workbook on its page for
anesthesiologists: perhaps title rows, then the header ``Contractor,Locality,Locality Name`` and a column whose name
holds the national factor (``National Anes CF of 20.3178``). From 2026 there are two such columns, ``Qualifying APM
National Anes CF ...`` and ``Non-Qualifying APM National Anes CF ...``, as there are two conversion factors. The
workbooks also repeat the practice cost indices. The text copy (ANESyyyy.txt, in cents, without a header) is not read.

The national factor of the header is a row too: of contractor "" and locality "".

In 2024 the factor changed on March 9 (Consolidated Appropriations Act, 2024), and CMS published a second file of the
same name: its release is ANES2024R, told by its factor.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables._localities import why_no_locality
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Date, parse_money

SOURCES: Final = ("mpfs-anesthesia",)

_FACTOR: Final = pa.decimal128(10, 6)

SCHEMA: Final = pa.schema(
    [
        ("mac", pa.string()),
        ("locality", pa.string()),
        ("locality_name", pa.string()),
        ("factor", _FACTOR),
        ("factor_qualifying_apm", _FACTOR),
        ("row", pa.int32()),
    ]
)

_KEYS: Final = ("Contractor", "Locality", "Locality Name")
_REPEATED: Final = ("Work GPCI", "PE GPCI", "MP GPCI")
_FACTOR_NAME: Final = re.compile(
    r"(?P<whose>NON-QUALIFYING APM |QUALIFYING APM |)NATIONAL ANES CF.* OF \$?(?P<factor>\d+\.\d+)"
)
_COLUMNS: Final = {"": "factor", "NON-QUALIFYING APM ": "factor", "QUALIFYING APM ": "factor_qualifying_apm"}
_RELEASE: Final = re.compile(r"ANES(20\d\d)(R?)")
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_HEADER_WITHIN: Final = 10
_LOWEST, _HIGHEST = 10, 100  # the national factor has been from 15 to 23 dollars since 2000
_WHOLE_ROWS: Final = 100  # there are 109 localities in 2025 and 2026
_CHANGED_2024: Final = (Decimal("20.7739"), dt.date(2024, 3, 9))
"""The second factor of 2024 and its first day."""


def recognise(file: PublishedFile) -> bool:
    """True for the anesthesia factors, csv or xlsx, of any year that has a header."""
    return _header_row(file.first_rows(_HEADER_WITHIN)) is not None


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the factors.

    Raises LayoutError when there is no header with the national factor, InputError when the year cannot be told.
    """
    rows = list(file.rows())
    at = _header_row([cells for _, cells in rows[:_HEADER_WITHIN]])
    if at is None:
        raise LayoutError(file.origin, 1, f"{', '.join(_KEYS)}, National Anes CF of ...", "no such header")
    line, header = rows[at]
    columns, national, notes = _columns(file, line, header)
    kept: list[dict[str, Any]] = [
        {"mac": "", "locality": "", "locality_name": "national", "factor_qualifying_apm": None, **national, "row": line}
    ]
    rejected: list[tuple[int, str, str]] = []
    seen: dict[tuple[str, str], int] = {}
    for row, cells in rows[at + 1 :]:
        if sum(1 for cell in cells if cell.strip()) <= 1:
            continue  # blank, or a footnote, which stands alone in its row
        texts = {name: cells[column].strip() if column < len(cells) else "" for name, column in columns.items()}
        key = (texts["mac"].zfill(5), texts["locality"].zfill(2))
        why = why_no_locality(key) or _why_no_factor(texts)
        if not why and seen.setdefault(key, row) != row:
            why = f"second row of a locality; row {seen[key]} was kept"
        if why:
            rejected.append((row, "-".join(key), why))
            continue
        kept.append(
            {
                "mac": key[0],
                "locality": key[1],
                "locality_name": texts["locality_name"].rstrip("* "),
                "factor": parse_money(texts["factor"]),
                "factor_qualifying_apm": parse_money(texts.get("factor_qualifying_apm", "")),
                "row": row,
            }
        )
    name = _release_name(file, national["factor"], release)
    return ParsedRelease(
        source=SOURCES[0],
        release=name,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=_first_day(name),
        covers_to=dt.date(int(name[4:8]), 12, 31),
        whole=len(kept) > _WHOLE_ROWS,
        notes=tuple(notes),
    )


def _header_row(rows: list[list[str]]) -> int | None:
    for at, cells in enumerate(rows):
        names = [" ".join(cell.split()) for cell in cells]
        if set(_KEYS) <= set(names) and any(_FACTOR_NAME.match(name.upper()) for name in names):
            return at
    return None


def _columns(file: PublishedFile, line: int, header: list[str]) -> tuple[dict[str, int], dict[str, Decimal], list[str]]:
    """Where each column stands, the national factors that the header names, and notes."""
    columns: dict[str, int] = {}
    national: dict[str, Decimal] = {}
    notes = []
    for at, published in enumerate(header):
        name = " ".join(published.split())
        factor = _FACTOR_NAME.match(name.upper())
        if name in _KEYS:
            columns[("mac", "locality", "locality_name")[_KEYS.index(name)]] = at
        elif factor is not None:
            column = _COLUMNS[factor["whose"]]
            columns[column], national[column] = at, Decimal(factor["factor"])
        elif name and name not in _REPEATED:
            notes.append(f"column {name!r} is new and not used")
    if "factor" not in columns:
        raise LayoutError(file.origin, line, "a column 'Non-Qualifying APM National Anes CF of ...'", ", ".join(header))
    return columns, national, notes


def _why_no_factor(texts: dict[str, str]) -> str:
    for name in ("factor", "factor_qualifying_apm"):
        if name not in texts:
            continue
        factor = parse_money(texts[name])
        if factor is None:
            return f"the conversion factor {texts[name]!r} is not a number"
        if not _LOWEST <= factor <= _HIGHEST:
            return f"the conversion factor {texts[name]!r} is not from {_LOWEST} to {_HIGHEST} dollars"
    return ""


def _release_name(file: PublishedFile, national: Decimal, given: str | None) -> str:
    if given is not None:
        if not _RELEASE.fullmatch(given):
            raise InputError(f"{given!r} is no release of anesthesia factors; name it like ANES2026.")
        return given
    found = _RELEASE.search(file.name.upper()) or _YEAR.search(file.name)
    if found is None:
        raise InputError(
            f"{file.origin}: cannot tell which year these anesthesia factors are for; name it, e.g. --release ANES2026."
        )
    changed, day = _CHANGED_2024
    return f"ANES{found[1]}R" if int(found[1]) == day.year and national == changed else f"ANES{found[1]}"


def _first_day(release: str) -> Date:
    year = int(release[4:8])
    return _CHANGED_2024[1] if release == f"ANES{_CHANGED_2024[1].year}R" else dt.date(year, 1, 1)
