from __future__ import annotations

import datetime as dt

import pytest
from codeset_files import claimed_by, made, needs_data, real, reasons

from cleanclaim.book.tables import taxonomy_specialty
from cleanclaim.errors import InputError, LayoutError

HEADER = (
    "MEDICARE SPECIALTY CODE,MEDICARE PROVIDER/SUPPLIER TYPE DESCRIPTION,PROVIDER TAXONOMY CODE,"
    '"PROVIDER TAXONOMY DESCRIPTION:  TYPE, CLASSIFICATION, SPECIALIZATION"\n'
)
SURGERY = "02,Physician/General Surgery,208600000X ,Physicians/Surgery\n"
FOOTNOTE = "87[3],Other Supplier[3],332B00000X,Suppliers/Equipment\n"
NONE = "88,Unknown Supplier[4],,\n"
NAME = "crosswalk_2024-10-01.csv"


def parsed(text: str, name: str = NAME, release: str | None = None):
    return taxonomy_specialty.parse(made(text, name), release)


def test_each_taxonomy_of_a_specialty_is_a_fact_without_footnote_marks():
    read = parsed(HEADER + SURGERY + FOOTNOTE)
    assert read.table.schema == taxonomy_specialty.SCHEMA
    assert read.table.to_pylist() == [
        {"taxonomy": "208600000X", "specialty_code": "02", "specialty": "Physician/General Surgery",
         "description": "Physicians/Surgery", "row": 2},
        {"taxonomy": "332B00000X", "specialty_code": "87", "specialty": "Other Supplier",
         "description": "Suppliers/Equipment", "row": 3},
    ]  # fmt: skip
    assert (read.release, read.covers_from, read.covers_to, read.whole) == (
        "2024-10-01",
        dt.date(2024, 10, 1),
        None,
        False,
    )


def test_a_specialty_without_a_taxonomy_and_a_second_row_are_rejected_with_their_reason():
    read = parsed(HEADER + SURGERY + NONE + SURGERY)
    assert read.rows_in == 3
    assert reasons(read) == {
        "88": "no taxonomy code stands beside the specialty",
        "208600000X-02": "second row of a taxonomy and specialty; row 2 was kept",
    }


def test_a_file_that_names_no_day_asks_for_it():
    with pytest.raises(InputError, match="--release 2024-10-01"):
        parsed(HEADER + SURGERY, "crosswalk.csv")
    assert parsed(HEADER + SURGERY, "crosswalk.csv", "2025-10-01").release == "2025-10-01"
    with pytest.raises(InputError, match="no day"):
        parsed(HEADER + SURGERY, release="2025-13-01")


def test_a_missing_column_stops_the_file():
    with pytest.raises(LayoutError, match="PROVIDER TAXONOMY DESCRIPTION"):
        parsed(HEADER.partition(',"')[0] + "\n" + SURGERY)


@needs_data
def test_the_published_crosswalk_is_read_whole():
    file = real("codesets/cms_taxonomy_specialty_crosswalk_2024-10-01.csv")
    assert claimed_by(file) == ["taxonomy-specialty"]
    read = taxonomy_specialty.parse(file)
    assert (read.rows_in, read.table.num_rows, read.whole) == (559, 551, True)
    named = {row["taxonomy"]: row["specialty"] for row in read.table.to_pylist()}
    assert named["207Q00000X"] == "Physician/Family Practice"
