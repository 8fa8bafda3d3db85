from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from codeset_files import claimed_by, csv_text, made, needs_data, real, reasons
from xlsx import workbook

from cleanclaim.book.tables import mpfs_gpci
from cleanclaim.errors import InputError, LayoutError

TITLE = ["ADDENDUM E. FINAL CY 2026 GEOGRAPHIC PRACTICE COST INDICES (GPCIs)", "", "", "", "", "", ""]
HEADER = [
    "Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name",
    "2026 PW GPCI (with 1.0 Floor)***", "2026 PE GPCI", "2026 MP GPCI",
]  # fmt: skip
ALABAMA = ["10112", "AL", "00", "ALABAMA", "1.000", "0.875", "0.566"]
ALASKA = ["02102", "AK", "01", "ALASKA*", "1.500", "1.065", "0.551"]
BLANK = [""] * 7
FOOTNOTES = [["MAC Assignments as of November 22, 2023", *BLANK[1:]], BLANK, ["*Work GPCI reflects a 1.5 floor"]]


def parsed(*rows: list[str], header: list[str] = HEADER, name: str = "GPCI2026.csv", release: str | None = None):
    return mpfs_gpci.parse(made(csv_text([TITLE, BLANK, header, *rows]), name), release)


def test_each_locality_is_a_fact_that_cites_its_line():
    read = parsed(ALABAMA, ALASKA)
    assert read.table.schema == mpfs_gpci.SCHEMA
    assert read.table.to_pylist()[1] == {
        "mac": "02102", "state": "AK", "locality": "01", "locality_name": "ALASKA", "work_gpci": Decimal("1.500"),
        "pe_gpci": Decimal("1.065"), "mp_gpci": Decimal("0.551"), "work_floor": True, "row": 5,
    }  # fmt: skip
    assert (read.release, read.covers_from, read.covers_to) == (
        "GPCI2026",
        dt.date(2026, 1, 1),
        dt.date(2026, 12, 31),
    )
    assert not read.whole


def test_footnotes_are_no_rows_of_the_table():
    read = parsed(ALABAMA, BLANK, *FOOTNOTES)
    assert (read.rows_in, read.table.num_rows, read.rejects.num_rows) == (1, 1, 0)


def test_the_floored_work_index_is_kept_where_both_are_given():
    both = [*HEADER[:4], "2026 PW GPCI (without 1.0 Floor)", *HEADER[4:]]
    read = parsed([*ALABAMA[:4], "0.988", *ALABAMA[4:]], header=both)
    assert read.table["work_gpci"].to_pylist() == [Decimal("1.000")]
    assert read.table["work_floor"].to_pylist() == [True]
    assert read.notes == ("the work index is also given without the floor of 1.0: not used",)


@pytest.mark.parametrize(
    ("name", "floor"), [("2026 PW GPCI (without 1.0 Floor)", False), ("2026 PW GPCI (with 1.0 floor)", True)]
)
def test_the_header_says_whether_the_floor_is_in(name, floor):
    assert parsed(ALABAMA, header=[*HEADER[:4], name, *HEADER[5:]]).table["work_floor"].to_pylist() == [floor]


def test_the_layout_of_2020_has_no_state_and_does_not_name_the_floor():
    header = [HEADER[0], *HEADER[2:4], "2020 PW GPCI ", "2020 PE GPCI", "2020 MP GPCI", "", "", ""]
    read = parsed(["10112", "00", "ALABAMA", "1.000", "0.889", "0.707", "", "", ""], header=header, name="a.csv")
    (fact,) = read.table.to_pylist()
    assert (fact["state"], fact["work_floor"], fact["pe_gpci"]) == (None, None, Decimal("0.889"))
    assert (read.release, read.notes) == ("GPCI2020", ())


