"""Which Medicare contractor and pricing locality a ZIP code belongs to.

Published by CMS every quarter with the physician fee schedule ("Zip Code to Carrier Locality File"): ``ZIP5``, lines of
80 characters, laid out as in ``ZIP5lyout.txt``: state 1-2, ZIP 3-7, carrier 8-12, locality 13-14, rural indicator 15
(blank urban, R rural, B super rural), plus-four flag 21 (1: parts of the ZIP code belong elsewhere, which the ZIP9 file
tells), year and quarter 76-80 (YYYYQ). The carrier is the number of the Part B contractor.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import LayoutError

SOURCES: Final = ("zip-locality",)

SCHEMA: Final = pa.schema(
    [
        ("zip_code", pa.string()),
        ("state", pa.string()),
        ("carrier", pa.string()),
        ("locality", pa.string()),
        ("rural", pa.string()),
        ("divided", pa.bool_()),
        ("row", pa.int32()),
    ]
)

LEAST_ROWS: Final = 35_000  # 42,956 rows in October 2025
_TOP: Final = 20
_LINE: Final = re.compile(
    r"(?P<state>[A-Z]{2})(?P<zip_code>[0-9]{5})(?P<carrier>[0-9]{5})(?P<locality>[0-9]{2})(?P<rural>[ RB])"
    r".{5}(?P<divided>[01]).{54}(?P<year>20[0-9]{2})(?P<quarter>[1-4])\s*"
)


def recognise(file: PublishedFile) -> bool:
    """True for lines of a ZIP5 file."""
    lines = [line for line in file.head(_TOP) if line.strip()]
    return 2 * sum(_LINE.fullmatch(line) is not None for line in lines) > len(lines)


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the file. Raises LayoutError when no line is laid out as a ZIP5 line is."""
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    first_of: dict[str, int] = {}
    quarter = ""
    for row, line in enumerate(file.text.split("\n"), start=1):
        if not line.strip("\r\x1a "):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            rejected.append((row, line[2:7], "not laid out as a ZIP5 line"))
            continue
        found = f"{match['year']}Q{match['quarter']}"
        quarter = quarter or found
        if found != quarter:
            rejected.append((row, match["zip_code"], f"of quarter {found}, the file is of {quarter}"))
        elif (first := first_of.setdefault(match["zip_code"], row)) != row:
            rejected.append((row, match["zip_code"], f"second row of a ZIP code; row {first} was kept"))
        else:
            kept.append(
                {
                    **{name: match[name] for name in ("zip_code", "state", "carrier", "locality")},
                    "rural": match["rural"].strip(),
                    "divided": match["divided"] == "1",
                    "row": row,
                }
            )
    if not quarter:
        raise LayoutError(file.origin, 1, "a line of the ZIP5 file (80 characters)", "no such line")
    covers_from, covers_to = quarter_span(quarter)
    whole = len(kept) >= LEAST_ROWS
    note = f"only {len(kept):,} ZIP codes, a whole file has {LEAST_ROWS:,} or more: it is taken as an excerpt"
    return ParsedRelease(
        source=SOURCES[0],
        release=release or quarter,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=covers_from,
        covers_to=covers_to,
        whole=whole,
        notes=() if whole else (note,),
    )
