"""NCCI procedure-to-procedure (PTP) edits of Medicare: pairs of codes not paid together.

Published by CMS every quarter, practitioner and outpatient hospital tables apart, each in four parts
(``ccipra-v322r0-f1`` to ``-f4``). Each release carries the history: deleted edits stay listed with their dates.
Layouts read here:

* the CMS text: a copyright line, a title, four header lines read downwards, tabs, dates YYYYMMDD, ``*`` for
  "no deletion date" and for "in existence prior to 1996";
* the same as a workbook;
* a tidy re-export (``column_1, column_2, deletion, modifier, rationale``) of a whole table. It dropped the
  effective date and the 1996 mark: both stay null.

A deletion date is the last day an edit binds. Edits with indicator 9 were deleted on their own effective date
(NCCI Policy Manual for Medicare, I.E) and never bound: they go to the rejects. One pair may have several rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables import _ncci
from cleanclaim.book.tables.contract import REJECT_SCHEMA, ParsedRelease, date8
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Date, Setting

SOURCES: Final = ("ncci-ptp-practitioner", "ncci-ptp-outpatient")

SCHEMA: Final = pa.schema(
    [
        ("column_one", pa.string()),
        ("column_two", pa.string()),
        ("modifier_indicator", pa.int8()),
        ("prior_to_1996", pa.bool_()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("rationale", pa.string()),
        ("row", pa.int32()),
    ]
)

PARTS: Final = 4
# CMS lists 675,037, 675,235, 674,890 and 608,227 records for the four practitioner parts of 2026Q3, and the
# whole table of 2024Q3 has 2,546,017: what has far fewer was cut by somebody and is not the published file.
LEAST_ROWS_OF_A_PART: Final = 100_000
LEAST_ROWS_OF_A_TABLE: Final = 1_000_000

NEVER_IN_FORCE: Final = "deleted on its own effective date (indicator 9, NCCI Policy Manual I.E): never in force"

_CMS_COLUMNS: Final = {
    "column_one": "Column 1",
    "column_two": "Column 2",
    "prior_to_1996": "*=in existence prior to 1996",
    "valid_from": "Effective Date",
    "valid_to": "Deletion Date *=no data",
    "modifier_indicator": "Modifier 0=not allowed 1=allowed 9=not applicable",
    "rationale": "PTP Edit Rationale",
}
_TIDY_COLUMNS: Final = {
    "column_one": "column_1",
    "column_two": "column_2",
    "valid_to": "deletion",
    "modifier_indicator": "modifier",
    "rationale": "rationale",
}
_INDICATORS: Final = {"0": 0, "1": 1, "9": 9}
_NOT_APPLICABLE: Final = 9
_PART: Final = re.compile(r"cci(?:pra|oph).*[-_]f([1-4])(?!\d)", re.IGNORECASE)
_TOP: Final = 40  # lines searched for the header; published preambles have two
_BLOCK_BYTES: Final = 16 << 20

_Reader = Callable[[str], tuple[Any, str | None]]


@dataclass(frozen=True)
class _Layout:
    """Where the columns of a file stand, and the line or sheet row on which the edits begin."""

    columns: dict[str, int]
    width: int
    first_row: int
    delimiter: str
    preamble: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Top:
    """The first rows of a file, with the physical line each begins on, and which of them is the header."""

    rows: list[tuple[int, list[str]]]
    header: int
    delimiter: str
    published: dict[str, str]


def recognise(file: PublishedFile) -> bool:
    """True for a table headed by column 1, column 2 and their dates, as CMS or the re-export writes it."""
    return _top(file) is not None


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read one part, or a whole table, of a PTP release.

    Raises :class:`~cleanclaim.errors.LayoutError` for another header and
    :class:`~cleanclaim.errors.InputError` when the setting or the release cannot be told.
    """
    _ncci.refuse_medicaid(file)
    layout = _layout(file)
    setting = _ncci.setting_of(file, layout.preamble)
    if setting not in (Setting.PRACTITIONER, Setting.OUTPATIENT):
        raise InputError(
            f"{file.name}: cannot tell whether these are practitioner or outpatient hospital edits. Keep the "
            "published file name (ccipra or ccioph), or put practitioner or outpatient into it."
        )
    quarter = _ncci.release_of(file, release)
    raw, misfits = _read_sheet(file, layout) if file.is_sheet else _read_text(file, layout)
    if misfits.num_rows > raw.num_rows:
        found = misfits["reason"][0].as_py()
        raise LayoutError(file.name, misfits["row"][0].as_py(), f"{layout.width} columns in every row", found)
    rows_in = raw.num_rows + misfits.num_rows
    table, rejects = _interpret(raw)
    rejects = pa.concat_tables([rejects, misfits]).sort_by("row")
    part, whole, note = _extent(file, rows_in)
    covers_from, covers_to = quarter_span(quarter)
    return ParsedRelease(
        source=f"ncci-ptp-{setting}",
        release=quarter,
        table=table,
        rejects=rejects,
        rows_in=rows_in,
        covers_from=covers_from,
        covers_to=covers_to,
        whole=whole,
        part=part,
        parts_expected=None if part is None else PARTS,
        notes=layout.notes + note,
    )


