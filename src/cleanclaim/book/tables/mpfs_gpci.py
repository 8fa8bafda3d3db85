"""Geographic practice cost indices: what a fee schedule locality multiplies each relative value by.

Published by CMS as addendum E of the physician fee schedule rule and in every relative value bundle, as
GPCIyyyy.csv and .xlsx: title rows, a header row, one row per locality, then footnotes. Columns are found by name.
2020 had no State column. The bundle of January 2026 is reported to give the work index twice, without and with
the floor of 1.0; later ones give the floored index only, which is the one kept wherever both stand.

A footnote stands alone in its row. Footnotes are no rows of the table: they are neither kept nor rejected.
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
from cleanclaim.types import parse_money

SOURCES: Final = ("mpfs-gpci",)

_INDEX: Final = pa.decimal128(6, 3)

SCHEMA: Final = pa.schema(
    [
        ("mac", pa.string()),
        ("state", pa.string()),
        ("locality", pa.string()),
        ("locality_name", pa.string()),
        ("work_gpci", _INDEX),
        ("pe_gpci", _INDEX),
        ("mp_gpci", _INDEX),
        ("work_floor", pa.bool_()),
        ("row", pa.int32()),
    ]
)

# Letters and digits of the published names, without the year that leads the last five.
_NAMES: Final = {
    "MEDICAREADMINISTRATIVECONTRACTORMAC": "mac",
    "STATE": "state",
    "LOCALITYNUMBER": "locality",
    "LOCALITYNAME": "locality_name",
    "PWGPCI": "work_gpci",
    "PWGPCIWITH10FLOOR": "work_gpci_with_floor",
    "PWGPCIWITHOUT10FLOOR": "work_gpci_without_floor",
    "PEGPCI": "pe_gpci",
    "MPGPCI": "mp_gpci",
}
_PUBLISHED_NAMES: Final = {
    "mac": "Medicare Administrative Contractor (MAC)",
    "locality": "Locality Number",
    "locality_name": "Locality Name",
    "work_gpci": "PW GPCI",
    "pe_gpci": "PE GPCI",
    "mp_gpci": "MP GPCI",
}
_RELEASE: Final = re.compile(r"GPCI(20\d\d)")
_HEADER_WITHIN: Final = 10
_HIGHEST_INDEX: Final = 10  # the highest ever published is below 3
_WHOLE_ROWS: Final = 100  # there are 109 localities in 2025 and 2026, 112 in 2020


def recognise(file: PublishedFile) -> bool:
    """True for the GPCI file, csv or xlsx, of any year."""
    return _header_row(file.first_rows(_HEADER_WITHIN)) is not None


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read a GPCI file.

    Raises LayoutError when a column is missing, InputError when the year cannot be told.
    """
    rows = list(file.rows())
    at = _header_row([cells for _, cells in rows[:_HEADER_WITHIN]])
    if at is None:
        raise LayoutError(file.origin, 1, "a header row with 'Locality Number' and 'PW GPCI'", "none")
    line, header = rows[at]
    columns, floor, notes = _columns(file, line, header)
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in rows[at + 1 :]:
        if sum(1 for cell in cells if cell.strip()) <= 1:
            continue
        texts = {name: cells[column].strip() if column < len(cells) else "" for name, column in columns.items()}
        key = (texts["mac"].zfill(5), texts["locality"].zfill(2))
        why = why_no_locality(key) or _why_no_index(texts)
        if not why and key in seen:
            why = f"second row of a locality; row {seen[key]} was kept"
        if why:
            rejected.append((line, "-".join(key), why))
            continue
        seen[key] = line
        kept.append(
            {
                "mac": key[0],
                "state": texts.get("state"),
                "locality": key[1],
                "locality_name": texts["locality_name"].rstrip("* "),
                "work_gpci": parse_money(texts["work_gpci"]),
                "pe_gpci": parse_money(texts["pe_gpci"]),
                "mp_gpci": parse_money(texts["mp_gpci"]),
                "work_floor": floor,
                "row": line,
            }
        )
    name = _release_name(file, header, release)
    year = int(name.removeprefix("GPCI"))
    return ParsedRelease(
        source=SOURCES[0],
        release=name,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=dt.date(year, 1, 1),
        covers_to=dt.date(year, 12, 31),
        whole=len(kept) >= _WHOLE_ROWS,
        notes=tuple(notes),
    )


def _name(published: str) -> str:
    return re.sub(r"^20\d\d|[^A-Z0-9]", "", published.strip().upper())


def _header_row(rows: list[list[str]]) -> int | None:
    for at, cells in enumerate(rows):
        names = {_name(cell) for cell in cells}
        if {"LOCALITYNUMBER", "PEGPCI", "MPGPCI"} <= names:
            return at
    return None


def _columns(file: PublishedFile, line: int, header: list[str]) -> tuple[dict[str, int], bool | None, list[str]]:
    """Where each column stands, whether the work index has the floor (None: the header does not say), and notes."""
    columns: dict[str, int] = {}
    notes = []
    for at, published in enumerate(header):
        name = _NAMES.get(_name(published))
        if name is not None:
            columns[name] = at
        elif published.strip():
            notes.append(f"column {published.strip()!r} is new and not used")
    floor = None
    floored, bare = columns.pop("work_gpci_with_floor", None), columns.pop("work_gpci_without_floor", None)
    if floored is not None:
        columns["work_gpci"], floor = floored, True
        if bare is not None:
            notes.append("the work index is also given without the floor of 1.0: not used")
    elif bare is not None:
        columns["work_gpci"], floor = bare, False
    missing = [published for name, published in _PUBLISHED_NAMES.items() if name not in columns]
    if missing:
        raise LayoutError(file.origin, line, f"the column {missing[0]!r}", ", ".join(header))
    return columns, floor, notes


def _why_no_index(texts: dict[str, str]) -> str:
    for name in ("work_gpci", "pe_gpci", "mp_gpci"):
        index = parse_money(texts[name])
        if index is None:
            return f"{_PUBLISHED_NAMES[name]} {texts[name]!r} is not a number"
        if not Decimal(0) < index < _HIGHEST_INDEX:
            return f"{_PUBLISHED_NAMES[name]} {texts[name]!r} is not from 0 to {_HIGHEST_INDEX}"
        if index != round(index, 3):
            return f"{_PUBLISHED_NAMES[name]} {texts[name]!r} has more than the published 3 decimals"
    return ""


def _release_name(file: PublishedFile, header: list[str], given: str | None) -> str:
    if given is not None:
        if not _RELEASE.fullmatch(given):
            raise InputError(f"{given!r} is no GPCI release; name it like GPCI2026.")
        return given
    found = re.search(r"(20\d\d)\s+PW\s+GPCI", " ".join(header).upper()) or _RELEASE.search(file.name.upper())
    if found is None:
        raise InputError(
            f"{file.origin}: cannot tell which year these indices are for; name it, e.g. --release GPCI2026."
        )
    return f"GPCI{found[1]}"
