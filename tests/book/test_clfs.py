"""The clinical laboratory fee schedule, in the layout of ``CLFS 2025 Q1V1.csv``.

The file is made: of the published one the rows of 82233, 82247, 83036 and G0103 are carried over, no descriptions.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from codeset_files import claimed_by, csv_text, made, reasons
from xlsx import workbook

from cleanclaim.book.tables import clfs
from cleanclaim.errors import InputError, LayoutError

NAMES = [*"YEAR HCPCS MOD EFF_DATE INDICATOR RATE SHORTDESC LONGDESC".split(), "EXTENDED LONGDESC"]
TOP = [["2025 Clinical Diagnostic Laboratory Fee Schedule ", *[""] * 8], ["CPT is the AMA's, all of it"], [""] * 9]
DAY = dt.date(2025, 1, 1)


def row(hcpcs: str, rate: str, modifier: str = "", indicator: str = "N", **more: str) -> list[str]:
    year, day = more.get("year", "2025"), more.get("day", "20250101")
    return [year, hcpcs, modifier, day, indicator, rate, "short", "long", 'with "quotes", and commas']


ROWS = [
    row("82233", "00000.00", indicator="L"),
    row("82247", "00005.02"),
    row("82247", "00005.02", "QW"),
    row("83036", "00009.71"),
    row("G0103", "00019.31"),
]


def parsed(*rows: list[str], name: str = "CLFS 2025 Q1V1.csv", names: list[str] = NAMES, **more: str):
    file = made(csv_text([*TOP, names, *rows]), name, more.get("origin"))
    return clfs.parse(file, more.get("release"))


def test_each_rate_is_a_fact_that_cites_its_line_and_keeps_no_description():
    read = parsed(*ROWS)
    assert read.table.schema == clfs.SCHEMA
    assert [tuple(fact.values()) for fact in read.table.to_pylist()] == [
        ("82233", "", "L", Decimal("0.00"), DAY, 5),
        ("82247", "", "N", Decimal("5.02"), DAY, 6),
        ("82247", "QW", "N", Decimal("5.02"), DAY, 7),
        ("83036", "", "N", Decimal("9.71"), DAY, 8),
        ("G0103", "", "N", Decimal("19.31"), DAY, 9),
    ]
    assert (read.release, read.covers_from, read.covers_to) == ("2025Q1", DAY, dt.date(2025, 3, 31))
    assert (read.rows_in, read.rejects.num_rows, read.whole) == (5, 0, False)
    assert "excerpt" in read.notes[0]


def test_the_workbook_reads_alike():
    cells = [*TOP, NAMES, [2025, "83036", "", 20250101, "N", 9.71, "short", "long", "longer"]]
    (fact,) = clfs.parse(made(workbook(cells), "CLFS 2025 Q1V1.xlsx")).table.to_pylist()
    assert (fact["hcpcs"], fact["rate"], fact["valid_from"]) == ("83036", Decimal("9.71"), DAY)


@pytest.mark.parametrize(
    ("name", "origin", "release"),
    [
        ("PUF_CLFS_CY2026_Q2V1.csv", None, "2026Q2"),
        ("CLFS 2026 Q4V2.csv", None, "2026Q4"),
        ("a.csv", "26clabq3.zip!a.csv", "2026Q3"),
    ],
)
def test_the_quarter_stands_in_the_name_of_the_file_or_of_its_archive(name, origin, release):
    rows = [row("83036", "9.71", year="2026", day="20260101")]
    assert clfs.parse(made(csv_text([*TOP, NAMES, *rows]), name, origin)).release == release


@pytest.mark.parametrize("origin", [None, "25clabq3.zip!a.csv"])
def test_a_file_that_names_no_quarter_of_its_year_asks_for_it(origin):
    file = made(csv_text([*TOP, NAMES, row("83036", "9.71", year="2026")]), "a.csv", origin)
    with pytest.raises(InputError, match="--release 2025Q1"):
        clfs.parse(file)
    assert clfs.parse(file, "2026Q2").covers_from == dt.date(2026, 4, 1)
    with pytest.raises(InputError, match="no quarter"):
        clfs.parse(file, "2026")


@pytest.mark.parametrize(
    ("bad", "key", "reason"),
    [
        (row("8303", "1.00"), "8303", "no procedure code"),
        (row("83037", "1.00", "Q"), "83037-Q", "'Q' is no modifier"),
        (row("83037", "1.00", indicator="X"), "83037", "unknown indicator 'X'"),
        (row("83037", "n/a"), "83037", "the rate 'n/a'"),
        (row("83037", "1.005"), "83037", "the rate '1.005'"),
        (row("83037", "0.00"), "83037", "a national rate of 0.00"),
        (row("83037", "1.00", day="2025"), "83037", "the effective date '2025'"),
        (row("83036", "1.00"), "83036", "second row of a code and modifier; row 8 was kept"),
    ],
)
def test_a_row_that_cannot_be_a_rate_is_rejected_with_its_reason(bad, key, reason):
    read = parsed(*ROWS, bad)
    assert (read.rows_in, read.table.num_rows) == (6, 5)
    ((rejected, why),) = reasons(read).items()
    assert (rejected, reason in why) == (key, True)


def test_a_new_column_is_named_and_another_header_stops_the_file():
    assert parsed([*ROWS[3], "x"], names=[*NAMES, "FLOOR"]).notes[0] == "column 'FLOOR' is new and not used"
    assert not any("not used" in note for note in parsed(ROWS[3], names=[*NAMES[:8], "EXTENDEDLONGDESC"]).notes)
    with pytest.raises(LayoutError, match="YEAR,HCPCS,MOD"):
        parsed(ROWS[3], names=["HCPCS", *NAMES[1:]])


def test_a_whole_schedule_has_thousands_of_rates():
    read = parsed(*(row(f"{80000 + number}", "1.00") for number in range(1_500)))
    assert (read.whole, read.notes) == (True, ())


def test_only_this_table_claims_the_file():
    assert claimed_by(made(csv_text([*TOP, NAMES, *ROWS]), "a.csv")) == ["clfs"]
    assert not clfs.recognise(made("2025~83036~  ~20250101~N~00009.71~x\r\n", "CLFS 2025 Q1V1.txt"))
