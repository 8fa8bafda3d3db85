from __future__ import annotations

import datetime as dt

import pyarrow.compute as pc
import pytest
from codeset_files import claimed_by, made, needs_data, real, reasons
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.book.tables import icd10cm
from cleanclaim.errors import InputError

ORDER = (
    "00001 A00     0 Cholera                                                      Cholera\n"
    "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           Cholera due to Vibrio cholerae\n"
    "20086 M545    0 Low back pain                                                Low back pain\n"
    "20087 M5450   1 Low back pain, unspecified                                   Low back pain, unspecified\n"
    "31721 S0000XA 1 Unsp superficial injury of scalp, init                       Unspecified superficial injury\n"
)
CODES = "A000\nA001\nM5450\nS0000XA\nT07XXXA\nT360X1A\n"
ORDER_NAME, LIST_NAME = "icd10cm_order_2026.txt", "icd10cm_codes_2026_april.txt"


def by_code(read):
    return {fact["icd10cm"]: fact for fact in read.table.to_pylist()}


@pytest.fixture(scope="module")
def package():
    return icd10cm.from_package()


def test_order_file_says_what_is_billable():
    read = icd10cm.parse(made(ORDER, ORDER_NAME))
    assert read.table.schema == icd10cm.SCHEMA
    facts = by_code(read)
    assert facts["M545"] == {"icd10cm": "M545", "billable": False, "description": "Low back pain", "row": 3}
    assert facts["M5450"]["billable"]
    assert facts["M5450"]["description"] == "Low back pain, unspecified"
    assert facts["A000"]["description"] == "Cholera due to Vibrio cholerae"
    assert (read.rows_in, read.rejects.num_rows, read.whole) == (5, 0, False)


def test_code_list_implies_its_headings():
    read = icd10cm.parse(made(CODES, LIST_NAME))
    facts = by_code(read)
    assert {code for code, fact in facts.items() if fact["billable"]} == set(CODES.split())
    # T36.0X is a heading of the tabular list; S0000X and T07X only hold the place before a seventh character.
    headings = {code: fact["row"] for code, fact in facts.items() if not fact["billable"]}
    assert headings == {
        "A00": 1, "M54": 3, "M545": 3, "S00": 4, "S000": 4, "S0000": 4, "T07": 5, "T36": 6, "T360": 6,
        "T360X": 6, "T360X1": 6,
    }  # fmt: skip
    assert read.rows_in == read.table.num_rows == 17
    assert set(read.table["description"].to_pylist()) == {None}


def test_code_list_may_carry_descriptions():
    read = icd10cm.parse(
        made("A000    Cholera due to Vibrio cholerae\nA001    Cholera eltor\n", "icd10cm_codes_2026.txt")
    )
    assert by_code(read)["A001"] == {"icd10cm": "A001", "billable": True, "description": "Cholera eltor", "row": 2}


def test_lines_that_are_no_codes_are_rejected_with_their_number():
    read = icd10cm.parse(made(f"{ORDER}99999 M5450   1 Again{' ' * 60}Again\nTotal: 6 lines\n", ORDER_NAME))
    assert read.rejects.to_pylist() == [
        {"row": 6, "key": "M5450", "reason": "second line of a code; line 4 was kept"},
        {"row": 7, "key": "Total: 6 lines", "reason": "not a line of the published layout"},
    ]
    assert read.rows_in == 7


@pytest.mark.parametrize(
    ("name", "release", "span"),
    [
        ("icd10cm_order_2026.txt", "FY2026", (dt.date(2025, 10, 1), dt.date(2026, 9, 30))),
        ("icd10cm-order-2025.txt", "FY2025", (dt.date(2024, 10, 1), dt.date(2025, 9, 30))),
        ("icd10cm_codes_2026_april.txt", "FY2026-April", (dt.date(2026, 4, 1), dt.date(2026, 9, 30))),
        ("icd10cm-order-April-2025.txt", "FY2025-April", (dt.date(2025, 4, 1), dt.date(2025, 9, 30))),
        ("icd10cm_order_2021_january.txt", "FY2021-January", (dt.date(2021, 1, 1), dt.date(2021, 9, 30))),
    ],
)
def test_the_file_name_names_the_release(name, release, span):
    read = icd10cm.parse(made(ORDER, name))
    assert (read.release, read.covers_from, read.covers_to) == (release, *span)


def test_a_file_that_names_no_year_asks_for_it():
    with pytest.raises(InputError, match="--release FY2026"):
        icd10cm.parse(made(ORDER, "codes.txt"))
    assert icd10cm.parse(made(ORDER, "codes.txt"), "FY2024-April").covers_from == dt.date(2024, 4, 1)
    with pytest.raises(InputError, match="2026Q2"):
        icd10cm.parse(made(ORDER, ORDER_NAME), "2026Q2")


def test_only_this_table_claims_both_layouts():
    assert claimed_by(made(ORDER, "a.txt")) == ["icd10cm"]
    assert claimed_by(made(CODES, "a.txt")) == ["icd10cm"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A0021\nA0080\n",  # HCPCS codes have the same shape; the list of diagnoses begins with A000
        "00001 001     0 Central Nervous System                   Central Nervous System and Cranial Nerves\n",
        "Add:         A000    Cholera\n",
        "A000\nsome prose about a code\n",
        "code,description\nA000,Cholera\n",
    ],
)
def test_files_that_only_look_similar_are_not_claimed(text):
    assert not icd10cm.recognise(made(text, "a.txt"))


