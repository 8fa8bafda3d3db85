"""Claim adjustment reason codes (CARC) and remittance advice remark codes (RARC) of the 835.

Maintained by X12 (CARC) and CMS (RARC), three updates a year, published as web pages; the files read here are
exports of those pages with the header ``code,description`` (RARC: and ``last_modified``, when the row was
exported). The dates are glued to the end of the text::

    ...Start: 01/01/1997 | Last Modified: 04/01/2007 | Stop: 10/01/2008Notes: (Modified 4/1/07)

A code can no longer be used in an original remittance dated after its stop date (X12 external code lists,
explanation of Start, Last Modified and Stop), so ``valid_to`` is the stop date itself, included. Texts are (c) X12
and come from the user's own file only; the notes are left out.

The release is the day of the export, or the date in the file's name, or, without either, the newest start or
modification in the list: it is then at least as new as that. The lists give codes their dates, with history, and
are issued for no span of services.
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

SOURCES: Final = ("carc", "rarc")

SCHEMA: Final = pa.schema(
    [
        ("code", pa.string()),
        ("text", pa.string()),
        ("alert", pa.bool_()),
        ("valid_from", pa.date32()),
        ("modified", pa.date32()),
        ("valid_to", pa.date32()),
        ("row", pa.int32()),
    ]
)

_HEADER: Final = ["code", "description"]
_EXPORTED: Final = "last_modified"
_CODES: Final = {
    "carc": re.compile(r"[0-9]{1,3}|[A-DPWY][0-9]{1,2}"),
    "rarc": re.compile(r"(?:MA?|N)[0-9]{1,3}"),
}
_DAY: Final = r"\d{2}/\d{2}/\d{4}"
_GLUED: Final = re.compile(
    rf"(?P<text>.*?)Start: (?P<start>{_DAY})"
    rf"(?P<others>(?: \| (?:Last Modified|Stop): {_DAY})*)"
    r"(?:Notes: .*)?",
    re.DOTALL,
)
_OTHER: Final = re.compile(rf"(Last Modified|Stop): ({_DAY})")
_ALERT: Final = "Alert:"
_WHOLE_ROWS: Final = {"carc": 250, "rarc": 1_000}


def recognise(file: PublishedFile) -> bool:
    """True for an export of either list."""
    rows = file.first_rows(2)
    if len(rows) < len(("header", "first code")) or rows[0][: len(_HEADER)] != _HEADER:
        return False
    return len(rows[1]) >= len(_HEADER) and _list_of(rows[1][0]) is not None and "Start: " in rows[1][1]


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read an export; its first code says which of the two lists it is.

    Raises LayoutError when header or first code are of neither, InputError when nothing says the release.
    """
    rows = list(file.rows())
    header = rows[0][1] if rows else []
    if header[: len(_HEADER)] != _HEADER:
        raise LayoutError(file.origin, 1, ",".join(_HEADER), ",".join(header))
    source = _list_of(rows[1][1][0]) if len(rows) > 1 and rows[1][1] else None
    if source is None:
        raise LayoutError(file.origin, 2, "a row that begins with a CARC or RARC", "none")
    exported_at = header.index(_EXPORTED) if _EXPORTED in header else len(header)
    exports: set[Date] = set()
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[str, int] = {}
    for line, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        code, glued, *_ = [*(cell.strip() for cell in cells), "", ""]
        try:
            if not _CODES[source].fullmatch(code):
                raise _Rejected(f"{code!r} has not the shape of a {source.upper()}")
            if code in seen:
                raise _Rejected(f"second row of a code; row {seen[code]} was kept")
            fact = _fact(code, glued)
        except _Rejected as reason:
            rejected.append((line, code, str(reason)))
            continue
        seen[code] = line
        kept.append(fact | {"row": line})
        exports |= _exported(cells[exported_at:])
    lacks_series = source == "carc" and not any(code.startswith("B") for code in seen)
    return ParsedRelease(
        source=source,
        release=release or _release_name(file, exports, kept),
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=None,
        covers_to=None,
        whole=len(kept) >= _WHOLE_ROWS[source] and not lacks_series,
        notes=(
            *(f"column {name!r} is new and not used" for name in header[2:] if name != _EXPORTED),
            *(("no CARC of the B series in it: a part of the list",) if lacks_series else ()),
        ),
    )


class _Rejected(ValueError):
    """A row that cannot be a fact, and why."""


def _list_of(code: str) -> str | None:
    return next((source for source, shape in _CODES.items() if shape.fullmatch(code.strip())), None)


def _fact(code: str, glued: str) -> dict[str, Any]:
    found = _GLUED.fullmatch(glued)
    if found is None:
        raise _Rejected("no start date after its text, in the form 'Start: MM/DD/YYYY'")
    others = dict(_OTHER.findall(found["others"]))
    begins, ends = _day(found["start"]), _day(others.get("Stop"))
    if begins is not None and ends is not None and ends < begins:
        raise _Rejected(f"stops on {ends} before it starts on {begins}")
    text = found["text"].strip()
    return {
        "code": code,
        "text": text,
        "alert": text.startswith(_ALERT),
        "valid_from": begins,
        "modified": _day(others.get("Last Modified")),
        "valid_to": ends,
    }


def _day(text: str | None) -> Date | None:
    if text is None:
        return None
    month, day, year = text.split("/")
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise _Rejected(f"unreadable date {text!r}") from None


def _exported(cells: list[str]) -> set[Date]:
    try:
        return {dt.datetime.fromisoformat(cell).date() for cell in cells[:1]}
    except ValueError:
        return set()


def _release_name(file: PublishedFile, exports: set[Date], facts: list[dict[str, Any]]) -> str:
    if exports:
        return max(exports).isoformat()
    dated = re.search(r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)", file.name)
    if dated:
        return dated[0]
    changes = [fact[name] for fact in facts for name in ("valid_from", "modified") if fact[name] is not None]
    if not changes:
        raise InputError(f"{file.origin}: cannot tell how new this list is; name it, e.g. --release 2026-03-01.")
    return str(max(changes).isoformat())
