"""Payment limits of Part B drugs, in the layout of the section 508 csv of January 2025.

The file is made: of the published one the figures of J1100, J0558, 90653 and A9606 are carried over, no descriptions.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from codeset_files import claimed_by, csv_text, made, reasons
from xlsx import workbook

from cleanclaim.book.tables import asp
from cleanclaim.errors import InputError, LayoutError

NAMES = [
    *("HCPCS Code", "Short Description", "HCPCS Code Dosage", "Payment Limit", "Co-insurance Percentage"),
    *("Vaccine AWP%", "Vaccine Limit", "Blood AWP%", "Blood limit", "Clotting Factor", "Notes", ""),
]
TOP = [
    ["Payment Allowance Limits for Medicare Part B Drugs"],
    [""],
    ["Effective January 1, 2025 through March 31, 2025"],
    ["Note 1: ...", ""],
]
ROWS = [
    ["90653", "x", "0.5 ML", "83.490", "0.000", "95", "83.490", "", "", "", "see the webpage", ""],
    ["A9606", "x", "1 microCurie", "N/A", "20.000", "", "", "", "", "", "microCurie 100% AWP\nand WAC", ""],
    ["J0558", "x", "100,000 UNITS", "17.368", "16.673", "", "", "", "", "", "Inflation-adjusted coinsurance", ""],
    ["J1100", "x", "1 MG", "0.108", "20.000", "", "", "", "", "", "", ""],
]


def parsed(*rows: list[str], names: list[str] = NAMES, top: list[list[str]] = TOP, release: str | None = None):
    return asp.parse(made(csv_text([*top, names, *rows]), "a.csv"), release)


def test_each_limit_is_a_fact_that_cites_its_line_and_keeps_no_description():
    read = parsed(*ROWS)
    assert read.table.schema == asp.SCHEMA
    assert [tuple(fact.values()) for fact in read.table.to_pylist()] == [
        ("90653", "0.5 ML", Decimal("83.490"), Decimal("0.000"), 6),
        ("A9606", "1 microCurie", None, Decimal("20.000"), 7),
        ("J0558", "100,000 UNITS", Decimal("17.368"), Decimal("16.673"), 9),
        ("J1100", "1 MG", Decimal("0.108"), Decimal("20.000"), 10),
    ]
    assert (read.release, read.covers_from, read.covers_to) == ("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))
    assert (read.rows_in, read.whole) == (4, False)
    assert "excerpt" in read.notes[0]


def test_the_layout_of_before_2023_has_no_coinsurance():
    read = parsed(["J3301", "x", "10 MG", "1.291", "", "", "", "", "", ""], names=[*NAMES[:4], *NAMES[5:11]])
    assert [tuple(fact.values())[2:4] for fact in read.table.to_pylist()] == [(Decimal("1.291"), Decimal(-1))]


def test_a_drug_without_a_limit_is_kept_however_short_its_row():
    read = parsed(["J7318", "x"], ["J7319", "x", "1 MG", "", "", "see note"])
    assert [tuple(fact.values())[:4] for fact in read.table.to_pylist()] == [
        ("J7318", "", None, Decimal(-1)),
        ("J7319", "1 MG", None, Decimal(-1)),
    ]


def test_a_workbook_reads_alike_and_its_figures_are_rounded_to_three_decimals():
    cells = [*TOP, NAMES, ["J1100", "x", "1 MG", 0.10800000000000001, 20.0]]
    (fact,) = asp.parse(made(workbook(cells), "a.xlsx")).table.to_pylist()
    assert (fact["payment_limit"], fact["coinsurance"]) == (Decimal("0.108"), Decimal("20.000"))


@pytest.mark.parametrize(
    ("bad", "key", "reason"),
    [
        (["J110", "x", "1 MG", "1", "20"], "J110", "no procedure code"),
        (["J1110", "x", "1 MG", "see note", "20"], "J1110", "the payment limit 'see note' is not a number"),
        (["J1110", "x", "1 MG", "0", "20"], "J1110", "is not above 0"),
        (["J1110", "x", "1 MG", "1", "120"], "J1110", "the coinsurance '120'"),
        (["J1100", "x", "1 MG", "1", "20"], "J1100", "second row of a code; row 10 was kept"),
    ],
)
def test_a_row_that_cannot_be_a_limit_is_rejected_with_its_reason(bad, key, reason):
    read = parsed(*ROWS, bad)
    assert (read.rows_in, read.table.num_rows) == (5, 4)
    ((rejected, why),) = reasons(read).items()
    assert (rejected, reason in why) == (key, True)


def test_a_file_without_its_quarter_asks_for_it():
    for title in ("Payment limits", "Effective June 1, 2025 through June 30, 2025"):
        with pytest.raises(InputError, match="--release 2025Q1"):
            parsed(*ROWS, top=[[title]])
    assert parsed(*ROWS, top=[["Payment limits"]], release="2024Q4").covers_to == dt.date(2024, 12, 31)
    with pytest.raises(InputError, match="no quarter"):
        parsed(*ROWS, release="ASP2025")


def test_a_new_column_is_named_and_another_header_stops_the_file():
    assert parsed([*ROWS[3], "x"], names=[*NAMES, "Rebate"]).notes[0] == "column 'REBATE' is new and not used"
    with pytest.raises(LayoutError, match="HCPCS CODE,SHORT DESCRIPTION"):
        parsed(*ROWS, names=["Code", *NAMES[1:]])


def test_a_whole_file_has_hundreds_of_drugs():
    read = parsed(*([f"J{number:04}", "x", "1 MG", "1.000", "20"] for number in range(500)))
    assert (read.whole, read.notes) == (True, ())


def test_only_this_table_claims_the_file_and_not_that_of_drugs_which_are_not_payable():
    content = csv_text([*TOP, NAMES, *ROWS])
    assert claimed_by(made(content, "Payment Limit File.csv")) == ["asp"]
    assert claimed_by(made(content, "Drugs Not Payable Payment Limit File.csv")) == []
    assert claimed_by(made(csv_text([["Drugs Not Payable"], *TOP, NAMES, *ROWS]), "a.csv")) == []
    assert claimed_by(made(csv_text([["_2025_CODE", "Short Description", "LABELER NAME", "NDC2"]]), "a.csv")) == []