def _extent(file: PublishedFile, rows: int) -> tuple[int | None, bool, tuple[str, ...]]:
    """Part number, whether the file is the whole table, and a note when it is neither."""
    part = _PART.search(file.name)
    least = LEAST_ROWS_OF_A_TABLE if part is None else LEAST_ROWS_OF_A_PART
    if rows < least:
        published = "PTP table" if part is None else "part of the PTP table"
        return None, False, (_ncci.few_rows_note(rows, least, published),)
    return (None, True, ()) if part is None else (int(part[1]), False, ())


def _top(file: PublishedFile) -> _Top | None:
    for delimiter in ("\t", ","):
        rows = _first_rows(file, delimiter)
        for index, (_, cells) in enumerate(rows):
            names = [_ncci.plain(cell) for cell in cells]
            if {"column_1", "column_2", "modifier"} <= set(names):
                return _Top(rows, index, delimiter, _TIDY_COLUMNS)
            dated = any(name.startswith(("effective", "deletion")) for name in names)
            if dated and names[:2] == ["column1", "column2"]:
                return _Top(rows, index, delimiter, _CMS_COLUMNS)
    return None


def _first_rows(file: PublishedFile, delimiter: str) -> list[tuple[int, list[str]]]:
    if file.is_sheet:
        return list(enumerate(file.first_rows(_TOP), start=1))
    reader = csv.reader((line + "\n" for line in file.head(_TOP)), delimiter=delimiter)
    rows = []
    before = 0
    try:
        for cells in reader:
            rows.append((before + 1, cells))
            before = reader.line_num
    except csv.Error:
        return []
    return rows


def _layout(file: PublishedFile) -> _Layout:
    top = _top(file)
    if top is None:
        raise LayoutError(file.name, 1, "a header of PTP edits (Column 1, Column 2, ...)", "none")
    line, header = top.rows[top.header]
    names = list(header)
    edits = top.rows[top.header + 1 :]
    # The CMS header runs over several lines, its first cell filled only on the first of them.
    while edits and not "".join(edits[0][1][:1]).strip():
        for index, cell in enumerate(edits.pop(0)[1][: len(names)]):
            names[index] += " " + cell
    if not edits:
        raise InputError(f"{file.name}: no edit follows the header on line {line}. Is the file complete?")
    first_row, first_edit = edits[0]
    found = [_ncci.plain(name) for name in names]
    positions = {name: index for index, name in enumerate(found) if index < len(first_edit)}
    wanted = {field: _ncci.plain(name) for field, name in top.published.items()}
    if not set(wanted.values()) <= set(positions):
        expected = " | ".join(top.published.values())
        raise LayoutError(file.name, line, expected, " | ".join(" ".join(name.split()) for name in names))
    return _Layout(
        columns={field: positions[name] for field, name in wanted.items()},
        width=len(first_edit),
        first_row=first_row,
        delimiter=top.delimiter,
        preamble=" ".join(cell for _, cells in top.rows[: top.header] for cell in cells),
        notes=_ncci.new_column_notes(names, set(wanted.values())),
    )


