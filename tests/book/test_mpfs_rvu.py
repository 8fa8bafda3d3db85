from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from string import printable

import pytest
from codeset_files import claimed_by, csv_text, made, needs_data, real, reasons
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsx import workbook

from cleanclaim.book.tables import mpfs_rvu
from cleanclaim.errors import InputError, LayoutError

# The stacked header of 2026 as published, one name a column, words split over rows by "/".
NAMES_2026 = """
////HCPCS ////MOD ////DESCRIPTION ///STATUS/CODE /NOT_USED/FOR/MEDICARE_/PAYMENT ///WORK/RVU ///NON-FAC/PE_RVU
//NON-FAC/NA/INDICATOR ///FACILITY/PE_RVU //FACILITY_/NA/INDICATOR ///MP/RVU ///NON-FACILITY/TOTAL ///FACILITY/TOTAL
///PCTC/IND ///GLOB/DAYS ///PRE/OP ///INTRA/OP ///POST/OP ///MULT/PROC ///BILAT/SURG ///ASST/SURG ///CO-/SURG
///TEAM/SURG ///PRIC/IND ///ENDO/BASE ///CONV/FACTOR /PHYSICIAN/SUPERVISION_OF/DIAGNOSTIC/PROCEDURES
///CALCULATION/FLAG /DIAGNOSTIC/IMAGING/FAMILY/INDICATOR NON-FACILITY/PE_USED/FOR_OPPS/PAYMENT/AMOUNT
FACILITY/PE_USED/FOR_OPPS/PAYMENT/AMOUNT /MP_USED/FOR_OPPS/PAYMENT/AMOUNT
""".split()
PRICE_INDICATOR = NAMES_2026.index("///PRIC/IND")

DEFAULTS = {
    "hcpcs": "11111", "mod": "", "description": "", "status": "A", "unused": "", "work": "1.00", "nonfac_pe": "2.00",
    "nonfac_na": "", "fac_pe": "0.50", "fac_na": "", "mp": "0.10", "nonfac_total": "3.10", "fac_total": "1.60",
    "pctc": "0", "glob": "000", "pre": "0.00", "intra": "0.00", "post": "0.00", "mult": "2", "bilat": "0",
    "asst": "1", "co": "0", "team": "0", "price": "9", "endo": "", "cf": "33.4009", "supervision": "09",
    "calc": "0", "family": "99", "opps_nonfac": "0.00", "opps_fac": "0.00", "opps_mp": "0.00",
}  # fmt: skip


def row(**changes: object) -> list[object]:
    return list((DEFAULTS | changes).values())


def header(names: list[str] = NAMES_2026) -> list[list[str]]:
    return [[name.split("/")[depth].replace("_", " ") for name in names] for depth in range(5)]


def preamble(title: str, released: str = "RELEASED 06/30/2026") -> list[list[str]]:
    return [["", "", text] for text in (title, "CPT codes are copyright of the AMA", "", "", released)]


def title(month: str = "July", year: int = 2026) -> str:
    return f"{year} National Physician Fee Schedule Relative Value File {month} Release"


def sheet(*rows: list[object], first: list[list[str]] | None = None) -> list[list[object]]:
    return [*(preamble(title()) if first is None else first), *header(), *rows]


def parsed(*rows: list[object], name: str = "PPRRVU2026_Jul_nonQPP.csv", release: str | None = None):
    return mpfs_rvu.parse(made(csv_text(sheet(*rows)), name), release)


def test_a_row_of_2026_becomes_a_fact_that_cites_its_line():
    read = parsed(row(hcpcs="12345", mod="26", fac_na="NA", endo="43235", price="9"))
    assert read.table.schema == mpfs_rvu.SCHEMA
    (fact,) = read.table.to_pylist()
    assert (fact["hcpcs"], fact["modifier"], fact["row"]) == ("12345", "26", 11)
    assert (fact["na_nonfacility"], fact["na_facility"]) == (False, True)
    assert (fact["work_rvu"], fact["pe_rvu_nonfacility"]) == (Decimal("1.00"), Decimal("2.00"))
    assert (fact["pe_rvu_facility"], fact["mp_rvu"]) == (Decimal("0.50"), Decimal("0.10"))
    assert (fact["total_nonfacility"], fact["total_facility"]) == (Decimal("3.10"), Decimal("1.60"))
    assert (fact["conversion_factor"], fact["price_indicator"]) == (Decimal("33.4009"), "9")
    assert (fact["supervision"], fact["imaging_family"], fact["global_days"]) == ("09", "99", "000")
    assert (fact["endoscopic_base"], fact["multiple_procedure"]) == ("43235", "2")


