"""Anesthesia base units, in the layout of CY_2022_Anesthesia_Base_Units (text with tabs, workbook).

The file is made: of the published one its first rows, 01402 and 01999 are carried over (codes and numbers).
"""

from __future__ import annotations

import datetime as dt

import pytest
from codeset_files import claimed_by, csv_text, made, reasons
from xlsx import workbook

from cleanclaim.book.tables import anesthesia_base_units
from cleanclaim.errors import InputError, LayoutError

TEXT = "CODE\t2022\r\n\tBASE\r\n\tUNIT\r\n00100\t5\r\n00102\t6\r\n01402\t7\r\n01999\t0\r\n"
FACTS = [("00100", 5, 4), ("00102", 6, 5), ("01402", 7, 6), ("01999", 0, 7)]


def facts(read) -> list[tuple[str, int, int]]:
    return [(fact["hcpcs"], fact["base_units"], fact["row"]) for fact in read.table.to_pylist()]


def parsed(content: str | bytes = TEXT, name: str = "units.txt", release: str | None = None):
    return anesthesia_base_units.parse(made(content, name), release)


def test_each_code_is_a_fact_below_a_header_of_three_rows():
    read = parsed()
    assert read.table.schema == anesthesia_base_units.SCHEMA
    assert facts(read) == FACTS
    assert (read.release, read.covers_from, read.covers_to) == ("2022", dt.date(2022, 1, 1), None)
    assert (read.rows_in, read.whole) == (4, False)
    assert "excerpt" in read.notes[0]


def test_the_workbook_reads_alike_and_its_codes_get_their_zeros_back():
    cells = [["CODE", 2022], [None, "BASE"], [None, "UNIT"], [100, 5], ["00102", 6], [1402, 7], ["01999", 0]]
    assert facts(parsed(workbook(cells), "units.xlsx")) == FACTS


def test_one_header_row_and_a_description_do_as_well():
    cells = [["Anesthesia base units"], ["CPT CODE", "SHORT DESCRIPTION", "BASE UNITS"], ["00100", "x", "5"]]
    read = parsed(csv_text(cells), "2024 base units.csv")
    assert (facts(read), read.release) == ([("00100", 5, 3)], "2024")
    assert read.notes[0] == "column 'SHORT DESCRIPTION' is not used"


def test_a_whole_list_has_hundreds_of_codes():
    rows = "".join(f"{code:05}\t5\r\n" for code in range(100, 350))
    read = parsed("CODE\t2022\r\n\tBASE\r\n\tUNIT\r\n" + rows)
    assert (read.whole, read.notes) == (True, ())


@pytest.mark.parametrize(
    ("line", "key", "reason"),
    [
        ("0010A\t5", "0010A", "'0010A' is not five digits"),
        ("99213\t5", "99213", "no anesthesia code"),
        ("00104\t4.5", "00104", "base units '4.5' are no whole number"),
        ("00104\t51", "00104", "base units '51' are no whole number up to 50"),
        ("00104\t", "00104", "base units ''"),
        ("00100\t6", "00100", "second row of a code; row 4 was kept"),
    ],
)
def test_a_row_that_cannot_be_a_fact_is_rejected_with_its_reason(line, key, reason):
    read = parsed(TEXT + line + "\r\n")
    assert facts(read) == FACTS
    ((rejected, why),) = reasons(read).items()
    assert (rejected, reason in why) == (key, True)


def test_the_most_units_that_are_taken_are_50():
    assert facts(parsed(TEXT + "00104\t50\r\n"))[-1] == ("00104", 50, 8)


def test_a_footnote_is_no_row():
    assert parsed(TEXT + "\r\n* unlisted\r\n").rows_in == 4


def test_a_file_that_names_no_year_asks_for_it():
    bare = TEXT.replace("2022", "")
    with pytest.raises(InputError, match="--release 2022"):
        parsed(bare)
    assert parsed(bare, release="2023").covers_from == dt.date(2023, 1, 1)
    assert parsed(bare, "CY_2022_Anesthesia_Base_Units_110921.txt").release == "2022"
    with pytest.raises(InputError, match="2022Q1"):
        parsed(release="2022Q1")


def test_another_header_stops_the_file():
    with pytest.raises(LayoutError, match="CODE and BASE UNIT"):
        parsed("CODE\tUNITS\r\n00100\t5\r\n")


@pytest.mark.parametrize("content", [TEXT, csv_text([["CODE", "2022 BASE UNIT"], ["00100", "5"]])])
def test_only_this_table_claims_the_file(content):
    assert claimed_by(made(content, "a.txt")) == ["anesthesia-base-units"]


def test_a_damaged_archive_or_empty_file_is_not_claimed():
    assert not anesthesia_base_units.recognise(made("", "a.txt"))
    assert not anesthesia_base_units.recognise(made(b"PK\x03\x04broken", "a.zip"))
