"""NCCI medically unlikely edits (MUE) of Medicare: the most units of a code payable, by setting.

Published by CMS every quarter as three tables: practitioner, outpatient hospital, DME supplier. Layouts read here:

* the CMS csv and workbook: a copyright text over several lines, then a header whose second column names the
  setting; the adjudication indicator comes as text (``2 Date of Service Edit: Policy``);
* tidy re-exports of a whole table (``hcpcs_code, mue_units, mue_mai, mue_rationale`` and sometimes
  ``mue_service``, the setting).

``mai`` is the MUE adjudication indicator: 1 limits a claim line, 2 a day by policy, 3 a day on clinical grounds
(NCCI Policy Manual for Medicare, I.V). CMS publishes no dates in the table: a value binds for the quarter.
Values CMS holds confidential are not in the published table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables import _ncci
from cleanclaim.book.tables.contract import ParsedRelease
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Setting

SOURCES: Final = ("ncci-mue-practitioner", "ncci-mue-outpatient", "ncci-mue-dme")

SCHEMA: Final = pa.schema(
    [
        ("hcpcs", pa.string()),
        ("mue_value", pa.int32()),
        ("mai", pa.int8()),
        ("rationale", pa.string()),
        ("row", pa.int32()),
    ]
)

# Published: 14,677 practitioner, 14,628 outpatient and 2,928 DME values for 2024Q3; 15,095 practitioner for 2026Q2.
LEAST_ROWS: Final = {Setting.PRACTITIONER: 10_000, Setting.OUTPATIENT: 10_000, Setting.DME: 2_000}

_CMS_COLUMNS: Final = {
    "hcpcs": "HCPCS/CPT Code",
    "mai": "MUE Adjudication Indicator",
    "rationale": "MUE Rationale",
}
_CMS_VALUE_COLUMNS: Final = {
    "Practitioner Services MUE Values": Setting.PRACTITIONER,
    "Outpatient Hospital Services MUE Values": Setting.OUTPATIENT,
    "DME Supplier Services MUE Values": Setting.DME,
}
_TIDY_COLUMNS: Final = {
    "hcpcs": "hcpcs_code",
    "mue_value": "mue_units",
    "mai": "mue_mai",
    "rationale": "mue_rationale",
}
_TIDY_SETTING: Final = "mue_service"
_TIDY_SETTINGS: Final = {
    "Practitioner": Setting.PRACTITIONER,
    "Outpatient Hospital": Setting.OUTPATIENT,
    "DME Supplier": Setting.DME,
}
_TOP: Final = 20  # rows searched for the header; published preambles have one
_MAI: Final = re.compile(r"([123])(?:\s.*)?", re.DOTALL)
_UNITS: Final = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class _Layout:
    """Where the columns stand, and the setting where the header names it."""

    columns: dict[str, int]
    setting: Setting | None
    service: int | None
    notes: tuple[str, ...]


def recognise(file: PublishedFile) -> bool:
    """True for a table headed by a procedure code and its MUE value, as CMS or a re-export writes it."""
    return any(_is_header(cells) for cells in file.first_rows(_TOP))


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the MUE table of one setting.

    Raises :class:`~cleanclaim.errors.LayoutError` for another header and
    :class:`~cleanclaim.errors.InputError` when the setting or the release cannot be told.
    """
    _ncci.refuse_medicaid(file)
    rows = file.rows()
    line, header = next(((line, cells) for line, cells in rows if _is_header(cells)), (1, []))
    layout = _layout(file, line, header)
    body = [(row, _padded(cells, len(header))) for row, cells in rows if any(cells)]
    setting = _setting(file, layout, body)
    quarter = _ncci.release_of(file, release)
    table, rejects = _sort(layout, body).tables(SCHEMA)
    least = LEAST_ROWS[setting]
    whole = len(body) >= least
    covers_from, covers_to = quarter_span(quarter)
    return ParsedRelease(
        source=f"ncci-mue-{setting}",
        release=quarter,
        table=table,
        rejects=rejects,
        rows_in=len(body),
        covers_from=covers_from,
        covers_to=covers_to,
        whole=whole,
        notes=layout.notes + (() if whole else (_ncci.few_rows_note(len(body), least, "MUE table"),)),
    )


def _is_header(cells: list[str]) -> bool:
    names = {_ncci.plain(cell) for cell in cells}
    codes = {_ncci.plain(_CMS_COLUMNS["hcpcs"]), _TIDY_COLUMNS["hcpcs"]}
    return bool(codes & names) and any("mue" in name for name in names)


def _layout(file: PublishedFile, line: int, header: list[str]) -> _Layout:
    positions = {_ncci.plain(name): index for index, name in enumerate(header)}
    if _TIDY_COLUMNS["hcpcs"] in positions:
        wanted, setting = _TIDY_COLUMNS, None
    else:
        valued = [name for name in _CMS_VALUE_COLUMNS if _ncci.plain(name) in positions]
        wanted = _CMS_COLUMNS | {"mue_value": " or ".join(valued or _CMS_VALUE_COLUMNS)}
        setting = _CMS_VALUE_COLUMNS.get(wanted["mue_value"])
    if any(_ncci.plain(name) not in positions for name in wanted.values()):
        found = ", ".join(" ".join(name.split()) for name in header)
        raise LayoutError(file.name, line, ", ".join(wanted.values()), found or "no header")
    return _Layout(
        columns={field: positions[_ncci.plain(name)] for field, name in wanted.items()},
        setting=setting,
        service=positions.get(_TIDY_SETTING),
        notes=_ncci.new_column_notes(header, {*map(_ncci.plain, wanted.values()), _TIDY_SETTING}),
    )


def _setting(file: PublishedFile, layout: _Layout, body: list[tuple[int, list[str]]]) -> Setting:
    named = set() if layout.service is None else {cells[layout.service].strip() for _, cells in body}
    if len(named) > 1:
        raise InputError(
            f"{file.name}: rows of several settings ({', '.join(sorted(named))}) in one table. "
            "Split it by setting and load each file."
        )
    setting = layout.setting or _TIDY_SETTINGS.get("".join(named)) or _ncci.setting_of(file)
    if setting is None:
        raise InputError(
            f"{file.name}: cannot tell the setting of these MUE values. "
            "Put practitioner, outpatient or dme into the file's name."
        )
    return setting


def _sort(layout: _Layout, body: list[tuple[int, list[str]]]) -> _ncci.Sorter:
    sorter = _ncci.Sorter()
    rows_of_codes: dict[str, int] = {}
    for row, cells in body:
        hcpcs, units, mai, rationale = (
            cells[layout.columns[field]].strip() for field in ("hcpcs", "mue_value", "mai", "rationale")
        )
        fault = _ncci.code_fault(hcpcs, "code") or _fault(units, mai)
        if fault is None and hcpcs in rows_of_codes:
            fault = f"the code stands on row {rows_of_codes[hcpcs]} already, which is kept"
        if fault is not None:
            sorter.reject(row, _ncci.shown(hcpcs), fault)
            continue
        rows_of_codes[hcpcs] = row
        values = {"mue_value": int(units), "mai": int(mai[0]), "rationale": rationale}
        sorter.facts.append({"hcpcs": hcpcs, **values, "row": row})
    return sorter


def _fault(units: str, mai: str) -> str | None:
    if not _UNITS.fullmatch(units):
        return f"MUE value '{_ncci.shown(units)}' is not a whole number of units"
    if not _MAI.fullmatch(mai):
        return f"adjudication indicator '{_ncci.shown(mai)}' is not 1, 2 or 3"
    return None


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))
