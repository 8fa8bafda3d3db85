from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from codeset_files import claimed_by, csv_text, made, needs_data, real, reasons
from xlsx import workbook

from cleanclaim.book.tables import hcpcs
from cleanclaim.errors import InputError, LayoutError

HEADER = [
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "PRICE1", "PRICE2", "MULT_PI", "COV",
    "BETOS", "TOS1", "TOS2", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD",
]  # fmt: skip
DEFAULTS = {
    "code": "G0105", "seq": "0010", "recid": "3", "long": "A long text", "short": "A text", "price": "11",
    "price2": "", "multi": "A", "cov": "D", "betos": "P8D", "tos": "2", "tos2": "", "add": "19980101",
    "act": "20240101", "term": "", "action": "N",
}  # fmt: skip
NAME = "HCPC2025_OCT_ANWEB.csv"


def record(**changes: str) -> list[str]:
    return list((DEFAULTS | changes).values())


def continuation(code: str, recid: str, seq: str, text: str) -> list[str]:
    return [code, seq, recid, text, *[""] * 12]


def parsed(*rows: list[str], header: list[str] = HEADER, name: str = NAME, release: str | None = None):
    return hcpcs.parse(made(csv_text([header, *rows]), name), release)


def test_a_code_is_a_fact_that_cites_its_line():
    read = parsed(record(), record(code="G0106", term="20241231"))
    assert read.table.schema == hcpcs.SCHEMA
    assert read.table.to_pylist()[1] == {
        "hcpcs": "G0106", "kind": "code", "description": "A long text", "short_description": "A text",
        "coverage": "D", "betos": "P8D", "type_of_service": "2", "pricing": "11",
        "valid_from": dt.date(1998, 1, 1), "action_date": dt.date(2024, 1, 1), "valid_to": dt.date(2024, 12, 31),
        "action": "N", "successors": "", "row": 3,
    }  # fmt: skip
    assert read.table["valid_to"].to_pylist()[0] is None


def test_the_codes_that_a_code_is_referred_to_are_its_successors_and_other_references_are_not():
    header = [*HEADER, "XREF1", "XREF2", "XREF3"]
    rows = ([*record(code="G0436"), "99406", "99407", ""], [*record(code="P7001"), "CPT", "", ""], record(code="A4466"))
    read = parsed(*rows, header=header)
    assert read.table["successors"].to_pylist() == ["99406 99407", "", ""]
    assert read.notes == ()


def test_a_modifier_stands_in_the_same_table():
    (fact,) = parsed(record(code="   A1", recid="7")).table.to_pylist()
    assert (fact["hcpcs"], fact["kind"]) == ("A1", "modifier")


def test_continuation_rows_complete_the_description_of_their_record():
    read = parsed(
        record(long="Begins here,"),
        continuation("G0105", "4", "0020", "goes on,"),
        continuation("G0105", "4", "0030", "and ends"),
        record(code="   A1", recid="7", long="Modifier that"),
        continuation("   A1", "8", "0020", "goes on too"),
    )
    assert read.table["description"].to_pylist() == ["Begins here, goes on, and ends", "Modifier that goes on too"]
    assert read.table["row"].to_pylist() == [2, 5]
    assert (read.rows_in, read.rejects.num_rows) == (2, 0)


def test_a_continuation_without_its_record_is_rejected():
    read = parsed(record(), continuation("G0999", "4", "0020", "of nothing"))
    assert reasons(read) == {"G0999": "continues a description, but does not follow a record of its code"}
    assert read.table["description"].to_pylist() == ["A long text"]


def test_descriptions_of_dental_codes_are_dropped():
    read = parsed(record(code="D0120"), record(code="A4206"))
    assert read.table["description"].to_pylist() == [None, "A long text"]
    assert read.table["short_description"].to_pylist() == [None, "A text"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"recid": "1"}, "unknown record kind (RECID) '1'"),
        ({"code": "10021"}, "'10021' has not the shape of a Level II code"),
        ({"code": "A1"}, "'A1' has not the shape of a Level II code"),
        ({"code": "A1234", "recid": "7"}, "'A1234' has not the shape of a Level II modifier"),
        ({"cov": "Q"}, "unknown coverage (COV) 'Q'"),
        ({"add": "20250231"}, "unreadable date (YYYYMMDD) in ADD DT: '20250231'"),
        ({"term": "12/31/2024"}, "unreadable date (YYYYMMDD) in TERM DT"),
        ({"add": "20250101", "term": "20241231"}, "ends on 2024-12-31 before it begins on 2025-01-01"),
    ],
)
def test_a_record_that_cannot_be_a_fact_is_rejected_with_its_reason(changes, reason):
    read = parsed(record(code="A4206"), record(**changes))
    assert read.table["hcpcs"].to_pylist() == ["A4206"]
    assert read.rejects["row"].to_pylist() == [3]
    (why,) = reasons(read).values()
    assert reason in why


