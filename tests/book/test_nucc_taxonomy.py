from __future__ import annotations

import datetime as dt

import pytest
from codeset_files import claimed_by, made, needs_data, real, reasons

from cleanclaim.book.tables import nucc_taxonomy
from cleanclaim.errors import InputError, LayoutError

HEADER = "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section\n"
SURGERY = '208600000X,Physicians,Surgery,,"Spread\nover lines",note,Surgery Physician,Individual\n'
CLINIC = "261Q00000X,Facilities,Clinic/Center,,text,note,Clinic/Center,Non-Individual\n"
NAME = "nucc_taxonomy_251.csv"


def parsed(text: str, name: str = NAME, release: str | None = None):
    return nucc_taxonomy.parse(made(text, name), release)


def test_each_code_is_a_fact_that_cites_its_line_and_leaves_the_definition_out():
    read = parsed(HEADER + SURGERY + CLINIC)
    assert read.table.schema == nucc_taxonomy.SCHEMA
    assert read.table.to_pylist() == [
        {"taxonomy": "208600000X", "grouping": "Physicians", "classification": "Surgery", "specialization": "",
         "display_name": "Surgery Physician", "section": "Individual", "row": 2},
        {"taxonomy": "261Q00000X", "grouping": "Facilities", "classification": "Clinic/Center",
         "specialization": "", "display_name": "Clinic/Center", "section": "Non-Individual", "row": 4},
    ]  # fmt: skip
    assert (read.rows_in, read.whole, read.notes) == (2, False, ())


@pytest.mark.parametrize(
    ("name", "release", "published", "start", "end"),
    [
        ("nucc_taxonomy_250.csv", "25.0", (2025, 1, 1), (2025, 4, 1), (2025, 9, 30)),
        ("nucc_taxonomy_251.csv", "25.1", (2025, 7, 1), (2025, 10, 1), (2026, 3, 31)),
        ("NUCC-Taxonomy-26.0.csv", "26.0", (2026, 1, 1), (2026, 4, 1), (2026, 9, 30)),
    ],
)
def test_a_version_is_used_from_three_months_after_it_is_published(name, release, published, start, end):
    read = parsed(HEADER + CLINIC, name)
    assert read.release == release
    assert (read.published, read.covers_from, read.covers_to) == (
        dt.date(*published),
        dt.date(*start),
        dt.date(*end),
    )


def test_a_file_that_names_no_version_asks_for_it():
    with pytest.raises(InputError, match=r"--release 25\.1"):
        parsed(HEADER + CLINIC, "taxonomy.csv")
    assert parsed(HEADER + CLINIC, "taxonomy.csv", "24.1").covers_from == dt.date(2024, 10, 1)
    with pytest.raises(InputError, match="2024"):
        parsed(HEADER + CLINIC, release="2024")


def test_rows_that_are_no_codes_are_rejected_with_their_reason():
    read = parsed(
        HEADER + CLINIC + CLINIC + "261Q00000,a,b,,,,c,Individual\n261QA0000X,a,b,,,,c,Both\n,,,,,,,\n282N00000X,a\n"
    )
    assert read.table["taxonomy"].to_pylist() == ["261Q00000X"]
    assert reasons(read) == {
        "261Q00000X": "second row of a code; row 2 was kept",
        "261Q00000": "'261Q00000' is not nine letters and digits and an X",
        "261QA0000X": "unknown Section 'Both'",
        "282N00000X": "unknown Section ''",
    }


def test_a_missing_column_stops_the_file():
    with pytest.raises(LayoutError, match=r"nucc_taxonomy_251\.csv, line 1: expected the column 'Section'"):
        parsed("Code,Grouping,Classification,Specialization,Definition,Notes,Display Name\n")


def test_a_new_column_is_named_and_does_no_harm():
    read = parsed(HEADER.strip() + ",Effective\n" + CLINIC.strip() + ",2025\n")
    assert read.notes == ("column 'Effective' is new and not used",)
    assert read.table.num_rows == 1


def test_only_this_table_claims_the_file():
    assert claimed_by(made(HEADER + CLINIC, "a.csv")) == ["nucc-taxonomy"]
    crosswalk = "MEDICARE SPECIALTY CODE,TYPE,PROVIDER TAXONOMY CODE\n01,Physician,208D00000X\n"
    assert not nucc_taxonomy.recognise(made(crosswalk, "a.csv"))
    assert not nucc_taxonomy.recognise(made("", "a.csv"))


@needs_data
@pytest.mark.published
def test_version_25_1_is_read_whole():
    read = nucc_taxonomy.parse(real("codesets/nucc_taxonomy_251.csv"))
    assert (read.release, read.rows_in, read.table.num_rows, read.whole) == ("25.1", 883, 883, True)
    sections = read.table["section"].to_pylist()
    assert (sections.count("Individual"), sections.count("Non-Individual")) == (698, 185)
    facts = {fact["taxonomy"]: fact for fact in read.table.to_pylist()}
    assert facts["207RG0100X"]["specialization"] == "Gastroenterology"
