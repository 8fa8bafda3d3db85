"""Medicare Physician Fee Schedule relative value file (PPRRVU): what each code is worth and how it is paid.

Published by CMS four times a year in the bundle RVUyyL.zip (L is A January, B April, C July, D October; AR is a
correction of A), as csv and xlsx with the same columns. The header is stacked over about five rows, one word or
two in each; the names below are those rows joined, column by column, and columns are found by name, so that a
column CMS inserts (2026: PRIC IND) does no harm. Meaning of every indicator: the record layout in the bundle
(RVU25D.pdf). Held against the whole RVU25D and RVU26C and an excerpt of RVU26D. The fixed-width text of the
same bundle is not read: it holds nothing that the csv lacks.

Since 2026 there are two conversion factors and so two files: the one most claims are paid by (nonQPP, release
``RVU26C``) and the one for qualifying APM participants (QPP, release ``RVU26C-QPP``). Their titles are the same,
so the file's name decides; where that was changed, the price indicator does: 9 on every row of the nonQPP file,
1 on every row of the QPP file. The QPP file lists only codes that are priced, so it is never whole.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Date, parse_money

SOURCES: Final = ("mpfs-rvu",)

_RVU: Final = pa.decimal128(9, 2)
_FACTOR: Final = pa.decimal128(9, 4)

SCHEMA: Final = pa.schema(
    [
        ("hcpcs", pa.string()),
        ("modifier", pa.string()),
        ("description", pa.string()),
        ("status_indicator", pa.string()),
        ("work_rvu", _RVU),
        ("pe_rvu_nonfacility", _RVU),
        ("na_nonfacility", pa.bool_()),
        ("pe_rvu_facility", _RVU),
        ("na_facility", pa.bool_()),
        ("mp_rvu", _RVU),
        ("total_nonfacility", _RVU),
        ("total_facility", _RVU),
        ("pc_tc_indicator", pa.string()),
        ("global_days", pa.string()),
        ("pre_op", _RVU),
        ("intra_op", _RVU),
        ("post_op", _RVU),
        ("multiple_procedure", pa.string()),
        ("bilateral", pa.string()),
        ("assistant", pa.string()),
        ("co_surgeon", pa.string()),
        ("team_surgeon", pa.string()),
        ("price_indicator", pa.string()),
        ("endoscopic_base", pa.string()),
        ("conversion_factor", _FACTOR),
        ("supervision", pa.string()),
        ("calculation_flag", pa.string()),
        ("imaging_family", pa.string()),
        ("opps_pe_nonfacility", _RVU),
        ("opps_pe_facility", _RVU),
        ("opps_mp", _RVU),
        ("row", pa.int32()),
    ]
)

_PUBLISHED_NAMES: Final = {
    "hcpcs": "HCPCS",
    "modifier": "MOD",
    "description": "DESCRIPTION",
    "status_indicator": "STATUS CODE",
    "work_rvu": "WORK RVU",
    "pe_rvu_nonfacility": "NON-FAC PE RVU",
    "na_nonfacility": "NON-FAC NA INDICATOR",
    "pe_rvu_facility": "FACILITY PE RVU",
    "na_facility": "FACILITY NA INDICATOR",
    "mp_rvu": "MP RVU",
    "total_nonfacility": "NON-FACILITY TOTAL",
    "total_facility": "FACILITY TOTAL",
    "pc_tc_indicator": "PCTC IND",
    "global_days": "GLOB DAYS",
    "pre_op": "PRE OP",
    "intra_op": "INTRA OP",
    "post_op": "POST OP",
    "multiple_procedure": "MULT PROC",
    "bilateral": "BILAT SURG",
    "assistant": "ASST SURG",
    "co_surgeon": "CO-SURG",
    "team_surgeon": "TEAM SURG",
    "price_indicator": "PRIC IND",
    "endoscopic_base": "ENDO BASE",
    "conversion_factor": "CONV FACTOR",
    "supervision": "PHYSICIAN SUPERVISION OF DIAGNOSTIC PROCEDURES",
    "calculation_flag": "CALCULATION FLAG",
    "imaging_family": "DIAGNOSTIC IMAGING FAMILY INDICATOR",
    "opps_pe_nonfacility": "NON-FACILITY PE USED FOR OPPS PAYMENT AMOUNT",
    "opps_pe_facility": "FACILITY PE USED FOR OPPS PAYMENT AMOUNT",
    "opps_mp": "MP USED FOR OPPS PAYMENT AMOUNT",
}
_OPTIONAL: Final = frozenset({"price_indicator"})  # absent before 2026
_KNOWN_UNUSED: Final = frozenset({"NOTUSEDFORMEDICAREPAYMENT"})

_RVU_COLUMNS: Final = tuple(field.name for field in SCHEMA if field.type == _RVU)

# Record layout of RVU25D, data record and attachment A.
_INDICATORS: Final[Mapping[str, frozenset[str]]] = {
    "status_indicator": frozenset("ABCDEFGHIJMNPRTX"),
    "pc_tc_indicator": frozenset("0123456789"),
    "global_days": frozenset({"000", "010", "090", "MMM", "XXX", "YYY", "ZZZ"}),
    "multiple_procedure": frozenset("012345679"),
    "bilateral": frozenset("01239"),
    "assistant": frozenset("0129"),
    "co_surgeon": frozenset("0129"),
    "team_surgeon": frozenset("0129"),
}
# A workbook holds 09 as the number 9 in a few cells.
_WIDTH: Final = {"supervision": 2, "imaging_family": 2, "global_days": 3}

_CODE: Final = re.compile(r"[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4}")
_MODIFIER: Final = re.compile(r"(?:[0-9A-Z]{2})?")
_TITLE: Final = re.compile(r"\b20(\d\d)\b.*RELATIVE VALUE FILE\s+(JANUARY|APRIL|JULY|OCTOBER)")
_FILE_NAME: Final = re.compile(r"PPRRVU(?:20)?(\d\d)[ _-]?(JAN|APR|JUL|OCT)")
_RELEASED: Final = re.compile(r"RELEASED\s+(\d{1,2})/(\d{1,2})/(\d{4})")
_RELEASE: Final = re.compile(r"RVU(\d\d)([A-D])(R\d?)?(-QPP)?")
_CORRECTION: Final = re.compile(r"RVU(\d\d)([A-D])(R\d?)(?![A-Z0-9])")
_LETTERS: Final = {"JAN": "A", "APR": "B", "JUL": "C", "OCT": "D"}
# The corrected January 2024 file holds the conversion factor that the Consolidated Appropriations Act, 2024 set
# for services from the day it was signed; RVU24A stays in force for the days before.
_CORRECTED_FROM: Final = {"RVU24AR": dt.date(2024, 3, 9)}

_HEADER_WITHIN: Final = 30
_LARGEST_FIGURE: Final = 10_000  # the record layout gives 999.99
_WHOLE_ROWS: Final = 15_000  # every whole file since 2020 has more; an excerpt speaks only for its own codes


def recognise(file: PublishedFile) -> bool:
    """True for the relative value file, csv or xlsx, of any quarter."""
    rows = file.first_rows(_HEADER_WITHIN)
    at = _header_row(rows)
    if at is None:
        return False
    return {"STATUSCODE", "WORKRVU", "CONVFACTOR"} <= {_letters(name) for name in _joined(rows[: at + 1])}


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read a relative value file.

    Raises LayoutError when a column is missing, InputError when the release cannot be told.
    """
    rows = list(file.rows())
    head = [cells for _, cells in rows[:_HEADER_WITHIN]]
    at = _header_row(head)
    if at is None:
        raise LayoutError(file.origin, 1, "a header row that begins with HCPCS", "none in the first rows")
    columns, notes = _columns(file, rows[at][0], head[: at + 1])
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    first_row: dict[tuple[str, str], int] = {}
    for line, cells in rows[at + 1 :]:
        if not "".join(cells).strip(" \t\x1a"):
            continue
        texts = {name: cells[column].strip() if column < len(cells) else "" for name, column in columns.items()}
        key = (texts["hcpcs"], texts["modifier"])
        try:
            fact = _fact(texts)
            if key in first_row:
                raise _Rejected(f"second row of a code and modifier; row {first_row[key]} was kept")
        except _Rejected as reason:
            rejected.append((line, "-".join(filter(None, key)), str(reason)))
            continue
        first_row[key] = line
        kept.append(fact | {"row": line})
    name = _release_name(file, head[:at], kept, release)
    covers_from, covers_to = _span(name)
    return ParsedRelease(
        source=SOURCES[0],
        release=name,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=covers_from,
        covers_to=covers_to,
        published=_published(head[:at]),
        whole=len(kept) >= _WHOLE_ROWS and not name.endswith("-QPP"),
        notes=(*notes, *_wrong_totals(kept)),
    )