def test_the_second_record_of_a_code_is_rejected():
    read = parsed(record(), record(long="Another"))
    assert read.table["description"].to_pylist() == ["A long text"]
    assert reasons(read) == {"G0105": "second record of a code; row 2 was kept"}


def test_workbook_tabs_and_commas_give_the_same_facts():
    rows = [record(), record(code="   A1", recid="7"), record(code="A4206", term="20241231")]
    numbers = {"19980101", "20240101", "20241231"}
    cells = [[float(cell) if cell in numbers else cell for cell in cells] for cells in [HEADER, *rows]]
    tabbed = made("".join("\t".join(cells) + "\r\n" for cells in [HEADER, *rows]), "HCPC2025_OCT_ANWEB.txt")
    from_csv = parsed(*rows)
    assert hcpcs.recognise(tabbed)
    assert hcpcs.parse(tabbed).table.equals(from_csv.table)
    assert hcpcs.parse(made(workbook(cells), "HCPC2025_OCT_ANWEB.xlsx")).table.equals(from_csv.table)


@pytest.mark.parametrize(
    ("name", "release", "span"),
    [
        ("HCPC2025_OCT_ANWEB.xlsx", "2025Q4", (dt.date(2025, 10, 1), dt.date(2025, 12, 31))),
        ("HCPC2026_JAN_ANWEB_v2.csv", "2026Q1", (dt.date(2026, 1, 1), dt.date(2026, 3, 31))),
        ("hcpc2024_jul_anweb.txt", "2024Q3", (dt.date(2024, 7, 1), dt.date(2024, 9, 30))),
    ],
)
def test_the_file_name_names_the_quarter(name, release, span):
    read = parsed(record(), name=name)
    assert (read.release, read.covers_from, read.covers_to) == (release, *span)


def test_a_file_that_names_no_quarter_asks_for_it():
    with pytest.raises(InputError, match="--release 2025Q4"):
        parsed(record(), name="codes.csv")
    assert parsed(record(), name="codes.csv", release="2024Q2").covers_to == dt.date(2024, 6, 30)
    with pytest.raises(InputError, match="October"):
        parsed(record(), release="October")


def test_a_missing_column_stops_the_file():
    with pytest.raises(LayoutError, match=r"HCPC2025_OCT_ANWEB\.csv, line 1: expected the column 'TERM DT'"):
        parsed(record(), header=[name.replace("TERM DT", "END DT") for name in HEADER])


def test_a_new_column_is_named_and_does_no_harm():
    read = parsed([*record(), "x"], header=[*HEADER, "NEW"])
    assert read.notes == ("column 'NEW' is new and not used",)
    assert read.table.num_rows == 1


def test_only_this_table_claims_the_file():
    assert claimed_by(made(csv_text([HEADER, record()]), "a.csv")) == ["hcpcs"]
    others = {"empty.csv": "", "a.csv": "HCPC,NAME\r\nA4206,x\r\n", "b.csv": '"unclosed\r\n'}
    assert [name for name, text in others.items() if hcpcs.recognise(made(text, name))] == []


@needs_data
@pytest.mark.published
def test_the_real_file_of_october_2025_is_read_whole():
    read = hcpcs.parse(real("hcpcs/HCPC2025_OCT_ANWEB.xlsx"))
    assert (read.release, read.rows_in, read.table.num_rows, read.whole) == ("2025Q4", 8_846, 8_846, True)
    assert read.notes == ()
    facts = {fact["hcpcs"]: fact for fact in read.table.to_pylist()}
    assert Counter(fact["kind"] for fact in facts.values()) == {"code": 8_463, "modifier": 383}
    assert facts["C9088"]["valid_to"] == dt.date(2025, 9, 30)  # a number, not text, in the workbook
    assert facts["JG"]["valid_to"] == dt.date(2024, 12, 31)
    assert facts["L6034"]["valid_from"] == dt.date(2025, 10, 1)
    assert sum(fact["valid_to"] is None for fact in facts.values()) == 7_621