def test_a_blank_supervision_level_stays_blank():
    assert parsed(row(supervision="", family="")).table.select(["supervision", "imaging_family"]).to_pylist() == [
        {"supervision": "", "imaging_family": ""}
    ]


def test_before_2026_the_price_indicator_is_unknown():
    names = [name for name in NAMES_2026 if name != "///PRIC/IND"]
    old = row()
    del old[PRICE_INDICATOR]
    text = csv_text([*preamble(title("October", 2025), "RELEASED 09/11/2025"), *header(names), old])
    read = mpfs_rvu.parse(made(text, "PPRRVU2025_Oct.csv"))
    assert read.table["price_indicator"].to_pylist() == [None]
    assert read.table["conversion_factor"].to_pylist() == [Decimal("33.4009")]
    assert (read.release, read.published) == ("RVU25D", dt.date(2025, 9, 11))
    assert (read.covers_from, read.covers_to) == (dt.date(2025, 10, 1), dt.date(2025, 12, 31))


def test_workbook_and_csv_give_the_same_facts():
    rows = sheet(row(), row(hcpcs="11112", mod="26", supervision="21", endo="43235"), row(hcpcs="0111T"))
    numbers = {"11112", "26", "21", "43235", "33.4009", "09", "000", "99", "2", "1.00"}
    cells = [[float(cell) if cell in numbers else cell for cell in cells] for cells in rows]
    from_csv = mpfs_rvu.parse(made(csv_text(rows), "a.csv"))
    from_sheet = mpfs_rvu.parse(made(workbook(cells), "a.xlsx"))
    assert from_sheet.table.equals(from_csv.table)
    assert from_sheet.table.num_rows == 3


def test_header_in_one_row_is_read_as_the_stacked_one():
    names = [" ".join(name.replace("_", " ").replace("/", " ").split()) for name in NAMES_2026]
    text = csv_text([*preamble(title()), names, row()])
    assert mpfs_rvu.parse(made(text, "a.csv")).table["row"].to_pylist() == [7]


def test_an_inserted_column_is_named_and_does_no_harm():
    names = [*NAMES_2026[:5], "///NEW/THING", *NAMES_2026[5:]]
    cells = row()
    cells.insert(5, "77.77")
    read = mpfs_rvu.parse(made(csv_text([*preamble(title()), *header(names), cells]), "a.csv"))
    assert read.notes == ("column 'NEW THING' is new and not used",)
    assert read.table["work_rvu"].to_pylist() == [Decimal("1.00")]


@pytest.mark.parametrize("gone", ["///WORK/RVU", "//FACILITY_/NA/INDICATOR", "///CONV/FACTOR"])
def test_a_missing_column_stops_the_file(gone):
    names = [name for name in NAMES_2026 if name != gone]
    file = made(csv_text([*preamble(title()), *header(names), row()]), "a.csv", "b.zip!a.csv")
    wanted = " ".join(gone.replace("_", "").replace("/", " ").split())
    with pytest.raises(LayoutError, match=rf"b\.zip!a\.csv, line 10: expected the column '{wanted}'"):
        mpfs_rvu.parse(file)


def test_a_column_that_stands_twice_stops_the_file():
    names = [*NAMES_2026, "///WORK/RVU"]
    with pytest.raises(LayoutError, match="two of them"):
        mpfs_rvu.parse(made(csv_text([*preamble(title()), *header(names), row()]), "a.csv"))


def test_a_file_without_a_header_stops():
    with pytest.raises(LayoutError, match="begins with HCPCS"):
        mpfs_rvu.parse(made("a,b\r\n", "a.csv"))


