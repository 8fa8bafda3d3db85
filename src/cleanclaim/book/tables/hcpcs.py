"""HCPCS Level II: the codes and two-character modifiers that CMS maintains, with the days they are in force.

Published by CMS every quarter as HCPCyyyy_QQQ_ANWEB.xlsx (QQQ: JAN, APR, JUL, OCT); a csv or tab-separated text
with the same header is read too, the fixed-width text of the same bundle is not. Meaning of the columns: the
record layout in the bundle (HCPC2024_recordlayout.txt).

A record begins with a row of RECID 3 (code) or 7 (modifier); rows of RECID 4 and 8 continue the long description
of the record above them, in the order of SEQNUM, and are counted with it. Descriptions are CMS's own, except
those of D codes, which are the ADA's and are dropped. TERM DT is the last day of a code: codes that end with a
quarter carry its last day. XREF1 to XREF5 refer a code that ended, or that Medicare does not take, to the codes that
are valid in its stead (``successors``, parted by a space). Some long-ended codes are still listed and some are not, so
a code that is missing says nothing of earlier years.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables.contract import ParsedRelease, date8, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Date

SOURCES: Final = ("hcpcs",)

SCHEMA: Final = pa.schema(
    [
        ("hcpcs", pa.string()),
        ("kind", pa.string()),
        ("description", pa.string()),
        ("short_description", pa.string()),
        ("coverage", pa.string()),
        ("betos", pa.string()),
        ("type_of_service", pa.string()),
        ("pricing", pa.string()),
        ("valid_from", pa.date32()),
        ("action_date", pa.date32()),
        ("valid_to", pa.date32()),
        ("action", pa.string()),
        ("successors", pa.string()),
        ("row", pa.int32()),
    ]
)

_TEXTS: Final = {
    "description": "LONG DESCRIPTION",
    "short_description": "SHORT DESCRIPTION",
    "coverage": "COV",
    "betos": "BETOS",
    "type_of_service": "TOS1",
    "pricing": "PRICE1",
    "action": "ACTION CD",
}
_DATES: Final = {"valid_from": "ADD DT", "action_date": "ACT EFF DT", "valid_to": "TERM DT"}
_REQUIRED: Final = ("HCPC", "SEQNUM", "RECID", *_TEXTS.values(), *_DATES.values())
_REFERENCES: Final = ("XREF1", "XREF2", "XREF3", "XREF4", "XREF5")
_KNOWN_UNUSED: Final = frozenset(
    """PRICE2 PRICE3 PRICE4 MULT_PI CIM1 CIM2 CIM3 MCM1 MCM2 MCM3 STATUTE LABCERT1 LABCERT2 LABCERT3 LABCERT4
    LABCERT5 LABCERT6 LABCERT7 LABCERT8 ASC_GRP ASC_DT OPPS OPPS_PI OPPS_DT PROCNOTE
    TOS2 TOS3 TOS4 TOS5 ANEST_BU""".split()
)

_KINDS: Final = {"3": "code", "4": "code", "7": "modifier", "8": "modifier"}
_CONTINUATIONS: Final = frozenset("48")
_PROCEDURE: Final = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_SHAPES: Final = {"code": re.compile(r"[A-Z][0-9]{4}"), "modifier": re.compile(r"[0-9A-Z]{2}")}
_COVERAGE: Final = frozenset("CDIMS")
_QUARTERS: Final = {"JAN": 1, "APR": 2, "JUL": 3, "OCT": 4}
_FILE_NAME: Final = re.compile(r"HCPC(20\d\d)[ _-](JAN|APR|JUL|OCT)")
_RELEASE: Final = re.compile(r"20\d\dQ[1-4]")
_WHOLE_ROWS: Final = 7_000  # 8,846 in October 2025


def recognise(file: PublishedFile) -> bool:
    """True for the quarterly file of all Level II codes and modifiers."""
    first = file.first_rows(1)[0] if file.is_sheet else (_split(file.head(1)) or [[]])[0]
    return [cell.strip() for cell in first[:4]] == ["HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION"]


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read a quarterly file.

    Raises LayoutError when a column is missing, InputError when the release cannot be told.
    """
    rows = file.rows(_delimiter(file))
    _, header = next(rows)
    columns, notes = _columns(file, header)
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[str, int] = {}
    for line, record in _records(rows, columns):
        code = record["HCPC"]
        try:
            fact = _fact(record)
            if code in seen:
                raise _Rejected(f"second record of a code; row {seen[code]} was kept")
        except _Rejected as reason:
            rejected.append((line, code, str(reason)))
            continue
        seen[code] = line
        kept.append(fact | {"row": line})
    name = _release_name(file, release)
    covers_from, covers_to = quarter_span(name)
    return ParsedRelease(
        source=SOURCES[0],
        release=name,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=covers_from,
        covers_to=covers_to,
        whole=len(kept) >= _WHOLE_ROWS,
        notes=tuple(notes),
    )