def test_numbers_of_a_workbook_get_their_leading_zeros_back():
    cells = [TITLE, HEADER, [2102.0, "AK", 1.0, "ALASKA*", 1.5, 1.065, 0.551]]
    read = mpfs_gpci.parse(made(workbook(cells), "GPCI2026.xlsx"))
    (fact,) = read.table.to_pylist()
    assert (fact["mac"], fact["locality"], fact["work_gpci"]) == ("02102", "01", Decimal("1.500"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({0: "1011A"}, "no contractor number"),
        ({2: "XX"}, "no locality number"),
        ({4: "NA"}, "PW GPCI 'NA' is not a number"),
        ({5: "-0.5"}, "PE GPCI '-0.5' is not from 0"),
        ({6: "0"}, "MP GPCI '0' is not from 0"),
        ({6: "0.5661"}, "more than the published 3 decimals"),
    ],
)
def test_a_row_that_cannot_be_a_locality_is_rejected_with_its_reason(changes, reason):
    read = parsed(ALASKA, [changes.get(at, cell) for at, cell in enumerate(ALABAMA)])
    assert read.table["locality_name"].to_pylist() == ["ALASKA"]
    (why,) = reasons(read).values()
    assert reason in why


def test_the_second_row_of_a_locality_is_rejected():
    read = parsed(ALABAMA, [*ALABAMA[:3], "AGAIN", "9.000", "1", "1"])
    assert read.table["work_gpci"].to_pylist() == [Decimal("1.000")]
    assert reasons(read) == {"10112-00": "second row of a locality; row 4 was kept"}


def test_a_missing_column_stops_the_file():
    header = [cell if "PW" not in cell else "2026 WORK" for cell in HEADER]
    with pytest.raises(LayoutError, match=r"line 3: expected the column 'PW GPCI'"):
        parsed(ALABAMA, header=header)
    with pytest.raises(LayoutError, match="Locality Number"):
        mpfs_gpci.parse(made("a,b\r\n", "a.csv"))


def test_a_new_column_is_named_and_does_no_harm():
    read = parsed([*ALABAMA, "0.9"], header=[*HEADER, "2026 GAF"])
    assert read.notes == ("column '2026 GAF' is new and not used",)
    assert read.table.num_rows == 1


def test_a_file_that_names_no_year_asks_for_it():
    header = [cell.removeprefix("2026 ") for cell in HEADER]
    assert parsed(ALABAMA, header=header).release == "GPCI2026"
    with pytest.raises(InputError, match="--release GPCI2026"):
        parsed(ALABAMA, header=header, name="a.csv")
    assert parsed(ALABAMA, header=header, name="a.csv", release="GPCI2023").covers_from == dt.date(2023, 1, 1)
    with pytest.raises(InputError, match="RVU26C"):
        parsed(ALABAMA, release="RVU26C")


def test_only_this_table_claims_the_file():
    assert claimed_by(made(csv_text([TITLE, BLANK, HEADER, ALABAMA]), "a.csv")) == ["mpfs-gpci"]
    assert not mpfs_gpci.recognise(made("Contractor,Locality,Locality Name\r\n10112,00,ALABAMA\r\n", "a.csv"))


@needs_data
@pytest.mark.published
@pytest.mark.parametrize(
    ("path", "release", "los_angeles"),
    [
        ("mpfs/rvu26c/GPCI2026.csv", "GPCI2026", ("1.041", "1.183", "0.664")),
        ("mpfs/rvu25d/GPCI2025.csv", "GPCI2025", ("1.042", "1.194", "0.690")),
    ],
)
def test_the_real_files_hold_109_localities(path, release, los_angeles):
    read = mpfs_gpci.parse(real(path))
    assert (read.release, read.rows_in, read.table.num_rows, read.whole) == (release, 109, 109, True)
    assert read.notes == ()
    assert set(read.table["work_floor"].to_pylist()) == {True}
    (fact,) = [fact for fact in read.table.to_pylist() if (fact["mac"], fact["locality"]) == ("01182", "18")]
    assert tuple(str(fact[name]) for name in ("work_gpci", "pe_gpci", "mp_gpci")) == los_angeles
    assert len({(fact["mac"], fact["locality"]) for fact in read.table.to_pylist()}) == 109
