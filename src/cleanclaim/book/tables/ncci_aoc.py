"""NCCI add-on code (AOC) edits of Medicare: which primary codes an add-on code may be paid with.

Published by CMS every year before January 1 and updated by quarter (NCCI Policy Manual for Medicare, I.W), with
deleted edits listed beside those in force. ``edit_type`` 1: only the listed primaries; 2: primaries are left to
the contractor; 3: some are listed, the contractor may add more. CMS writes a contractor's list as primary
``CCCCC``: here ``primary`` is null. Layouts read here:

* the CMS text (``AOC_V2026Q2-F-MCR.txt``): no header, fixed width, 0-based: 0 type, 1-5 add-on, 6-12 its deletion,
  13-17 primary, 18-24 its deletion, 25-31 and 32-38 effective and deletion date of the edit, 39- notes;
* the CMS workbook of the same columns (``AOC_V2026Q2-MCR.xlsx``), a copyright line above the header in some
  releases, the date columns marked as Julian in others;
* a tidy re-export of a whole table (``primary, addon, type, ..., notes``) which kept only the years of the dates.

No CMS file of the first two was at hand; their layouts rest on public material. CMS's own page on add-on edits:
fixed width since 2022, a workbook beside it since June 2023. Readers of the real files on GitHub: two of the text,
which agree on every position (one calls 6-12 another date of the codes); northstar (2024Q2) and one of 2026Q2 for
the workbook, which agree on its column names. CMS dates are YYYYDDD, year and day of the year. A deletion date is
taken as the last day, as in the PTP tables: codes gone on January 1, 2023 (99354) bear 2022.

A year alone is no effective date: edits do not start on January 1 by rule. The first took effect on April 1, 2013
(CMS on its add-on page with Change Request 7501, as quoted in public; row 0054T bears 2013091), and updates are
quarterly. So ``valid_from`` stays null for the re-export and the year goes to ``note``. A deletion year sets
``valid_to`` to its December 31, the latest the day can be, and the note says so: an edit known to be gone must not
bind for ever.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables import _ncci
from cleanclaim.book.tables.contract import ParsedRelease
from cleanclaim.errors import LayoutError
from cleanclaim.types import Date

SOURCES: Final = ("ncci-aoc",)

SCHEMA: Final = pa.schema(
    [
        ("add_on", pa.string()),
        ("primary", pa.string()),
        ("edit_type", pa.int8()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("note", pa.string()),
        ("row", pa.int32()),
    ]
)

LEAST_ROWS: Final = 5_000  # 8,186 rows in 2024Q2

CONTRACTOR_DEFINED: Final = "CCCCC"

_CMS_COLUMNS: Final = {
    "edit_type": "AOC_Edit_Type",
    "add_on": "Add-On_Code",
    "add_on_deleted": "AOC_DelDT",
    "primary": "Primary_Code",
    "primary_deleted": "Primary_Code_DelDT",
    "effective": "AOC_Edit_EffDT",
    "deleted": "AOC_Edit_DelDT",
    "note": "Special_Instruction_Notes",
}
_TIDY_COLUMNS: Final = {
    "edit_type": "type",
    "add_on": "addon",
    "add_on_deleted": "addon_deleted",
    "primary": "primary",
    "primary_deleted": "primary_deleted",
    "effective": "edit_effective",
    "deleted": "edit_deleted",
    "note": "notes",
}
_UNUSED_COLUMN: Final = "type_description"
_FIXED_COLUMNS: Final = {
    "edit_type": slice(0, 1),
    "add_on": slice(1, 6),
    "add_on_deleted": slice(6, 13),
    "primary": slice(13, 18),
    "primary_deleted": slice(18, 25),
    "effective": slice(25, 32),
    "deleted": slice(32, 39),
    "note": slice(39, None),
}
_FIXED_LINE: Final = re.compile(
    r"[1-3][0-9A-Z]{5}(?:\d{7}| {7})[0-9A-Z]{5}(?:\d{7}| {7})\d{7}(?:\d{7}.*| {7}.*| {0,6})"
)
_TOP: Final = 20  # rows searched for the header
_NO_DATE: Final = ("", "NA", "0000000")
_YEAR: Final = re.compile(r"20\d\d")
_YEAR_AND_DAY: Final = re.compile(r"(20\d\d)(\d{3})")
_DELETIONS: Final = {
    "add_on_deleted": "deletion date of the add-on",
    "primary_deleted": "deletion date of the primary",
    "deleted": "deletion date of the edit",
}

_Cells = dict[str, str]


@dataclass(frozen=True)
class _Content:
    """The rows of a file by field name, and what its layout writes for "left to the contractor"."""

    rows: list[tuple[int, _Cells]]
    contractor_defined: tuple[str, ...]
    notes: tuple[str, ...] = ()


def recognise(file: PublishedFile) -> bool:
    """True for a table of add-on and primary codes with their dates, as CMS or the re-export writes it."""
    return any(_is_header(cells) for cells in file.first_rows(_TOP)) or _is_fixed_width(file)


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read an add-on table whole.

    Raises :class:`~cleanclaim.errors.LayoutError` for another header and
    :class:`~cleanclaim.errors.InputError` when the release cannot be told.
    """
    _ncci.refuse_medicaid(file)
    content = _fixed_width(file) if _is_fixed_width(file) else _with_header(file)
    quarter = _ncci.release_of(file, release)
    table, rejects = _sort(content).tables(SCHEMA)
    rows_in = len(content.rows)
    whole = rows_in >= LEAST_ROWS
    note = () if whole else (_ncci.few_rows_note(rows_in, LEAST_ROWS, "add-on table"),)
    covers_from, covers_to = quarter_span(quarter)
    return ParsedRelease(
        source=SOURCES[0],
        release=quarter,
        table=table,
        rejects=rejects,
        rows_in=rows_in,
        covers_from=covers_from,
        covers_to=covers_to,
        whole=whole,
        notes=content.notes + note,
    )