class _Rejected(ValueError):
    """A row that cannot be a fact, and why."""


def _letters(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def _header_row(rows: list[list[str]]) -> int | None:
    for at, cells in enumerate(rows):
        if cells and cells[0].strip().upper() == "HCPCS":
            return at
    return None


def _joined(head: list[list[str]]) -> list[str]:
    """The name of each column: its words in the stacked header rows, from top to bottom.

    The rows of the title hold one cell each and are no part of it.
    """
    stacked = [cells for cells in head[:-1] if sum(1 for cell in cells if cell.strip()) > 1] + head[-1:]
    width = len(head[-1])
    return [" ".join(" ".join(cells[at] for cells in stacked if at < len(cells)).split()) for at in range(width)]


def _columns(file: PublishedFile, line: int, head: list[list[str]]) -> tuple[dict[str, int], list[str]]:
    wanted = {_letters(published): name for name, published in _PUBLISHED_NAMES.items()}
    columns: dict[str, int] = {}
    notes = []
    for at, published in enumerate(_joined(head)):
        name = wanted.get(_letters(published))
        if name in columns:
            raise LayoutError(file.origin, line, f"one column {published!r}", "two of them")
        if name is not None:
            columns[name] = at
        elif published and _letters(published) not in _KNOWN_UNUSED:
            notes.append(f"column {published!r} is new and not used")
    missing = [_PUBLISHED_NAMES[name] for name in _PUBLISHED_NAMES if name not in {*columns, *_OPTIONAL}]
    if missing:
        raise LayoutError(file.origin, line, f"the column {missing[0]!r}", ", ".join(_joined(head)))
    return columns, notes


def _fact(texts: Mapping[str, str]) -> dict[str, Any]:
    if not _CODE.fullmatch(texts["hcpcs"]):
        raise _Rejected(_why_no_code(texts["hcpcs"]))
    if not _MODIFIER.fullmatch(texts["modifier"]):
        raise _Rejected(f"modifier {texts['modifier']!r} is not two letters or digits")
    fact: dict[str, Any] = {
        name: text.zfill(_WIDTH.get(name, 0)) if text.isdigit() else text for name, text in texts.items()
    }
    for name, allowed in _INDICATORS.items():
        if fact[name] not in allowed:
            raise _Rejected(f"unknown {_PUBLISHED_NAMES[name]} {fact[name]!r}")
    if fact["endoscopic_base"] and not _CODE.fullmatch(fact["endoscopic_base"]):
        raise _Rejected(f"endoscopic base {fact['endoscopic_base']!r} is not a code")
    for name in ("na_nonfacility", "na_facility"):
        if fact[name] not in {"", "NA"}:
            raise _Rejected(f"unknown {_PUBLISHED_NAMES[name]} {fact[name]!r}")
        fact[name] = fact[name] == "NA"
    for name in _RVU_COLUMNS:
        fact[name] = _figure(name, fact[name], places=2)
    fact["conversion_factor"] = _figure("conversion_factor", fact["conversion_factor"], places=4)
    return fact


def _why_no_code(code: str) -> str:
    if re.fullmatch(r"[0-9A-Z]{5}", code):
        return f"{code!r} has no code's shape: a placeholder of CMS, which no claim can carry"
    return f"{code!r} is not a code of five letters and digits"


def _figure(name: str, text: str, places: int) -> Decimal:
    figure = parse_money(text)
    if figure is None:
        raise _Rejected(f"{_PUBLISHED_NAMES[name]} {text!r} is not a number")
    if not 0 <= figure < _LARGEST_FIGURE:
        raise _Rejected(f"{_PUBLISHED_NAMES[name]} {text!r} is not from 0 to {_LARGEST_FIGURE}")
    if figure != round(figure, places):
        raise _Rejected(f"{_PUBLISHED_NAMES[name]} {text!r} has more than the published {places} decimals")
    return figure


def _wrong_totals(facts: list[dict[str, Any]]) -> list[str]:
    """A note on rows whose published totals are not the sum of their parts. The parts are what prices are made of."""
    wrong = [
        f"{fact['hcpcs']} {fact['modifier']}".strip()
        for fact in facts
        for setting in ("nonfacility", "facility")
        if fact["work_rvu"] + fact[f"pe_rvu_{setting}"] + fact["mp_rvu"] != fact[f"total_{setting}"]
    ]
    if not wrong:
        return []
    codes = list(dict.fromkeys(wrong))
    return [f"total RVUs are not the sum of their parts in {len(codes)} rows, {', '.join(codes[:5])} among them"]


def _release_name(
    file: PublishedFile, preamble: list[list[str]], facts: list[dict[str, Any]], given: str | None
) -> str:
    if given is not None:
        if not _RELEASE.fullmatch(given):
            raise InputError(f"{given!r} is no relative value release; name it like RVU26C or RVU26C-QPP.")
        return given
    title = " ".join(cell for cells in preamble for cell in cells).upper()
    found = _TITLE.search(title) or _FILE_NAME.search(file.name.upper())
    if found is None:
        raise InputError(
            f"{file.origin}: cannot tell which release this is; name it, e.g. --release RVU26C (year, then A "
            "January, B April, C July, D October)."
        )
    year, letter = found[1], _LETTERS[found[2][:3]]
    corrections = [
        match[3] for match in _CORRECTION.finditer(file.origin.upper()) if match.group(1, 2) == (year, letter)
    ]
    qualifying = "-QPP" if _for_qualifying_participants(file.name, facts) else ""
    return f"RVU{year}{letter}{corrections[-1] if corrections else ''}{qualifying}"


def _for_qualifying_participants(name: str, facts: list[dict[str, Any]]) -> bool:
    if "QPP" in name.upper():
        return "NONQPP" not in _letters(name)
    return {fact.get("price_indicator") for fact in facts} == {"1"}


def _span(release: str) -> tuple[Date, Date]:
    """A release is in force from its quarter on; CMS replaces it within the year, and at its end."""
    match = _RELEASE.fullmatch(release)
    if match is None:
        raise InputError(f"{release!r} is no relative value release.")
    year = 2000 + int(match[1])
    start = dt.date(year, 1 + 3 * "ABCD".index(match[2]), 1)
    return _CORRECTED_FROM.get(release.removesuffix("-QPP"), start), dt.date(year, 12, 31)


def _published(preamble: list[list[str]]) -> Date | None:
    found = _RELEASED.search(" ".join(cell for cells in preamble for cell in cells).upper())
    if found is None:
        return None
    try:
        return dt.date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        return None