@pytest.mark.parametrize(
    ("month", "year", "release", "start"),
    [("January", 2020, "RVU20A", (2020, 1)), ("April", 2026, "RVU26B", (2026, 4)),
     ("July", 2026, "RVU26C", (2026, 7)), ("October", 2024, "RVU24D", (2024, 10))],
)  # fmt: skip
def test_the_title_names_the_release(month, year, release, start):
    text = csv_text(sheet(row(), first=preamble(title(month, year))))
    read = mpfs_rvu.parse(made(text, "renamed.csv"))
    assert read.release == release
    assert (read.covers_from, read.covers_to) == (dt.date(*start, 1), dt.date(year, 12, 31))


def test_the_file_name_names_the_release_where_the_title_is_gone():
    assert mpfs_rvu.parse(made(csv_text(sheet(row(), first=[])), "PPRRVU24_JUL.csv")).release == "RVU24C"


def test_a_file_that_names_no_release_asks_for_it():
    file = made(csv_text(sheet(row(), first=[])), "rvu.csv")
    with pytest.raises(InputError, match="--release RVU26C"):
        mpfs_rvu.parse(file)
    read = mpfs_rvu.parse(file, "RVU22B")
    assert (read.release, read.covers_from, read.published) == ("RVU22B", dt.date(2022, 4, 1), None)
    with pytest.raises(InputError, match="2026Q3"):
        mpfs_rvu.parse(file, "2026Q3")


def test_the_corrected_january_file_of_2024_covers_from_the_day_of_the_act():
    text = csv_text(sheet(row(), first=preamble(title("January", 2024), "RELEASED 03/11/2024")))
    first = mpfs_rvu.parse(made(text, "PPRRVU24_JAN.csv", "rvu24a.zip!PPRRVU24_JAN.csv"))
    corrected = mpfs_rvu.parse(made(text, "PPRRVU24_JAN.csv", "rvu24ar.zip!PPRRVU24_JAN.csv"))
    assert (first.release, first.covers_from) == ("RVU24A", dt.date(2024, 1, 1))
    assert (corrected.release, corrected.covers_from) == ("RVU24AR", dt.date(2024, 3, 9))


def test_the_two_files_of_2026_are_two_releases():
    qualifying = row(price="1", cf="33.5675")
    assert parsed(row(), name="PPRRVU2026_Jul_nonQPP.csv").release == "RVU26C"
    assert parsed(qualifying, name="PPRRVU2026_Jul_QPP.csv").release == "RVU26C-QPP"
    assert parsed(row(), name="renamed.csv").release == "RVU26C"
    read = parsed(qualifying, name="renamed.csv")
    assert (read.release, read.covers_from) == ("RVU26C-QPP", dt.date(2026, 7, 1))


def test_only_a_full_file_of_all_codes_is_whole(monkeypatch):
    monkeypatch.setattr(mpfs_rvu, "_WHOLE_ROWS", 2)
    two = (row(), row(hcpcs="11112"))
    assert parsed(*two).whole
    assert not parsed(row()).whole
    assert not parsed(*two, name="PPRRVU2026_Jul_QPP.csv").whole


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"hcpcs": "GXXX1"}, "placeholder"),
        ({"hcpcs": "1234"}, "'1234' is not a code of five"),
        ({"hcpcs": "1111a"}, "is not a code of five"),
        ({"mod": "2"}, "modifier '2' is not two"),
        ({"status": "Z"}, "unknown STATUS CODE 'Z'"),
        ({"status": ""}, "unknown STATUS CODE ''"),
        ({"pctc": "X"}, "unknown PCTC IND"),
        ({"glob": "030"}, "unknown GLOB DAYS '030'"),
        ({"glob": ""}, "unknown GLOB DAYS ''"),
        ({"mult": "8"}, "unknown MULT PROC"),
        ({"bilat": "4"}, "unknown BILAT SURG"),
        ({"team": "3"}, "unknown TEAM SURG"),
        ({"nonfac_na": "N"}, "unknown NON-FAC NA INDICATOR"),
        ({"endo": "4323"}, "endoscopic base '4323'"),
        ({"work": ""}, "WORK RVU '' is not a number"),
        ({"work": "-0.01"}, "WORK RVU '-0.01' is not from 0"),
        ({"mp": "1E+50"}, "MP RVU '1E+50' is not from 0"),
        ({"fac_pe": "NaN"}, "FACILITY PE RVU 'NaN' is not a number"),
        ({"nonfac_pe": "0.123"}, "more than the published 2 decimals"),
        ({"cf": "33.40091"}, "more than the published 4 decimals"),
    ],
)
def test_a_row_that_cannot_be_a_fact_is_rejected_with_its_reason(changes, reason):
    read = parsed(row(hcpcs="99999"), row(**changes))
    assert read.table["hcpcs"].to_pylist() == ["99999"]
    assert read.rejects["row"].to_pylist() == [12]
    (why,) = reasons(read).values()
    assert reason in why