def _is_header(cells: list[str]) -> bool:
    names = {_plain(cell) for cell in cells}
    cms = {_plain(_CMS_COLUMNS[field]) for field in ("add_on", "primary")}
    tidy = {_plain(_TIDY_COLUMNS[field]) for field in ("add_on", "primary", "effective")}
    return cms <= names or tidy <= names


def _plain(name: str) -> str:
    """A column name as its letters only; some releases mark their date columns as Julian."""
    return re.sub(r"[^a-z]|julian", "", name.casefold())


def _is_fixed_width(file: PublishedFile) -> bool:
    lines = [line for line in file.head(_TOP) if line.strip()]
    # Most of them, not all: a damaged line is to be rejected by itself and must not hide the file.
    return 2 * sum(_FIXED_LINE.fullmatch(line) is not None for line in lines) > len(lines)


def _fixed_width(file: PublishedFile) -> _Content:
    rows = [
        (number, {field: line[place].strip() for field, place in _FIXED_COLUMNS.items()})
        for number, line in enumerate(file.text.split("\n"), start=1)
        if line.strip()
    ]
    return _Content(rows, (CONTRACTOR_DEFINED,))


def _with_header(file: PublishedFile) -> _Content:
    rows = file.rows()
    line, header = next(((line, cells) for line, cells in rows if _is_header(cells)), (1, []))
    positions = {_plain(name): index for index, name in enumerate(header)}
    tidy = _plain(_TIDY_COLUMNS["add_on"]) in positions
    columns = _TIDY_COLUMNS if tidy else _CMS_COLUMNS
    if any(_plain(name) not in positions for name in columns.values()):
        raise LayoutError(file.name, line, ", ".join(columns.values()), ", ".join(header) or "no header")
    known = {_plain(name) for name in (*columns.values(), _UNUSED_COLUMN)}
    new = [name for name in header if _plain(name) and _plain(name) not in known]
    body = [
        (row, {field: _cell(cells, positions[_plain(name)]) for field, name in columns.items()})
        for row, cells in rows
        if any(cells)
    ]
    contractor_defined = (CONTRACTOR_DEFINED, "NA", "") if tidy else (CONTRACTOR_DEFINED,)
    return _Content(body, contractor_defined, _ncci.new_column_notes(new, ()))


def _cell(cells: list[str], position: int) -> str:
    return cells[position].strip() if position < len(cells) else ""


def _sort(content: _Content) -> _ncci.Sorter:
    sorter = _ncci.Sorter()
    first_rows: dict[tuple[str, ...], int] = {}
    for row, cells in content.rows:
        key = f"{_ncci.shown(cells['add_on'])}/{_ncci.shown(cells['primary'])}"
        if (first := first_rows.setdefault(tuple(cells.values()), row)) != row:
            sorter.reject(row, key, f"an exact copy of row {first}, which is kept")
            continue
        try:
            sorter.facts.append(_edit(cells, content.contractor_defined) | {"row": row})
        except _UnreadableRow as fault:
            sorter.reject(row, key, str(fault))
    return sorter


class _UnreadableRow(Exception):
    """A row that cannot be an edit; the text says why."""


def _edit(cells: _Cells, contractor_defined: tuple[str, ...]) -> dict[str, Any]:
    primary = None if cells["primary"] in contractor_defined else cells["primary"]
    fault = _ncci.code_fault(cells["add_on"], "add-on")
    if primary is not None:
        fault = fault or _ncci.code_fault(primary, "primary")
        if primary.isalpha():
            fault = fault or f"primary '{primary}' stands for something other than a code, and we know not what"
    if cells["edit_type"] not in ("1", "2", "3"):
        fault = fault or f"edit type '{_ncci.shown(cells['edit_type'])}' is not 1, 2 or 3"
    if fault is not None:
        raise _UnreadableRow(fault)
    valid_from, valid_to, remarks = _span(cells)
    published = [] if cells["note"] in ("", "NA") else [cells["note"]]
    return {
        "add_on": cells["add_on"],
        "primary": primary,
        "edit_type": int(cells["edit_type"]),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "note": "; ".join(published + remarks) or None,
    }


def _span(cells: _Cells) -> tuple[Date | None, Date | None, list[str]]:
    """First and last day of the edit, and what is not known of them."""
    remarks = []
    if _YEAR.fullmatch(cells["effective"]):
        valid_from = None
        remarks.append(f"effective in {cells['effective']}, day not given")
    else:
        valid_from = _day(cells["effective"], "effective date")
    valid_to = None
    for field, what in _DELETIONS.items():
        last = _day(cells[field], what)
        if last is not None and (valid_to is None or last < valid_to):
            valid_to = last
    if valid_to is not None and any(_YEAR.fullmatch(cells[field]) for field in _DELETIONS):
        remarks.append(f"deleted in {valid_to.year}, day not given: the last it can be is taken")
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise _UnreadableRow("deleted before it took effect")
    return valid_from, valid_to, remarks


def _day(text: str, what: str) -> Date | None:
    """The day of a YYYYDDD; December 31 of a year; None where no date is given."""
    if text in _NO_DATE:
        return None
    if _YEAR.fullmatch(text):
        return dt.date(int(text), 12, 31)
    if match := _YEAR_AND_DAY.fullmatch(text):
        day = dt.date(int(match[1]), 1, 1) + dt.timedelta(days=int(match[2]) - 1)
        if day.year == int(match[1]):
            return day
    raise _UnreadableRow(f"{what} '{_ncci.shown(text)}' is neither a day (YYYYDDD) nor a year")
