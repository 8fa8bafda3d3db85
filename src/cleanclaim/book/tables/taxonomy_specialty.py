"""Which Medicare specialty or supplier type a provider taxonomy code enrolls as.

Published by CMS on its data portal ("Medicare Provider and Supplier Taxonomy Crosswalk"), csv: specialty code,
specialty, taxonomy code, and the taxonomy's type, classification and specialization in one text. A taxonomy may enroll
as several specialties, a specialty may have no taxonomy: such rows say nothing of a taxonomy and are rejected. Footnote
marks in brackets (``87[3]``) are left out. Only the file's name, or who loads it, tells its date; it is current until
the next one.
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

SOURCES: Final = ("taxonomy-specialty",)

SCHEMA: Final = pa.schema(
    [
        ("taxonomy", pa.string()),
        ("specialty_code", pa.string()),
        ("specialty", pa.string()),
        ("description", pa.string()),
        ("row", pa.int32()),
    ]
)

_COLUMNS: Final = {
    "specialty_code": "MEDICARE SPECIALTY CODE",
    "specialty": "MEDICARE PROVIDER/SUPPLIER TYPE DESCRIPTION",
    "taxonomy": "PROVIDER TAXONOMY CODE",
    "description": "PROVIDER TAXONOMY DESCRIPTION",
}
_CODE: Final = re.compile(r"[0-9A-Z]{9}X")
_MARK: Final = re.compile(r"\[\d+\]")
_DATE: Final = re.compile(r"(20\d\d)[-_ ]?(\d\d)[-_ ]?(\d\d)")
_WHOLE_ROWS: Final = 500  # 559 in October 2024


def recognise(file: PublishedFile) -> bool:
    """True for the crosswalk of any date."""
    header = [_name(cell) for cells in file.first_rows(1) for cell in cells]
    return header[:3] == list(_COLUMNS.values())[:3]


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read a crosswalk.

    Raises LayoutError when a column is missing, InputError when its date cannot be told.
    """
    rows = file.rows()
    _, header = next(rows, (1, []))
    positions = {_name(cell): at for at, cell in enumerate(header)}
    missing = [name for name in _COLUMNS.values() if name not in positions]
    if missing:
        raise LayoutError(file.origin, 1, f"the column {missing[0]!r}", ",".join(header))
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        fact: dict[str, Any] = {
            name: _MARK.sub("", cells[at]).strip() if (at := positions[published]) < len(cells) else ""
            for name, published in _COLUMNS.items()
        }
        key = (fact["taxonomy"], fact["specialty_code"])
        if not _CODE.fullmatch(fact["taxonomy"]):
            rejected.append((line, fact["specialty_code"], "no taxonomy code stands beside the specialty"))
        elif key in seen:
            rejected.append((line, "-".join(key), f"second row of a taxonomy and specialty; row {seen[key]} was kept"))
        else:
            seen[key] = line
            kept.append(fact | {"row": line})
    day = _day(file, release)
    return ParsedRelease(
        source=SOURCES[0],
        release=day.isoformat(),
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=day,
        covers_to=None,
        published=day,
        whole=len(kept) >= _WHOLE_ROWS,
    )


def _name(published: str) -> str:
    return published.partition(":")[0].strip().upper()


def _day(file: PublishedFile, given: str | None) -> Date:
    found = _DATE.search(given if given is not None else file.name)
    if found is None:
        raise InputError(
            f"{file.origin}: cannot tell of which day this crosswalk is, since only its name says it; name it, e.g. "
            "--release 2024-10-01."
        )
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise InputError(f"{found[0]!r} is no day; name the crosswalk like 2024-10-01.") from error
