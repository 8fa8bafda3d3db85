"""The diagnoses of the claims, and which of them each line points to."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.readers.rows import SPECIAL_DIAGNOSES
from cleanclaim.claims.readers.table_columns.column import Flags, Ids
from cleanclaim.claims.readers.table_columns.fields import Codes
from cleanclaim.claims.readers.table_columns.records import Sheet
from cleanclaim.claims.table import Records
from cleanclaim.claims.table_layout import DIAGNOSIS, SLOTS

Grid = npt.NDArray[np.int32]
"""A row for each claim, a column for each diagnosis it may have."""

_MOST: Final = 25
_SYSTEMS: Final = ("icd10cm", "icd9cm")
_ROLES: Final = ("other", "principal", *dict.fromkeys(role for _, role in SPECIAL_DIAGNOSES))
_OTHER: Final = _ROLES.index("other")
_PRINCIPAL: Final = _ROLES.index("principal")


def fill_diagnoses(sheet: Sheet) -> Records:
    """Make the diagnoses, and point the lines to them."""
    claims, words = sheet.claims, sheet.words
    codes, present = Codes(), Codes()
    pointed = np.zeros(len(claims), np.bool_)
    pointers = sheet.ids("dx_pointers")
    if pointers is not None:
        pointed[sheet.of_row[pointers > 0]] = True
    listed = _listed(sheet, codes, pointed)
    usual = _usual_system(sheet)
    systems = np.broadcast_to(usual[:, None], listed.shape).copy()
    poa = np.zeros_like(listed)
    for slot in range(listed.shape[1]):
        own = _system(sheet, f"dx_system_{slot + 1}")
        if own is not None:
            systems[:, slot] = np.where(own, own - 1, usual)
        indicator = present.of(sheet, f"dx_poa_{slot + 1}")
        if indicator is not None:
            poa[:, slot] = indicator
    inserted, roles = _principal(sheet, codes, listed, pointed)
    special = [(found, role) for name, role in SPECIAL_DIAGNOSES if (found := codes.of(sheet, name)) is not None]
    own_codes = np.column_stack([inserted, listed])
    all_codes = np.column_stack([own_codes, *(found for found, _ in special)])
    beside = np.broadcast_to(usual[:, None], (len(claims), len(special)))
    of_special = np.broadcast_to(np.array([_ROLES.index(role) for _, role in special], np.int32), beside.shape)
    filled = all_codes > 0
    count = filled.sum(axis=1)
    claims["diagnosis_count"] = count
    claims["first_diagnosis"] = np.cumsum(count) - count
    records: Records = np.zeros(int(count.sum()), DIAGNOSIS)
    records["byte"] = -1
    _fill_line_pointers(sheet, codes, own_codes)
    for field, texts, grid in (
        ("code", list(codes.numbers), all_codes),
        ("system", _SYSTEMS, np.column_stack([usual, systems, beside])),
        ("role", _ROLES, np.column_stack([np.full(len(claims), _PRINCIPAL), roles, of_special])),
        ("present_on_admission", list(present.numbers), np.column_stack([np.zeros_like(inserted), poa, 0 * beside])),
    ):
        words.fill(records[field], (words.add(texts), grid[filled]))
    return records


def _listed(sheet: Sheet, codes: Codes, pointed: Flags) -> Grid:
    """The codes of the numbered columns, or of the one that has them all."""
    numbered = [codes.of(sheet, f"dx_{number}") for number in range(1, _MOST + 1)]
    together = codes.lists(sheet, "dx", _MOST)
    width = max((slot for slot, found in enumerate(numbered, 1) if found is not None and found.any()), default=0)
    listed = np.zeros((len(sheet.claims), _MOST if together is not None else width), np.int32)
    for slot, found in enumerate(numbered[:width]):
        if found is not None:
            listed[:, slot] = found
    filled = listed > 0
    # Lines point by position, and an empty column before a filled one leaves the positions open.
    sheet.refuse_where(True, pointed & (filled[:, 1:] & ~filled[:, :-1]).any(axis=1))
    if together is not None:
        numbers, ids = together
        sheet.refuse_where(True, (ids > 0) & filled.any(axis=1))  # they must agree
        listed = np.where(ids[:, None] > 0, numbers[ids], listed)
        listed = listed[:, : max((slot for slot in range(1, _MOST + 1) if listed[:, slot - 1].any()), default=0)]
    return listed


def _system(sheet: Sheet, name: str) -> Ids | None:
    """1 more than the place among the systems, by claim; 0 for none."""
    ids = sheet.ids(name)
    if ids is None:
        return None
    numbers = [_SYSTEMS.index(value) + 1 if value else 0 for value in sheet.values(name)]
    return np.array(numbers, np.int32)[ids]


def _usual_system(sheet: Sheet) -> Ids:
    """The system of what does not say another, by claim."""
    found = np.ones(len(sheet.claims), np.int32)
    for name in ("dx_system_1", "dx_system"):
        own = _system(sheet, name)
        if own is not None:
            found = np.where(own, own, found)
    return found - 1


def _principal(sheet: Sheet, codes: Codes, listed: Grid, pointed: Flags) -> tuple[Ids, Grid]:
    """The principal diagnosis of each claim where it stands beside the list, and the roles of those in the list."""
    claims = np.arange(len(listed))
    roles = np.full(listed.shape, _OTHER, np.int32)
    stated = codes.of(sheet, "dx_principal")
    if stated is None:
        stated = np.zeros(len(listed), np.int32)
    if not listed.shape[1]:
        sheet.refuse_where(True, pointed & (stated > 0))
        return stated, roles
    first = listed[claims, (listed > 0).argmax(axis=1)]
    principal = np.where(stated, stated, first)
    matching = listed == principal[:, None]
    among = matching.any(axis=1) & (principal > 0)
    beside = (stated > 0) & ~among
    sheet.refuse_where(True, pointed & beside)
    roles[claims[among], matching.argmax(axis=1)[among]] = _PRINCIPAL
    return np.where(beside, stated, 0).astype(np.int32), roles


def _fill_line_pointers(sheet: Sheet, codes: Codes, own: Grid) -> None:
    """``own`` are the diagnoses of each claim that lines can point to, in their order."""
    lines = sheet.lines
    lines["diagnosis_pointers"] = -1
    ids = sheet.ids("dx_pointers")
    pointing = np.zeros(len(lines), np.bool_)
    if ids is not None:
        values = sheet.values("dx_pointers")
        slots = np.full((len(values), SLOTS), -1, np.int16)
        bad = np.zeros(len(values), np.bool_)
        for number, value in enumerate(values[1:], 1):
            if not value or len(value) > SLOTS:
                bad[number] = True
            else:
                slots[number, : len(value)] = value
        sheet.refuse("dx_pointers", bad)
        lines["diagnosis_pointers"] = slots[ids]
        pointing = ids > 0
    supporting = codes.of(sheet, "line_dx")
    if supporting is None:
        return
    rows = np.flatnonzero((supporting > 0) & ~pointing)
    of_claim = own[sheet.of_row[rows]]
    matching = of_claim == supporting[rows, None]
    # One that the claim does not list is added to its list.
    sheet.irregular[sheet.of_row[rows[~matching.any(axis=1)]]] = True
    places = np.cumsum(of_claim > 0, axis=1)
    lines["diagnosis_pointers"][rows, 0] = places[np.arange(len(rows)), matching.argmax(axis=1)]