def _read_text(file: PublishedFile, layout: _Layout) -> tuple[pa.Table, pa.Table]:
    """The used columns, each text held once, with their lines; and the lines that have another width."""
    misfits = _ncci.Sorter()
    skipped: list[int] = []

    def misfit(row: Any) -> str:
        skipped.append(row.number)
        if row.text.strip():
            key = "/".join(_ncci.shown(cell) for cell in row.text.split(layout.delimiter)[:2])
            reason = f"{row.actual_columns} columns where the first edit has {row.expected_columns}"
            misfits.reject(row.number, key, reason)
        return "skip"

    content = file.content if file.content.isascii() else file.text.encode()
    names = [str(position) for position in range(layout.width)]
    once = pa.dictionary(pa.int32(), pa.string())
    table = pv.read_csv(
        pa.BufferReader(content),
        # One thread: only then does pyarrow tell the line of a misfit, and two would gain nothing.
        pv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK_BYTES,
            skip_rows=layout.first_row - 1,
            column_names=names,
        ),
        pv.ParseOptions(delimiter=layout.delimiter, ignore_empty_lines=False, invalid_row_handler=misfit),
        pv.ConvertOptions(
            column_types=dict.fromkeys(names, once),
            include_columns=[str(position) for position in layout.columns.values()],
        ),
    )
    table = table.rename_columns(list(layout.columns)).unify_dictionaries().combine_chunks()
    lines = np.arange(layout.first_row, layout.first_row + len(table) + len(skipped), dtype=np.int32)
    lines = np.delete(lines, np.array(skipped, dtype=np.int64) - layout.first_row)
    return _without_blank_rows(table.append_column("row", pa.array(lines))), misfits.tables(SCHEMA)[1]


def _read_sheet(file: PublishedFile, layout: _Layout) -> tuple[pa.Table, pa.Table]:
    """As :func:`_read_text`; rows of a sheet all have one width."""
    rows = file.sheet[layout.first_row - 1 :]
    columns = {
        field: pa.array((cells[position] for cells in rows), pa.string()).dictionary_encode()
        for field, position in layout.columns.items()
    }
    columns["row"] = pa.array(range(layout.first_row, layout.first_row + len(rows)), pa.int32())
    return _without_blank_rows(pa.table(columns)), REJECT_SCHEMA.empty_table()


def _without_blank_rows(raw: pa.Table) -> pa.Table:
    blank = None
    for field in raw.column_names[:-1]:
        column = raw[field].combine_chunks()
        empty = pc.equal(column.indices, pc.index(column.dictionary, "").as_py())
        blank = empty if blank is None else pc.and_(blank, empty)
    return raw.filter(pc.invert(blank)).combine_chunks()


