"""The fields of claims and lines that a column fills, or two of them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.model import ClaimType
from cleanclaim.claims.readers.columns import Column
from cleanclaim.claims.readers.rows import PLAIN_CLAIM_COLUMNS, PLAIN_LINE_COLUMNS
from cleanclaim.claims.readers.table_columns import meaning
from cleanclaim.claims.readers.table_columns.column import Ids
from cleanclaim.claims.readers.table_columns.records import Sheet
from cleanclaim.claims.readers.values import BadValue, parse_bill_type, patient_key
from cleanclaim.claims.table import Records
from cleanclaim.claims.table_layout import (
    CLAIM_AMOUNTS,
    CLAIM_DATES,
    LINE_AMOUNTS,
    LINE_DATES,
    NO_AMOUNT,
    SLOTS,
    TYPES,
    scale_of,
)

_MODIFIERS: Final = tuple(f"modifier_{number}" for number in range(1, 6))
_LINE_DEFAULTS: Final = {"unit_basis": "UN", "code_system": "HC"}
"""What a line has that does not say."""
_OR_OF_CLAIM: Final = {
    "pos": "claim_pos",
    "rendering_npi": "claim_rendering_npi",
    "rendering_taxonomy": "claim_rendering_taxonomy",
}
"""Line columns, and the claim columns for lines in which they are empty."""
_PROFESSIONAL: Final = TYPES.index(ClaimType.PROFESSIONAL)
_INSTITUTIONAL: Final = TYPES.index(ClaimType.INSTITUTIONAL)


def fill_claims(sheet: Sheet) -> None:
    """The fields of the claims but their diagnoses."""
    claims, words = sheet.claims, sheet.words
    for name in CLAIM_AMOUNTS:
        claims[scale_of(name)] = NO_AMOUNT[1]
    for column in PLAIN_CLAIM_COLUMNS:
        _fill_plain(sheet, claims, column)
    claim_id = sheet.source("claim_id")
    if claim_id is not None:
        words.fill(claims["claim_id"], claim_id)
    _fill_patient(sheet)
    _fill_bill_type(sheet)
    types = sheet.ids("claim_type")
    if types is not None:
        numbers = [TYPES.index(value) if value else 0 for value in sheet.values("claim_type")]
        claims["claim_type"] = np.where(types, np.array(numbers, np.uint8)[types], claims["claim_type"])


def _fill_plain(sheet: Sheet, records: Records, column: Column) -> None:
    ids = sheet.ids(column.name)
    if ids is None:
        return
    given, field = sheet.columns[column.name], column.field
    if field in {*CLAIM_DATES, *LINE_DATES}:
        days, bad = meaning.days(given)
        records[field] = days[ids]
    elif field in {*CLAIM_AMOUNTS, *LINE_AMOUNTS}:
        numbers, scales, bad = meaning.amounts(given, column.kind)
        records[field], records[scale_of(field)] = numbers[ids], scales[ids]
    else:
        number, bad = meaning.words(given, column.kind, sheet.words, _LINE_DEFAULTS.get(column.name, ""))
        sheet.words.fill(records[field], (number, ids))
    sheet.refuse(column.name, bad)


def _fill_patient(sheet: Sheet) -> None:
    ids = sheet.ids("patient_id")
    if ids is None:
        return
    keys = [int(patient_key(text), 16) if text else 0 for text in sheet.columns["patient_id"].texts]
    numbers = np.array(keys, np.uint64)
    # A key that is the number 0 would be none.
    sheet.refuse("patient_id", (numbers == 0) & (np.arange(len(numbers)) > 0))
    sheet.claims["patient"] = numbers[ids]


def _fill_bill_type(sheet: Sheet) -> None:
    """Type of bill, frequency, and the type of claim that follows from the first."""
    claims, words = sheet.claims, sheet.words
    known: dict[tuple[str, str], int] = {("", ""): 0}
    bills = np.zeros(len(claims), np.int32)
    facility = sheet.ids("bill_facility_type")
    if facility is not None:
        bills = _of_split_bill_type(sheet, facility, known)
    whole = sheet.ids("bill_type")
    if whole is not None:
        numbers = [known.setdefault(value, len(known)) if value else 0 for value in sheet.values("bill_type")]
        bills = np.where(whole, np.array(numbers, np.int32)[whole], bills)
    number = words.add([bill_type for bill_type, _ in known])
    words.fill(claims["bill_type"], (number, bills))
    own = sheet.source("frequency")
    by_bill = (words.add([frequency for _, frequency in known]), bills)
    words.fill(claims["frequency"], *((by_bill,) if own is None else (own, by_bill)))
    claims["claim_type"] = np.where(bills, _INSTITUTIONAL, _PROFESSIONAL)


def _of_split_bill_type(sheet: Sheet, facility: Ids, known: dict[tuple[str, str], int]) -> Ids:
    """For each claim the number of its type of bill among those ``known``, from the two columns that split it."""
    first = sheet.values("bill_facility_type")
    classes = sheet.ids("bill_classification")
    second = [""] if classes is None else [value or "" for value in sheet.values("bill_classification")]
    pairs = facility.astype(np.int64) * len(second) + (0 if classes is None else classes)
    distinct, of_claim = np.unique(pairs, return_inverse=True)
    numbers: list[int] = []
    bad: list[bool] = []
    for pair in distinct.tolist():
        one, two = divmod(pair, len(second))
        try:
            bill = parse_bill_type(first[one] + second[two]) if one else ("", "")
        except BadValue:
            bill = ("", "")
            bad.append(True)
        else:
            bad.append(False)
        numbers.append(known.setdefault(bill, len(known)))
    sheet.refuse_where(True, np.array(bad, np.bool_)[of_claim])
    return np.array(numbers, np.int32)[of_claim]


def fill_lines(sheet: Sheet) -> None:
    """The fields of the lines but the diagnoses they point to."""
    lines, words = sheet.lines, sheet.words
    for name in LINE_AMOUNTS:
        lines[scale_of(name)] = NO_AMOUNT[1]
    for name, default in _LINE_DEFAULTS.items():
        if name not in sheet.columns:
            words.fill(lines[name], (words.add([default]), np.zeros(len(lines), np.int32)))
    for column in PLAIN_LINE_COLUMNS:
        _fill_plain(sheet, lines, column)
    code = sheet.source("hcpcs")
    if code is not None:
        words.fill(lines["hcpcs"], code)
    for name, of_claim in _OR_OF_CLAIM.items():
        own, other = sheet.source(name), sheet.source(of_claim)
        by_row = None if other is None else (other[0], other[1][sheet.of_row])
        sources = [source for source in (own, by_row) if source is not None]
        if sources:
            words.fill(lines[name], *sources)
    until = sheet.ids("service_to")
    lines["service_to"] = lines["service_from"]
    if until is not None:
        days, bad = meaning.days(sheet.columns["service_to"])
        sheet.refuse("service_to", bad)
        lines["service_to"] = np.where(until, days[until], lines["service_from"])
    _fill_modifiers(sheet)


class Codes:
    """Codes of several columns under common numbers; 0 is none."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}

    def of(self, sheet: Sheet, name: str) -> Ids | None:
        """The code of each claim or line in a column. A code of which nothing is left is for the slow reader."""
        ids = sheet.ids(name)
        if ids is None:
            return None
        numbers = np.array([self.number(value or "") for value in sheet.values(name)], np.int32)
        sheet.refuse(name, (numbers == 0) & (np.arange(len(numbers)) > 0))
        return numbers[ids]

    def lists(self, sheet: Sheet, name: str, most: int) -> tuple[npt.NDArray[np.int32], Ids] | None:
        """The codes of each text of a column of lists, and the text of each claim or line.

        A list without codes, or with more than ``most``, is for the slow reader.
        """
        ids = sheet.ids(name)
        if ids is None:
            return None
        values = sheet.values(name)
        numbers = np.zeros((len(values), most), np.int32)
        bad = np.zeros(len(values), np.bool_)
        for number, value in enumerate(values[1:], 1):
            if not value or not all(value) or len(value) > most:
                bad[number] = True
            else:
                numbers[number, : len(value)] = [self.number(code) for code in value]
        sheet.refuse(name, bad)
        return numbers, ids

    def number(self, code: str) -> int:
        """The number of a code."""
        return self.numbers.setdefault(code, len(self.numbers))


