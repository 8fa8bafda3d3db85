"""Health care provider taxonomy: the ten-character codes by which providers name what they are.

Published by the NUCC twice a year as nucc_taxonomy_yyn.csv: version yy.0 in January, to be used from 1 April, and
version yy.1 in July, to be used from 1 October; a version covers the half year until the next one. Definitions
are (c) NUCC and are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Date

SOURCES: Final = ("nucc-taxonomy",)

SCHEMA: Final = pa.schema(
    [
        ("taxonomy", pa.string()),
        ("grouping", pa.string()),
        ("classification", pa.string()),
        ("specialization", pa.string()),
        ("display_name", pa.string()),
        ("section", pa.string()),
        ("row", pa.int32()),
    ]
)

_COLUMNS: Final = {
    "taxonomy": "Code",
    "grouping": "Grouping",
    "classification": "Classification",
    "specialization": "Specialization",
    "display_name": "Display Name",
    "section": "Section",
}
_KNOWN_UNUSED: Final = frozenset({"Definition", "Notes"})
_CODE: Final = re.compile(r"[0-9A-Z]{9}X")
_SECTIONS: Final = frozenset({"Individual", "Non-Individual"})
_FILE_NAME: Final = re.compile(r"taxonomy[ _-]?(\d\d)[._]?([01])(?!\d)", re.IGNORECASE)
_RELEASE: Final = re.compile(r"(\d\d)\.([01])")
_WHOLE_ROWS: Final = 800  # 883 in version 25.1


def recognise(file: PublishedFile) -> bool:
    """True for the taxonomy csv of any version that has all columns used here."""
    header = [cell.strip() for cells in file.first_rows(1) for cell in cells]
    return header[:4] == list(_COLUMNS.values())[:4]


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read a version of the code set.

    Raises LayoutError when a column is missing, InputError when the version cannot be told: only the file's name
    says it.
    """
    rows = file.rows()
    _, header = next(rows, (1, []))
    positions = {cell.strip(): at for at, cell in enumerate(header) if cell.strip()}
    missing = [name for name in _COLUMNS.values() if name not in positions]
    if missing:
        raise LayoutError(file.origin, 1, f"the column {missing[0]!r}", ",".join(header))
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        fact: dict[str, Any] = {
            name: cells[at].strip() if (at := positions[published]) < len(cells) else ""
            for name, published in _COLUMNS.items()
        }
        code = fact["taxonomy"]
        why = ""
        if not _CODE.fullmatch(code):
            why = f"{code!r} is not nine letters and digits and an X"
        elif fact["section"] not in _SECTIONS:
            why = f"unknown Section {fact['section']!r}"
        elif code in seen:
            why = f"second row of a code; row {seen[code]} was kept"
        if why:
            rejected.append((line, code, why))
            continue
        seen[code] = line
        kept.append(fact | {"row": line})
    version = _version(file, release)
    published, covers_from, covers_to = _span(version)
    return ParsedRelease(
        source=SOURCES[0],
        release=version,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=covers_from,
        covers_to=covers_to,
        published=published,
        whole=len(kept) >= _WHOLE_ROWS,
        notes=tuple(
            f"column {name!r} is new and not used"
            for name in positions
            if name not in {*_COLUMNS.values(), *_KNOWN_UNUSED}
        ),
    )


def _version(file: PublishedFile, given: str | None) -> str:
    if given is not None:
        if not _RELEASE.fullmatch(given):
            raise InputError(f"{given!r} is no taxonomy version; name it like 25.1.")
        return given
    found = _FILE_NAME.search(file.name)
    if found is None:
        raise InputError(
            f"{file.origin}: cannot tell which version this is, since only NUCC's own file name says it "
            "(nucc_taxonomy_251.csv); name it, e.g. --release 25.1."
        )
    return f"{found[1]}.{found[2]}"


def _span(version: str) -> tuple[Date, Date, Date]:
    """When a version was published, and the first and last day it is to be used."""
    year, half = 2000 + int(version[:2]), version[-1]
    if half == "0":
        return dt.date(year, 1, 1), dt.date(year, 4, 1), dt.date(year, 9, 30)
    return dt.date(year, 7, 1), dt.date(year, 10, 1), dt.date(year + 1, 3, 31)
