"""The DMEPOS fee schedule: durable medical equipment, prosthetics, orthotics and supplies, and nutrition, by state.

Published by CMS every quarter as a zip file with csv and xlsx copies of several tables, of which two are read:
``DMEPOS_JAN`` (title rows, ``January 2025 Fee Schedule``, the header ``HCPCS,Mod,Mod2,JURIS,CATG,Ceiling,Floor,AL
(NR),AL (R),...,VI (R),Description``) and ``DMEPEN_JAN``, parenteral and enteral nutrition
(``HCPCS,MOD,MOD2,AL(NR),AL(R),...,Desc``). Each state has two columns, outside rural areas (NR) and in them (R); 0.00
stands where there is no such fee, as in the rural column of items whose fees were never adjusted by competitive
bidding. Fees that competitive bidding set in former bidding areas, and the ZIP codes of those and of rural areas, stand
in other files, which are not read.

A row of the table is the fee of an item in a state: rows in are counted so, a line that cannot be read as one.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import parse_money

DMEPOS: Final = "dmepos"
NUTRITION: Final = "dmepos-pen"
SOURCES: Final = (DMEPOS, NUTRITION)

_FEE: Final = pa.decimal128(9, 2)

SCHEMA: Final = pa.schema(
    [
        ("hcpcs", pa.string()),
        ("state", pa.string()),
        ("modifier", pa.string()),
        ("second_modifier", pa.string()),
        ("jurisdiction", pa.string()),
        ("category", pa.string()),
        ("fee", _FEE),
        ("rural_fee", _FEE),
        ("row", pa.int32()),
    ]
)

_LEADING: Final = {
    DMEPOS: ("HCPCS", "MOD", "MOD2", "JURIS", "CATG", "CEILING", "FLOOR"),
    NUTRITION: ("HCPCS", "MOD", "MOD2"),
}
_UNUSED: Final = frozenset({"DESCRIPTION", "DESC", "SHORT DESCRIPTION"})
_STATE: Final = re.compile(r"(?P<state>[A-Z]{2}) ?\((?P<area>NR|R)\)")
_QUARTERS: Final = {"JANUARY": 1, "APRIL": 2, "JULY": 3, "OCTOBER": 4}
_TITLE: Final = re.compile(r"(JANUARY|APRIL|JULY|OCTOBER) (20\d\d) FEE SCHEDULE")
_RELEASE: Final = re.compile(r"20\d\dQ[1-4]")
_HEADER_WITHIN: Final = 12
_LEAST_STATES: Final = 50  # 50 states, DC, Puerto Rico and the Virgin Islands
_LEAST_ITEMS: Final = {DMEPOS: 2_000, NUTRITION: 25}  # about 3,000 and 42 in January 2025


def recognise(file: PublishedFile) -> bool:
    """True for the fee schedule of equipment or of nutrition, csv or xlsx."""
    return _header_row(file.first_rows(_HEADER_WITHIN)) is not None


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the schedule. Raises LayoutError without its header, InputError when the quarter cannot be told."""
    rows = list(file.rows())
    found = _header_row([cells for _, cells in rows[:_HEADER_WITHIN]])
    if found is None:
        raise LayoutError(file.origin, 1, f"{','.join(_LEADING[DMEPOS])},AL (NR),AL (R),...", "no such header")
    at, source = found
    header = [_name(cell) for cell in rows[at][1]]
    states, notes = _states(header, source)
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    rejected: list[tuple[int, str, str]] = []
    seen: dict[tuple[str, ...], int] = {}
    for row, cells in rows[at + 1 :]:
        if sum(1 for cell in cells if cell.strip()) <= 1:
            continue  # blank, or a footnote, which stands alone in its row
        texts = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        item = tuple(texts.get(name, "").upper() for name in ("HCPCS", "MOD", "MOD2"))
        why = _why_no_item(item)
        if not why and seen.setdefault(item, row) != row:
            why = f"second row of an item; row {seen[item]} was kept"
        if why:
            rejected.append((row, "-".join(part for part in item if part), why))
        else:
            rejected += _add_fees(columns, texts, item, states, row)
    quarter = _release_name(file, [cells for _, cells in rows[:at]], release)
    span = quarter_span(quarter)
    whole = len(seen) >= _LEAST_ITEMS[source] and len(states) >= _LEAST_STATES
    if not whole:
        notes.append(
            f"only {len(seen):,} items in {len(states)} states, a whole schedule has {_LEAST_ITEMS[source]:,} or more "
            f"in {_LEAST_STATES}: it is taken as an excerpt"
        )
    return ParsedRelease(
        source=source,
        release=quarter,
        table=pa.table(columns, schema=SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(columns["row"]) + len(rejected),
        covers_from=span[0],
        covers_to=span[1],
        whole=whole,
        notes=tuple(notes),
    )


def _add_fees(
    columns: dict[str, list[Any]],
    texts: dict[str, str],
    item: tuple[str, ...],
    states: dict[str, dict[str, str]],
    row: int,
) -> list[tuple[int, str, str]]:
    """Put the fees of an item in each state into the columns of the table; the rejects are those that are no amount."""
    hcpcs, modifier, second_modifier = item
    jurisdiction, category = texts.get("JURIS", ""), texts.get("CATG", "")
    rejected = []
    for state, areas in states.items():
        published = [texts.get(areas[area], "") if area in areas else "0" for area in ("NR", "R")]
        fee, rural = (_amount(text) for text in published)
        if fee is None or rural is None:
            rejected.append((row, f"{hcpcs}/{state}", f"the fees {published} are no amounts of dollars and cents"))
        elif fee or rural:
            values = (hcpcs, state, modifier, second_modifier, jurisdiction, category, fee, rural, row)
            for column, value in zip(columns.values(), values, strict=True):
                column.append(value)
    return rejected


def _amount(text: str) -> Decimal | None:
    fee = parse_money(text)
    return None if fee is None or fee < 0 or fee != round(fee, 2) else fee


def _name(published: str) -> str:
    return " ".join(published.split()).upper()


def _header_row(rows: list[list[str]]) -> tuple[int, str] | None:
    """Which row is the header, and of which of the two tables."""
    for at, cells in enumerate(rows):
        names = tuple(_name(cell) for cell in cells)
        for source, leading in _LEADING.items():
            behind = names[len(leading) :]
            if names[: len(leading)] == leading and behind and _STATE.fullmatch(behind[0]):
                return at, source
    return None


def _states(header: list[str], source: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The columns of each state by area, and notes on columns that nobody uses."""
    states: dict[str, dict[str, str]] = {}
    notes = []
    for name in header[len(_LEADING[source]) :]:
        match = _STATE.fullmatch(name)
        if match is not None:
            states.setdefault(match["state"], {})[match["area"]] = name
        elif name and name not in _UNUSED:
            notes.append(f"column {name!r} is new and not used")
    return states, notes


def _why_no_item(item: tuple[str, ...]) -> str:
    if not re.fullmatch(r"[A-Z][0-9]{4}", item[0]):
        return f"{item[0]!r} is no HCPCS Level II code: a letter and four digits"
    for modifier in item[1:]:
        if modifier and not re.fullmatch(r"[0-9A-Z]{2}", modifier):
            return f"{modifier!r} is no modifier"
    return ""


def _release_name(file: PublishedFile, titles: list[list[str]], given: str | None) -> str:
    if given is not None:
        if not _RELEASE.fullmatch(given):
            raise InputError(f"{given!r} is no quarter of the DMEPOS fee schedule; name it like 2025Q1.")
        return given
    for cells in titles:
        match = _TITLE.search(_name(" ".join(cells)))
        if match is not None:
            return f"{match[2]}Q{_QUARTERS[match[1]]}"
    raise InputError(
        f"{file.origin}: cannot tell which quarter this fee schedule is for: no title 'January 2025 Fee Schedule'; "
        "name it, e.g. --release 2025Q1."
    )