def _fill_modifiers(sheet: Sheet) -> None:
    codes = Codes()
    columns = [found for name in _MODIFIERS if (found := codes.of(sheet, name)) is not None]
    apart = np.stack(columns, axis=1) if columns else np.zeros((len(sheet.lines), 1), np.int32)
    filled = apart > 0
    gaps = (filled[:, 1:] & ~filled[:, :-1]).any(axis=1)
    if gaps.any():
        rows = np.flatnonzero(gaps)
        left = np.argsort(~filled[rows], axis=1, kind="stable")
        apart[rows] = np.take_along_axis(apart[rows], left, axis=1)
    sheet.refuse_where(False, filled.sum(axis=1) > SLOTS)
    modifiers = np.zeros((len(sheet.lines), SLOTS), np.int32)
    width = min(SLOTS, apart.shape[1])
    modifiers[:, :width] = apart[:, :width]
    together = codes.lists(sheet, "modifiers", SLOTS)
    if together is not None:
        numbers, ids = together
        sheet.refuse_where(False, (ids > 0) & filled.any(axis=1))  # they must agree
        modifiers = np.where(ids[:, None] > 0, numbers[ids], modifiers)
    sheet.words.fill(sheet.lines["modifiers"], (sheet.words.add(list(codes.numbers)), modifiers))