class _Rejected(ValueError):
    """A record that cannot be a fact, and why."""


def _delimiter(file: PublishedFile) -> str:
    return "\t" if any("\t" in line for line in file.head(1)) else ","


def _split(lines: list[str]) -> list[list[str]]:
    text = "\n".join(lines)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ","))
    except csv.Error:
        return []


def _columns(file: PublishedFile, header: list[str]) -> tuple[dict[str, int], list[str]]:
    columns = {cell.strip(): at for at, cell in enumerate(header) if cell.strip()}
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        raise LayoutError(file.origin, 1, f"the column {missing[0]!r}", ", ".join(columns))
    new = [name for name in columns if name not in {*_REQUIRED, *_REFERENCES, *_KNOWN_UNUSED}]
    return columns, [f"column {name!r} is new and not used" for name in new]


def _records(rows: Iterator[tuple[int, list[str]]], columns: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each record with the row it begins on, its long description joined from its continuation rows."""
    begun: tuple[int, dict[str, str]] | None = None
    for line, cells in rows:
        if not "".join(cells).strip(" \t\x1a"):
            continue
        texts = {
            name: cells[at].strip() if (at := columns.get(name, len(cells))) < len(cells) else ""
            for name in (*_REQUIRED, *_REFERENCES)
        }
        if texts["RECID"] in _CONTINUATIONS and begun is not None and begun[1]["HCPC"] == texts["HCPC"]:
            begun[1]["LONG DESCRIPTION"] += f" {texts['LONG DESCRIPTION']}"
            continue
        if begun is not None:
            yield begun
        begun = line, texts
    if begun is not None:
        yield begun


def _fact(record: dict[str, str]) -> dict[str, Any]:
    kind = _KINDS.get(record["RECID"])
    if kind is None:
        raise _Rejected(f"unknown record kind (RECID) {record['RECID']!r}")
    if record["RECID"] in _CONTINUATIONS:
        raise _Rejected("continues a description, but does not follow a record of its code")
    if not _SHAPES[kind].fullmatch(record["HCPC"]):
        raise _Rejected(f"{record['HCPC']!r} has not the shape of a Level II {kind}")
    if record["COV"] not in _COVERAGE:
        raise _Rejected(f"unknown coverage (COV) {record['COV']!r}")
    dates = {name: _date(record, published) for name, published in _DATES.items()}
    begins, ends = dates["valid_from"], dates["valid_to"]
    if begins is not None and ends is not None and ends < begins:
        raise _Rejected(f"ends on {ends} before it begins on {begins}")
    fact: dict[str, Any] = {name: record[published] for name, published in _TEXTS.items()}
    if kind == "code" and record["HCPC"].startswith("D"):
        fact |= {"description": None, "short_description": None}
    # A reference that is no procedure code ("CPT", a modifier) names no successor.
    successors = " ".join(record[name] for name in _REFERENCES if _PROCEDURE.fullmatch(record[name]))
    return fact | dates | {"hcpcs": record["HCPC"], "kind": kind, "successors": successors}


def _date(record: dict[str, str], published: str) -> Date | None:
    text = record[published]
    day = date8(text)
    if text and day is None:
        raise _Rejected(f"unreadable date (YYYYMMDD) in {published}: {text!r}")
    return day


def _release_name(file: PublishedFile, given: str | None) -> str:
    if given is not None:
        if not _RELEASE.fullmatch(given):
            raise InputError(f"{given!r} is no quarter; name the release like 2025Q4.")
        return given
    found = _FILE_NAME.search(file.name.upper())
    if found is None:
        raise InputError(
            f"{file.origin}: cannot tell which quarter this is, since only CMS's own file name says it "
            "(HCPC2025_OCT_ANWEB.xlsx); name it, e.g. --release 2025Q4."
        )
    return f"{found[1]}Q{_QUARTERS[found[2]]}"