def _interpret(raw: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Edits without a fault, each once, in the order of the schema; and the rejects."""
    coded = {field: raw[field].combine_chunks() for field in _READERS if field in raw.column_names}
    values = {}
    faults = []
    for field, column in coded.items():
        # A column holds a few thousand distinct texts at most: read each once, then give it to its rows.
        read_once = [_READERS[field](text.strip()) for text in column.dictionary.to_pylist()]
        values[field] = pa.array([value for value, _ in read_once], SCHEMA.field(field).type)
        faults.append(pa.array([fault for _, fault in read_once], pa.string()).take(column.indices))
    dated = {field: values[field].take(coded[field].indices) for field in _DATED if field in coded}
    fault = pc.coalesce(*faults, *_faults_of_dates(dated))
    fault = _mark_copies(raw, fault)

    kept = raw.filter(pc.is_null(fault)).combine_chunks()
    columns = {
        field: values[field].take(kept[field].combine_chunks().indices)
        if field in coded
        else pa.nulls(kept.num_rows, SCHEMA.field(field).type)
        for field in _READERS
    }
    table = pa.table({**columns, "row": kept["row"]}, schema=SCHEMA)

    rejected = raw.append_column("reason", fault).filter(pc.is_valid(fault))
    codes = (rejected[field].cast(pa.string()) for field in ("column_one", "column_two"))
    key = pc.binary_join_element_wise(*codes, "/")
    return table, pa.table([rejected["row"], key, rejected["reason"]], schema=REJECT_SCHEMA)


def _faults_of_dates(dated: dict[str, pa.Array]) -> list[pa.Array]:
    never = pc.equal(dated["modifier_indicator"], _NOT_APPLICABLE)
    if "valid_from" not in dated:
        return [pc.if_else(never, NEVER_IN_FORCE, _NO_FAULT)]
    one_day = pc.fill_null(pc.equal(dated["valid_from"], dated["valid_to"]), fill_value=False)
    backwards = pc.less(dated["valid_to"], dated["valid_from"])
    other_dates = "indicator 9, and yet not deleted on its own effective date"
    return [
        pc.if_else(pc.and_(never, one_day), NEVER_IN_FORCE, _NO_FAULT),
        pc.if_else(never, other_dates, _NO_FAULT),
        pc.if_else(backwards, "deleted before its effective date", _NO_FAULT),
    ]


def _mark_copies(raw: pa.Table, fault: pa.Array) -> pa.Array:
    sound = pc.is_null(fault)
    edits = raw.filter(sound).combine_chunks()
    numbers = {field: edits[field].combine_chunks() for field in raw.column_names if field != "row"}
    # Rows that share this number may be copies. It can wrap around, so those few are then compared in full:
    # grouping all of them takes ten times as long and half a gigabyte.
    number = np.zeros(edits.num_rows, dtype=np.int64)
    for column in numbers.values():
        number = number * len(column.dictionary) + column.indices.to_numpy()
    ordered = np.sort(number)
    shared = np.isin(number, ordered[1:][ordered[1:] == ordered[:-1]])
    if not shared.any():
        return fault
    alike = pa.table({field: column.indices for field, column in numbers.items()} | {"row": edits["row"]})
    alike = alike.filter(pa.array(shared))
    first_rows = alike.group_by(list(numbers)).aggregate([("row", "min")])["row_min"]
    copies = alike["row"].filter(pc.invert(pc.is_in(alike["row"], first_rows)))
    copy = pc.is_in(raw["row"].combine_chunks(), copies)
    return pc.if_else(copy, "an exact copy of an earlier row", fault)


def _read_code(what: str) -> _Reader:
    return lambda text: (text, _ncci.code_fault(text, what))


def _read_indicator(text: str) -> tuple[int | None, str | None]:
    if text in _INDICATORS:
        return _INDICATORS[text], None
    return None, f"modifier indicator '{_ncci.shown(text)}' is not 0, 1 or 9"


def _read_mark(text: str) -> tuple[bool | None, str | None]:
    if text in ("", "*"):
        return text == "*", None
    return None, f"mark '{_ncci.shown(text)}' of edits prior to 1996 is neither * nor blank"


def _read_date(what: str) -> _Reader:
    def read(text: str) -> tuple[Date | None, str | None]:
        digits = text.replace("-", "")
        if digits in ("", "*", "99991231"):
            return None, None
        day = date8(digits)
        return day, None if day else f"{what} '{_ncci.shown(text)}' is not a date"

    return read


_READERS: Final[dict[str, _Reader]] = {
    "column_one": _read_code("Column 1 code"),
    "column_two": _read_code("Column 2 code"),
    "modifier_indicator": _read_indicator,
    "prior_to_1996": _read_mark,
    "valid_from": _read_date("effective date"),
    "valid_to": _read_date("deletion date"),
    "rationale": lambda text: (text, None),
}
_DATED: Final[tuple[str, ...]] = ("modifier_indicator", "valid_from", "valid_to")
_NO_FAULT: Final = pa.scalar(None, pa.string())
