"""The DMEPOS fee schedule, in the layouts of DMEPOS_JAN.csv and DMEPEN_JAN.csv of 2025.

The files are made: of the published ones the fees of A4221, A4233, A4239 and B4034 are carried over, no descriptions.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from codeset_files import claimed_by, csv_text, made, reasons
from xlsx import workbook

from cleanclaim.book.tables import dmepos
from cleanclaim.errors import InputError, LayoutError

STATES = ["AL (NR)", "AL (R)", "AZ (NR)", "AZ (R)"]
NAMES = ["HCPCS", "Mod", "Mod2", "JURIS", "CATG", "Ceiling", "Floor", *STATES, "Description"]
TOP = [["Durable Medical Equipment,"], ["(DMEPOS)"], ["January 2025 Fee Schedule"], [""]]
PEN_NAMES = ["HCPCS", "MOD", "MOD2", *(name.replace(" ", "") for name in STATES), "Desc"]
PEN_TOP = [["2025 Parenteral and Enteral Nutrition  Items and Services (PEN) Fee Schedule"], TOP[2]]
ROWS = [
    ["A4221", "", "", "D", "SU", "0.00", "0.00", "25.19", "28.41", "25.19", "28.15", "x"],
    ["A4233", "NU", "", "D", "IN", "0.00", "0.00", "0.51", "0.00", "0.51", "0.00", "x"],
    ["A4239", "", "", "D", "SU", "267.92", "227.73", "267.92", "0.00", "267.92", "0.00", "x"],
    ["A4239", "KF", "", "D", "SU", "311.74", "264.98", "311.74", "0.00", "311.74", "0.00", "x"],
]


def parsed(*rows: list[str], names: list[str] = NAMES, top: list[list[str]] = TOP, release: str | None = None):
    return dmepos.parse(made(csv_text([*top, names, *rows]), "a.csv"), release)


def facts(read) -> list[tuple[object, ...]]:
    return [tuple(fact.values()) for fact in read.table.to_pylist()]


def test_the_fee_of_an_item_in_a_state_is_a_fact():
    read = parsed(*ROWS)
    assert read.table.schema == dmepos.SCHEMA
    assert facts(read)[:3] == [
        ("A4221", "AL", "", "", "D", "SU", Decimal("25.19"), Decimal("28.41"), 6),
        ("A4221", "AZ", "", "", "D", "SU", Decimal("25.19"), Decimal("28.15"), 6),
        ("A4233", "AL", "NU", "", "D", "IN", Decimal("0.51"), Decimal("0.00"), 7),
    ]
    assert (read.source, read.release, read.covers_from) == ("dmepos", "2025Q1", dt.date(2025, 1, 1))
    assert (read.rows_in, read.table.num_rows, read.whole) == (8, 8, False)
    assert "only 4 items in 2 states" in read.notes[0]


def test_nutrition_has_a_layout_and_a_source_of_its_own():
    read = parsed(["B4034", "", "", "3.84", "6.03", "3.77", "6.03", "x"], names=PEN_NAMES, top=PEN_TOP)
    assert (read.source, read.release) == ("dmepos-pen", "2025Q1")
    assert facts(read)[1] == ("B4034", "AZ", "", "", "", "", Decimal("3.77"), Decimal("6.03"), 4)


def test_a_state_without_a_fee_has_no_fact():
    bare = ["E1399", "", "", "D", "CR", "0.00", "0.00", "0.00", "0.00", "1.00", "0.00", "x"]
    assert [fact[:2] for fact in facts(parsed(bare))] == [("E1399", "AZ")]


def test_a_blank_row_and_a_footnote_are_no_rows():
    assert parsed(*ROWS, [""], ["* see the notice", ""]).rows_in == 8


def test_the_workbook_reads_alike():
    cells = [*TOP, NAMES, ["A4233", "NU", None, "D", "IN", 0, 0, 0.51, 0, 0.51, 0, "x"]]
    assert facts(dmepos.parse(made(workbook(cells), "DMEPOS_JAN.xlsx"))) == facts(parsed(ROWS[1]))


@pytest.mark.parametrize(
    ("changes", "key", "reason", "kept"),
    [
        ({0: "99213"}, "99213", "no HCPCS Level II code", 0),
        ({1: "N"}, "A4221-N", "'N' is no modifier", 0),
        ({7: "1.005"}, "A4221/AL", "the fees ['1.005', '28.41'] are no amounts", 1),
        ({10: ""}, "A4221/AZ", "the fees ['25.19', ''] are no amounts", 1),
        ({9: "-1.00"}, "A4221/AZ", "no amounts", 1),
    ],
)
def test_what_cannot_be_a_fee_is_rejected_with_its_reason(changes, key, reason, kept):
    read = parsed([changes.get(at, cell) for at, cell in enumerate(ROWS[0])])
    assert (read.table.num_rows, read.rows_in) == (kept, kept + 1)
    ((rejected, why),) = reasons(read).items()
    assert (rejected, reason in why) == (key, True)


def test_the_second_row_of_an_item_is_rejected():
    assert reasons(parsed(ROWS[1], ROWS[1])) == {"A4233-NU": "second row of an item; row 6 was kept"}


def test_a_file_without_its_quarter_asks_for_it():
    with pytest.raises(InputError, match="--release 2025Q1"):
        parsed(*ROWS, top=[["Durable Medical Equipment"]])
    assert parsed(*ROWS, top=[["no title"]], release="2026Q3").covers_from == dt.date(2026, 7, 1)
    with pytest.raises(InputError, match="no quarter"):
        parsed(*ROWS, release="DME26-C")
    assert parsed(*ROWS, top=[["July 2026 Fee Schedule"]]).release == "2026Q3"


def test_a_new_column_is_named_and_another_header_stops_the_file():
    assert parsed([*ROWS[0], "x"], names=[*NAMES, "Labor"]).notes[0] == "column 'LABOR' is new and not used"
    with pytest.raises(LayoutError, match=r"AL \(NR\),AL \(R\)"):
        parsed(*ROWS, names=["Code", *NAMES[1:]])


def test_a_whole_schedule_has_thousands_of_items_in_every_state():
    states = [f"{first}{second} ({area})" for first in "ABCDE" for second in "FGHIJKLMNO" for area in ("NR", "R")]
    names = [*NAMES[:7], *states, "Description"]
    rows = [[f"E{number:04}", *ROWS[0][1:7], *["1.00"] * 100, "x"] for number in range(2_000)]
    read = parsed(*rows, names=names)
    assert (read.whole, read.rows_in, read.notes) == (True, 100_000, ())
    few_states = parsed(*([*cells[:11], "x"] for cells in rows))
    assert (few_states.whole, "2,000 items in 2 states" in few_states.notes[0]) == (False, True)


def test_only_this_table_claims_the_files_and_not_that_of_former_bidding_areas():
    assert claimed_by(made(csv_text([*TOP, NAMES, *ROWS]), "a.csv")) == ["dmepos"]
    assert claimed_by(made(csv_text([*PEN_TOP, PEN_NAMES]), "a.csv")) == ["dmepos"]
    former = ["HCPCS", "Mod", "Mod2", "Mod3", "CATG", "Aiken County, SC", "Akron, OH", "Description"]
    assert claimed_by(made(csv_text([*TOP, former]), "a.csv")) == []
    assert claimed_by(made(csv_text([["STATE", "DMEPOS RURAL ZIP CODE", "YEAR/QTR"]]), "a.csv")) == []
