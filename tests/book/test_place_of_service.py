from __future__ import annotations

import pytest
from codeset_files import claimed_by, made, needs_data, real, reasons
from xlsx import workbook

from cleanclaim.book.tables import place_of_service
from cleanclaim.errors import LayoutError

HEADER = '"pos_code","pos_type","pos_name","pos_description"\n'
OFFICE = '"11","Non-Facility","Office","Where the clinician\nsees patients"\n'
HOSPITAL = '"22","Facility","On Campus-Outpatient Hospital",""\n'


def parsed(text: str, name: str = "place_of_service.csv", release: str | None = None):
    return place_of_service.parse(made(text, name), release)


def test_each_place_says_which_rate_is_paid():
    read = parsed(HEADER + OFFICE + HOSPITAL)
    assert read.table.schema == place_of_service.SCHEMA
    assert read.table.to_pylist() == [
        {"pos": "11", "name": "Office", "facility": False,
         "description": "Where the clinician\nsees patients", "row": 2},
        {"pos": "22", "name": "On Campus-Outpatient Hospital", "facility": True, "description": None, "row": 4},
    ]  # fmt: skip


def test_the_list_has_no_known_begin_or_end():
    read = parsed(HEADER + OFFICE)
    assert (read.release, read.covers_from, read.covers_to, read.published) == ("undated", None, None, None)
    assert not read.whole


@pytest.mark.parametrize(
    ("name", "given", "release"),
    [("pos_2024-05-02.csv", None, "2024-05-02"), ("pos-2024-05.csv", None, "2024-05"),
     ("pos_120240502.csv", None, "undated"), ("pos_2024-05-02.csv", "2025", "2025")],
)  # fmt: skip
def test_the_release_is_the_date_in_the_name(name, given, release):
    assert parsed(HEADER + OFFICE, name, given).release == release


def test_rows_that_are_no_places_are_rejected_with_their_reason():
    read = parsed(
        HEADER + OFFICE + '"1","Facility","x","y"\n"12","Both","Home","y"\n"11","Facility","Office again","y"\n\n"98"\n'
    )
    assert read.table["facility"].to_pylist() == [False]
    assert reasons(read) == {
        "1": "'1' is not two digits",
        "12": "unknown pos_type 'Both'",
        "11": "second row of a code; row 2 was kept",
        "98": "unknown pos_type ''",
    }
    assert read.rows_in == 5


def test_another_header_stops_the_file():
    with pytest.raises(LayoutError, match="line 1: expected pos_code,pos_type"):
        parsed("pos,name\n11,Office\n")
    with pytest.raises(LayoutError, match="line 1"):
        parsed("")


def test_a_new_column_is_named_and_does_no_harm():
    text = HEADER.strip() + ',"effective"\n"11","Non-Facility","Office","","2005-01-01"\n'
    assert place_of_service.recognise(made(text, "a.csv"))
    read = parsed(text)
    assert read.notes == ("column 'effective' is new and not used",)
    assert read.table.num_rows == 1


def test_only_this_table_claims_the_file_as_csv_or_workbook():
    assert claimed_by(made(HEADER + OFFICE, "a.csv")) == ["pos"]
    header = HEADER.replace('"', "").strip().split(",")
    sheet = made(workbook([header, ["11", "Non-Facility", "Office", ""]]), "a.xlsx")
    assert claimed_by(sheet) == ["pos"]
    assert place_of_service.parse(sheet).table["pos"].to_pylist() == ["11"]


@needs_data
@pytest.mark.published
def test_the_real_list_holds_52_places_18_of_them_facilities():
    read = place_of_service.parse(real("codesets/place_of_service.csv"))
    assert (read.rows_in, read.table.num_rows, read.whole) == (52, 52, True)
    facilities = {fact["pos"] for fact in read.table.to_pylist() if fact["facility"]}
    # Medicare Claims Processing Manual, chapter 26, section 10.5.
    assert facilities == set("02 06 08 19 21 22 23 24 26 31 34 41 42 51 52 53 56 61".split())
