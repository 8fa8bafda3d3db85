"""Anesthesia conversion factors, in the layouts of ANES2025.csv (one factor) and ANES2026.csv (two)."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

import pytest
from codeset_files import claimed_by, csv_text, made, needs_data, real, reasons
from xlsx import workbook

from cleanclaim.book.tables import mpfs_anesthesia, mpfs_gpci
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.pricing.model import cents

HEADER = ["Contractor", "Locality", "Locality Name", "National Anes CF of 20.3178"]
ALABAMA = ["10112 ", "00 ", "ALABAMA", "19.31 "]
ALASKA = ["02102 ", "01 ", "ALASKA*", "27.86 "]
BLANK = ["", "", "", ""]
HEADER_2026 = [
    *HEADER[:3],
    "Qualifying APM National Anes CF (with 2.5% statutory increase) of 20.599835",
    "Non-Qualifying APM National Anes CF (with 2.5% Statutory increase)  of 20.49754",
]
# What CMS multiplies each practice cost index of a locality by in 2025, of work, practice expense and malpractice.
SHARES_2025 = (Decimal("0.769"), Decimal("0.166"), Decimal("0.065"))


def parsed(*rows: list[str], header: list[str] = HEADER, name: str = "ANES2025.csv", release: str | None = None):
    return mpfs_anesthesia.parse(made(csv_text([header, *rows]), name), release)


def test_each_locality_is_a_fact_and_so_is_the_national_factor_of_the_header():
    read = parsed(ALABAMA, ALASKA, BLANK)
    assert read.table.schema == mpfs_anesthesia.SCHEMA
    assert [list(fact.values()) for fact in read.table.to_pylist()] == [
        ["", "", "national", Decimal("20.317800"), None, 1],
        ["10112", "00", "ALABAMA", Decimal("19.310000"), None, 2],
        ["02102", "01", "ALASKA", Decimal("27.860000"), None, 3],
    ]
    assert (read.rows_in, read.release, read.covers_from, read.covers_to) == (
        3,
        "ANES2025",
        dt.date(2025, 1, 1),
        dt.date(2025, 12, 31),
    )
    assert not read.whole


def test_from_2026_there_are_two_factors():
    read = parsed(["10112 ", "00 ", "ALABAMA", "19.63", "19.53"], header=HEADER_2026, name="ANES2026.csv")
    assert [(fact["factor"], fact["factor_qualifying_apm"]) for fact in read.table.to_pylist()] == [
        (Decimal("20.497540"), Decimal("20.599835")),
        (Decimal("19.530000"), Decimal("19.630000")),
    ]
    assert (read.release, read.notes) == ("ANES2026", ())


def test_a_workbook_may_have_titles_and_the_practice_cost_indices():
    header = [*HEADER[:3], "Work GPCI", "PE GPCI", "MP GPCI", HEADER[3]]
    cells = [["CY 2025 anesthesia"], header, [10112, 0, "ALABAMA", 1, 0.869, 0.575, 19.31], ["*a footnote"]]
    read = mpfs_anesthesia.parse(made(workbook(cells), "Anesthesia CY 2025 locality adjusted CF.xlsx"))
    assert [(fact["mac"], fact["locality"], fact["factor"]) for fact in read.table.to_pylist()] == [
        ("", "", Decimal("20.317800")),
        ("10112", "00", Decimal("19.310000")),
    ]
    assert (read.release, read.rows_in, read.notes) == ("ANES2025", 2, ())


def test_the_second_factor_of_2024_binds_from_march_9():
    first = parsed(ALABAMA, header=[*HEADER[:3], "National Anes CF of 20.4349"], name="ANES2024.csv")
    second = parsed(ALABAMA, header=[*HEADER[:3], "National Anes CF of 20.7739"], name="ANES2024.csv")
    assert (first.release, first.covers_from) == ("ANES2024", dt.date(2024, 1, 1))
    assert (second.release, second.covers_from) == ("ANES2024R", dt.date(2024, 3, 9))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({0: "1011A"}, "no contractor number"),
        ({1: "X"}, "no locality number"),
        ({3: "NA"}, "the conversion factor 'NA' is not a number"),
        ({3: "1931"}, "not from 10 to 100 dollars"),
    ],
)
def test_a_row_that_cannot_be_a_factor_is_rejected_with_its_reason(changes, reason):
    read = parsed(ALASKA, [changes.get(at, cell) for at, cell in enumerate(ALABAMA)])
    assert read.table["locality_name"].to_pylist() == ["national", "ALASKA"]
    (why,) = reasons(read).values()
    assert reason in why


def test_the_second_row_of_a_locality_is_rejected():
    assert reasons(parsed(ALABAMA, [*ALABAMA[:3], "20.00"])) == {"10112-00": "second row of a locality; row 2 was kept"}


def test_a_header_without_the_national_factor_stops_the_file():
    with pytest.raises(LayoutError, match="National Anes CF"):
        parsed(ALABAMA, header=[*HEADER[:3], "Anesthesia CF"])
    with pytest.raises(LayoutError, match="Non-Qualifying APM"):
        parsed(ALABAMA, header=HEADER_2026[:4])


def test_a_new_column_is_named_and_does_no_harm():
    read = parsed([*ALABAMA, "x"], header=[*HEADER, "Region"])
    assert (read.table.num_rows, read.notes) == (2, ("column 'Region' is new and not used",))


def test_a_file_that_names_no_year_asks_for_it():
    with pytest.raises(InputError, match="--release ANES2026"):
        parsed(ALABAMA, name="a.csv")
    assert parsed(ALABAMA, name="a.csv", release="ANES2023").covers_from == dt.date(2023, 1, 1)
    with pytest.raises(InputError, match="RVU26C"):
        parsed(ALABAMA, release="RVU26C")


def test_only_this_table_claims_the_file():
    assert claimed_by(made(csv_text([HEADER, ALABAMA]), "a.csv")) == ["mpfs-anesthesia"]
    assert claimed_by(made(csv_text([HEADER_2026, ["10112", "00", "ALABAMA", "1", "1"]]), "a.csv")) == [
        "mpfs-anesthesia"
    ]
    assert not mpfs_anesthesia.recognise(made("Contractor,Locality,Locality Name\r\n10112,00,ALABAMA\r\n", "a.csv"))


@needs_data
@pytest.mark.published
def test_the_real_file_holds_109_localities_and_the_national_factor():
    read = mpfs_anesthesia.parse(real("mpfs/rvu25d/ANES2025.csv"))
    assert (read.rows_in, read.table.num_rows, read.whole, read.notes) == (110, 110, True, ())
    assert claimed_by(real("mpfs/rvu25d/ANES2025.csv")) == ["mpfs-anesthesia"]
    (queens,) = [fact for fact in read.table.to_pylist() if (fact["mac"], fact["locality"]) == ("13292", "04")]
    assert queens["factor"] == Decimal("22.60")


@needs_data
@pytest.mark.published
def test_every_real_factor_is_the_national_one_times_the_shares_of_the_practice_cost_indices():
    """The record layout says that the local factors are calculated from the national one, not how: so they are."""
    factors = {(fact["mac"], fact["locality"]): fact["factor"] for fact in _facts(mpfs_anesthesia, "ANES2025.csv")}
    national = factors.pop(("", ""))
    computed = {
        (fact["mac"], fact["locality"]): cents(
            national
            * sum(
                share * fact[name] for share, name in zip(SHARES_2025, ("work_gpci", "pe_gpci", "mp_gpci"), strict=True)
            )
        )
        for fact in _facts(mpfs_gpci, "GPCI2025.csv")
    }
    assert sum(SHARES_2025) == 1
    assert {place: factor for place, factor in factors.items() if computed[place] != factor} == {}
    assert len(computed) == len(factors) == 109


def _facts(module, name: str):
    return module.parse(real(f"mpfs/rvu25d/{name}")).table.to_pylist()


def test_the_csv_quotes_names_with_commas():
    line = next(csv.reader(['01212 ,01 ,"HAWAII, GUAM",20.24 ']))
    assert parsed(line).table["locality_name"].to_pylist() == ["national", "HAWAII, GUAM"]
