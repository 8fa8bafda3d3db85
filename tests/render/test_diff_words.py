"""The words for what changed between two releases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from cleanclaim.book.diff import Change, Difference, PublishedRow
from cleanclaim.render import diff_words as words
from cleanclaim.types import Citation

CITED = Citation("icd10cm", "FY2026", "M5450")


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        ({"hcpcs": "43214", "modifier": ""}, "43214"),
        ({"hcpcs": "76942", "modifier": "26"}, "76942-26"),
        ({"column_one": "43214", "column_two": "74360"}, "43214/74360"),
        ({"mac": "10112", "locality": "00"}, "10112-00"),
        ({"icd10cm": "M5450"}, "M54.50"),
        ({"icd10cm": "A01", "kind": "excludes1", "first": "B0112", "last": "B02"}, "A01/excludes1/B01.12/B02"),
        ({"icd10cm": "H2511", "kind": "side", "first": "right", "last": ""}, "H25.11/side/right"),
        ({"hcpcs": "A0001", "kind": "code"}, "A0001"),
        ({"hcpcs": "25", "kind": "modifier"}, "25/modifier"),
    ],
)
def test_a_key_is_printed_as_people_write_it(key, printed):
    assert words.key(key) == printed


@pytest.mark.parametrize(
    ("told", "printed"),
    [
        (Difference("mue_value", 1, 3), "limit 1 -> 3"),
        (Difference("fee", Decimal("1000.00"), Decimal("990.00")), "fee 1,000.00 -> 990.00 (-10.00, -1.0 %)"),
        (Difference("fee", Decimal("0.00"), Decimal("9.00")), "fee 0.00 -> 9.00 (+9.00)"),
        (Difference("amount_facility", None, Decimal("9.00")), "facility none -> 9.00"),
        (Difference("billable", old=False, new=True), "billable no -> yes"),
        (Difference("valid_to", None, dt.date(2026, 6, 30)), "until none -> 2026-06-30"),
        (Difference("endoscopic_base", "", "43235"), "endoscopic base blank -> 43235"),
        (Difference("description", "a" * 61, "a" * 62), "description: re-worded"),
    ],
)
def test_a_difference_names_both_values(told, printed):
    assert words.difference(told) == printed


def test_what_a_row_leaves_blank_is_left_out():
    row = PublishedRow(7, {"billable": True, "description": "", "valid_to": None}, CITED)
    assert words.row(row, ()) == "billable yes"
    assert words.row(row, ("description", "missing")) == ""


def test_a_change_names_its_rows():
    row = PublishedRow(1_007, {}, CITED)
    assert words.rows(Change("added", (), {}, (), None, row)) == "row 1,007"
    assert words.rows(Change("ended", (), {}, (), row, None)) == "row 1,007"
    assert words.rows(Change("changed", (), {}, (), row, row)) == "rows 1,007 and 1,007"


def test_a_note_is_told_with_the_row():
    row = PublishedRow(7, {"modifier_indicator": 1}, CITED)
    change = Change("ended", (), {"column_one": "11111"}, (), row, None, "it never was in force")
    assert words.what(change, (), ()) == "modifier indicator 1; it never was in force"