def test_the_second_row_of_a_code_and_modifier_is_rejected():
    read = parsed(row(mod="26"), row(mod="TC"), row(mod="26", work="9.00"))
    assert read.table["modifier"].to_pylist() == ["26", "TC"]
    assert reasons(read) == {"11111-26": "second row of a code and modifier; row 11 was kept"}


def test_a_total_that_is_not_the_sum_is_kept_and_told():
    read = parsed(row(), row(hcpcs="11112", nonfac_total="3.11"))
    assert read.table.num_rows == 2
    assert read.notes == ("total RVUs are not the sum of their parts in 1 rows, 11112 among them",)


def test_blank_rows_and_the_end_mark_are_no_rows():
    read = parsed(row(), ["", "", ""], ["\x1a"])
    assert (read.rows_in, read.rejects.num_rows) == (1, 0)


def test_other_files_of_the_bundle_are_not_claimed():
    others = {
        "OPPSCAP.csv": "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE\r\n11111,TC,C,01112,05,1,1\r\n",
        "ANES.csv": "Contractor,Locality,Locality Name,National Anes CF of 20.3178\r\n10112 ,00 ,ALABAMA,19.31\r\n",
        "claims.csv": "claim,HCPCS,MOD\r\n1,11111,26\r\n",
        "empty.csv": "",
    }
    assert [name for name, text in others.items() if mpfs_rvu.recognise(made(text, name))] == []
    assert claimed_by(made(csv_text(sheet(row())), "a.csv")) == ["mpfs-rvu"]


CELLS = st.one_of(st.sampled_from(["", "0.00", "1.00", "9", "A", "NA", "XXX"]), st.text(printable, max_size=6))


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(list(DEFAULTS)), CELLS, max_size=2), max_size=6))
def test_every_row_is_kept_or_rejected_whatever_it_holds(changes):
    read = parsed(*(row(**change) for change in changes))
    assert read.rows_in == len(changes)
    assert read.table.num_rows + read.rejects.num_rows == len(changes)


@needs_data
@pytest.mark.published
def test_rvu26c_is_read_whole():
    read = mpfs_rvu.parse(real("mpfs/rvu26c/PPRRVU2026_Jul_nonQPP.csv"))
    assert (read.release, read.rows_in, read.table.num_rows) == ("RVU26C", 19_356, 19_355)
    assert list(reasons(read)) == ["GXXX1"]
    assert (read.covers_from, read.covers_to) == (dt.date(2026, 7, 1), dt.date(2026, 12, 31))
    assert (read.published, read.whole, read.notes) == (dt.date(2026, 6, 30), True, ())
    assert Counter(read.table["status_indicator"].to_pylist()) == {
        "A": 9408, "X": 2573, "I": 1437, "C": 1411, "E": 1294, "M": 1292, "R": 1082, "N": 350, "J": 276,
        "P": 144, "B": 80, "T": 8,
    }  # fmt: skip
    facts = {(fact["hcpcs"], fact["modifier"]): fact for fact in read.table.to_pylist()}
    fact = facts["45378", "53"]
    assert (fact["status_indicator"], fact["conversion_factor"]) == ("A", Decimal("33.4009"))
    assert facts["43249", ""]["endoscopic_base"] == "43235"
    assert set(read.table["price_indicator"].to_pylist()) == {"9"}


@needs_data
@pytest.mark.published
def test_rvu25d_csv_and_workbook_are_one_table():
    from_csv = mpfs_rvu.parse(real("mpfs/rvu25d/PPRRVU2025_Oct.csv"))
    from_sheet = mpfs_rvu.parse(real("mpfs/rvu25d/PPRRVU2025_Oct.xlsx"))
    assert (from_csv.release, from_csv.rows_in, from_csv.rejects.num_rows) == ("RVU25D", 19_090, 0)
    assert from_csv.notes == ()
    assert from_sheet.table.equals(from_csv.table)
    assert from_sheet.release == from_csv.release
