"""Place of service codes, and which practice-expense rate Medicare pays at each: facility or non-facility.

CMS publishes the list as a web page (Place of Service Code Set) and the rates in chapter 26 of the Medicare Claims
Processing Manual (Pub. 100-04, section 10.5); the file read here is a re-export of both with the header
``pos_code,pos_type,pos_name,pos_description``. It carries no dates: the list has no known begin or end, and the
release is the date in the file's name (2024-05, 2024-05-02) or, without one, ``undated``.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import LayoutError

SOURCES: Final = ("pos",)

SCHEMA: Final = pa.schema(
    [
        ("pos", pa.string()),
        ("name", pa.string()),
        ("facility", pa.bool_()),
        ("description", pa.string()),
        ("row", pa.int32()),
    ]
)

_HEADER: Final = ["pos_code", "pos_type", "pos_name", "pos_description"]
_FACILITY: Final = {"Facility": True, "Non-Facility": False}
_UNDATED: Final = "undated"
_WHOLE_ROWS: Final = 45  # 52 codes are assigned, of 01 to 99


def recognise(file: PublishedFile) -> bool:
    """True for the list of places of service."""
    rows = file.first_rows(1)
    return bool(rows) and rows[0][: len(_HEADER)] == _HEADER


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the list. Raises LayoutError when the header is another one."""
    rows = file.rows()
    _, header = next(rows, (1, []))
    if header[: len(_HEADER)] != _HEADER:
        raise LayoutError(file.origin, 1, ",".join(_HEADER), ",".join(header))
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        pos, setting, name, description, *_ = [*(cell.strip() for cell in cells), "", "", "", ""]
        why = ""
        if not re.fullmatch(r"[0-9]{2}", pos):
            why = f"{pos!r} is not two digits"
        elif setting not in _FACILITY:
            why = f"unknown pos_type {setting!r}"
        elif pos in seen:
            why = f"second row of a code; row {seen[pos]} was kept"
        if why:
            rejected.append((line, pos, why))
            continue
        seen[pos] = line
        kept.append(
            {
                "pos": pos,
                "name": name,
                "facility": _FACILITY[setting],
                "description": description or None,
                "row": line,
            }
        )
    dated = re.search(r"(?<!\d)20\d\d-\d\d(?:-\d\d)?(?!\d)", file.name)
    return ParsedRelease(
        source=SOURCES[0],
        release=release or (dated[0] if dated else _UNDATED),
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=None,
        covers_to=None,
        whole=len(kept) >= _WHOLE_ROWS,
        notes=tuple(f"column {name!r} is new and not used" for name in header[len(_HEADER) :]),
    )