def test_package_lists_every_code_with_its_description(package):
    assert package.whole
    assert (package.rows_in, package.rejects.num_rows) == (package.table.num_rows, 0)
    assert package.table.schema == icd10cm.SCHEMA
    assert package.table["description"].null_count == 0
    assert "" not in package.table["description"].to_pylist()


def test_package_seventh_characters_are_described(package):
    facts = by_code(package)
    assert facts["M545"]["description"] == "Low back pain"
    assert (facts["M545"]["billable"], facts["M5450"]["billable"]) == (False, True)
    assert facts["T07XXXA"]["description"] == "Unspecified multiple injuries, initial encounter"
    assert facts["H348112"]["description"] == "Central retinal vein occlusion, right eye, stable"


def test_package_codes_that_are_a_block_of_their_own_count_once(package):
    facts = by_code(package)
    assert [code for code in ("B20", "F99", "P84", "R99", "Z66") if facts[code]["billable"]] == [
        "B20", "F99", "P84", "R99", "Z66",
    ]  # fmt: skip
    assert "C00-C96" not in facts


def test_a_package_that_is_not_there_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(icd10cm, "_PACKAGE", "a_package_that_is_not_installed")
    with pytest.raises(InputError, match=r"Install simple-icd-10-cm 1\.5"):
        icd10cm.from_package()


def test_a_yearly_data_file_of_the_package_is_the_next_fiscal_year(tmp_path, monkeypatch):
    data = tmp_path / "next_package" / "data"
    data.mkdir(parents=True)
    (tmp_path / "next_package" / "__init__.py").touch()
    (data / "code-list-October-2026.txt").write_text("1\nA00-A09\nA00\nA000\nT07\nT07XXXA\n")
    (data / "icd10c-tabular-October-2026.xml").write_text(
        "<r><chapter><section id='A00-A09'><diag><name>A00</name><desc>Cholera</desc>"
        "<diag><name>A00.0</name><desc>Cholera 01</desc></diag></diag></section></chapter>"
        "<chapter><diag><name>T07</name><desc>Injuries</desc><sevenChrDef>"
        "<extension char='A'>initial encounter</extension><extension char='D'>later</extension></sevenChrDef>"
        "</diag></chapter></r>"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(icd10cm, "_PACKAGE", "next_package")
    read = icd10cm.from_package()
    assert (read.release, read.covers_from, read.whole) == ("FY2027", dt.date(2026, 10, 1), False)
    assert read.table.to_pylist() == [
        {"icd10cm": "A00", "billable": False, "description": "Cholera", "row": 3},
        {"icd10cm": "A000", "billable": True, "description": "Cholera 01", "row": 4},
        {"icd10cm": "T07", "billable": False, "description": "Injuries", "row": 5},
        {"icd10cm": "T07XXXA", "billable": True, "description": "Injuries, initial encounter", "row": 6},
    ]


@settings(deadline=None)
@given(st.lists(st.one_of(st.from_regex(r"\A[A-Z][0-9][0-9A-Z]{1,5}\Z"), st.text("A09 X.\t", max_size=9)), max_size=12))
def test_a_code_is_billable_or_the_beginning_of_one(lines):
    text = "\n".join(["A000", *lines])
    read = icd10cm.parse(made(text, LIST_NAME))
    listed = {line for line in lines if line == line.strip() and " " not in line and len(line) > 3}
    facts = by_code(read)
    for code, fact in facts.items():
        assert fact["billable"] or any(other.startswith(code) for other in facts if other != code)
    assert {code for code, fact in facts.items() if fact["billable"]} >= {
        code for code in listed if code.isalnum() and code[0].isalpha() and len(code) <= 7
    }


@needs_data
@pytest.mark.published
def test_the_official_list_of_april_2026_and_the_package_agree_on_every_code(package):
    read = icd10cm.parse(real("icd10cm/icd10cm_codes_2026_april.txt.gz"))
    assert (read.release, read.whole, read.rows_in, read.rejects.num_rows) == ("FY2026-April", True, 98_186, 0)
    assert pc.sum(read.table["billable"]).as_py() == 74_719
    if package.release != read.release:
        pytest.skip(f"the installed simple-icd-10-cm is of {package.release}, the list of {read.release}")
    assert (package.covers_from, package.covers_to) == (read.covers_from, read.covers_to)
    columns = ["icd10cm", "billable"]
    assert read.table.select(columns).equals(package.table.select(columns))


@needs_data
@pytest.mark.published
def test_the_excerpt_of_the_real_order_file_is_read():
    file = real("icd10cm/icd10cm_order_2026.layout.txt")
    assert claimed_by(file) == ["icd10cm"]
    read = icd10cm.parse(file)
    assert (read.release, read.rows_in, reasons(read)) == ("FY2026", 10, {})
    assert [fact["billable"] for fact in read.table.to_pylist()].count(False) == 3
