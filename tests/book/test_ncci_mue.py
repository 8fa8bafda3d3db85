"""MUE tables of the three settings, as CMS publishes them and as they are re-exported."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsx import workbook

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.book.tables import ncci_mue, table_modules
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Setting

DATA = Path(__file__).parents[3] / "shared" / "data" / "ncci"

NOTICE = '"Codes are copyright.\n\nRestrictions Apply to Government Use. \n\nNo liability.",,,\n'
VALUES = "Practitioner Services MUE Values"
HEADER = f'"HCPCS/\nCPT Code",{VALUES},MUE Adjudication Indicator,MUE Rationale\n'
LIMITS = (
    "0001U,1,2 Date of Service Edit: Policy,Code Descriptor / CPT Instruction\n"
    "62323,2,3 Date of Service Edit: Clinical,Clinical: Data\n"
    "A4206,0,1 Line Edit,CMS Policy\n"
)
CMS = NOTICE + HEADER + LIMITS
TIDY = (
    '"hcpcs_code","mue_units","mue_mai","mue_rationale","mue_service"\n'
    '"0001U",1,2,"Code Descriptor / CPT Instruction","Practitioner"\n'
    '"62323",2,3,"Clinical: Data","Practitioner"\n'
)
NAME = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"


def published(content, name=NAME, origin=None):
    content = content.encode() if isinstance(content, str) else content
    return PublishedFile(name, origin or f"/downloads/{name}", "0" * 64, content)


def parse(content, name=NAME, release=None, origin=None):
    return ncci_mue.parse(published(content, name, origin), release)


def reasons(parsed):
    return {reject["row"]: reject["reason"] for reject in parsed.rejects.to_pylist()}


def test_cms_csv_gives_each_limit_with_its_line():
    parsed = parse(CMS)
    assert parsed.table.schema == ncci_mue.SCHEMA
    assert parsed.table.to_pylist() == [
        {
            "hcpcs": "0001U",
            "mue_value": 1,
            "mai": 2,
            "rationale": "Code Descriptor / CPT Instruction",
            "row": 8,
        },
        {"hcpcs": "62323", "mue_value": 2, "mai": 3, "rationale": "Clinical: Data", "row": 9},
        {"hcpcs": "A4206", "mue_value": 0, "mai": 1, "rationale": "CMS Policy", "row": 10},
    ]
    assert CMS.splitlines()[8 - 1].startswith("0001U,1,2 Date")


def test_limit_binds_for_the_quarter_of_its_release():
    parsed = parse(CMS)
    assert (parsed.release, parsed.source) == ("2026Q3", "ncci-mue-practitioner")
    assert (parsed.covers_from, parsed.covers_to) == (dt.date(2026, 7, 1), dt.date(2026, 9, 30))


@pytest.mark.parametrize("code_column", ["HCPCS/\nCPT Code", "HCPCS/CPT Code"])
def test_workbook_gives_the_same_limits(code_column):
    rows = [
        ["Codes are copyright.\n\nNo liability.", None, None, None],
        [code_column, VALUES, "MUE Adjudication Indicator", "MUE Rationale"],
        ["0001U", 1, "2 Date of Service Edit: Policy", "Code Descriptor / CPT Instruction"],
        [62323, 2, "3 Date of Service Edit: Clinical", "Clinical: Data"],
        ["A4206", 0, "1 Line Edit", "CMS Policy"],
    ]
    parsed = parse(workbook(rows), name=NAME.replace(".csv", ".xlsx"))
    assert parsed.table["row"].to_pylist() == [3, 4, 5]
    assert parsed.table.drop("row") == parse(CMS).table.drop("row")


@pytest.mark.parametrize(
    ("values", "source"),
    [
        ("Practitioner Services MUE Values", "ncci-mue-practitioner"),
        ("Outpatient Hospital Services MUE Values", "ncci-mue-outpatient"),
        ("DME Supplier Services MUE Values", "ncci-mue-dme"),
    ],
)
def test_setting_is_told_by_the_value_column_and_not_by_the_file_name(values, source):
    assert parse(CMS.replace(VALUES, values)).source == source


@pytest.mark.parametrize(
    ("service", "source"),
    [
        ("Practitioner", "ncci-mue-practitioner"),
        ("Outpatient Hospital", "ncci-mue-outpatient"),
        ("DME Supplier", "ncci-mue-dme"),
    ],
)
def test_re_export_tells_its_setting_in_the_rows(service, source):
    parsed = parse(TIDY.replace("Practitioner", service), name="mue_2024Q3.csv")
    assert parsed.source == source
    assert parsed.table["row"].to_pylist() == [2, 3]
    assert parsed.table["mai"].to_pylist() == [2, 3]


def test_re_export_without_service_column_tells_its_setting_by_name_or_not_at_all():
    text = "hcpcs_code,mue_units,mue_mai,mue_rationale\n0001U,1,2,x\n"
    assert parse(text, name="mue_dme_2026Q2.csv").source == "ncci-mue-dme"
    with pytest.raises(InputError, match="cannot tell the setting"):
        parse(text, name="mue_2026Q2.csv")


def test_rows_of_several_settings_in_one_table_are_refused():
    with pytest.raises(InputError, match=r"several settings \(DME Supplier, Practitioner\)"):
        parse(TIDY + '"A4206",1,2,"x","DME Supplier"\n')


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("6232,2,3,x", "code '6232' is not a code of 5 characters 0-9, A-Z"),
        ("62324,-1,3,x", "MUE value '-1' is not a whole number of units"),
        ("62324,,3,x", "MUE value '' is not a whole number of units"),
        ("62324,1.5,3,x", "MUE value '1.5' is not a whole number of units"),
        ("62324,99999999999,3,x", "MUE value '99999999999' is not a whole number of units"),
        ("62324,2,4 Date of Service Edit,x", "adjudication indicator '4 Date of Service Ed...' is not 1, 2 or 3"),
        ("62324,2,22,x", "adjudication indicator '22' is not 1, 2 or 3"),
        ("62324", "MUE value '' is not a whole number of units"),
        ("62323,5,3,x", "the code stands on row 9 already, which is kept"),
    ],
)
def test_row_that_is_no_limit_is_rejected_with_its_reason(row, reason):
    parsed = parse(CMS + row + "\n")
    assert parsed.rows_in == 4
    assert parsed.table == parse(CMS).table
    assert reasons(parsed) == {11: reason}
    assert parsed.rejects["key"].to_pylist() == [row.split(",")[0]]


def test_blank_lines_are_no_rows():
    parsed = parse(CMS.replace("62323", "\n,,,\n62323"))
    assert parsed.rows_in == 3
    assert parsed.table["row"].to_pylist() == [8, 11, 12]


def test_new_column_is_noted_and_the_rest_survives():
    wider = CMS.replace("MUE Rationale", '"Something\nNew",MUE Rationale').replace(",Clinical", ",,Clinical")
    parsed = parse(wider)
    assert "column 'Something New' is new and not used" in parsed.notes
    assert parsed.table["rationale"].to_pylist()[1] == "Clinical: Data"


@pytest.mark.parametrize("old", ["MUE Adjudication Indicator", "Practitioner Services", "MUE Rationale"])
def test_renamed_column_stops_the_file_with_line_expected_and_found(old):
    with pytest.raises(LayoutError, match=r"Eff_07-01-2026\.csv, line 6: expected .*, found .*MUE Renamed") as error:
        parse(CMS.replace(old, "MUE Renamed"))
    assert error.value.line == 6


def test_missing_column_of_a_re_export_stops_the_file():
    with pytest.raises(LayoutError, match="expected hcpcs_code, mue_units, mue_mai, mue_rationale"):
        parse(TIDY.replace("mue_mai", "mai"))


def test_parsing_what_was_not_recognised_is_a_layout_error():
    with pytest.raises(LayoutError):
        parse("something else\n")


def test_unknown_release_is_asked_for_and_the_caller_wins():
    with pytest.raises(InputError, match=r"name it, e\.g\. --release 2024Q3"):
        parse(CMS, name="MCR_MUE_PractitionerServices.csv")
    assert parse(CMS, release="2025Q1").release == "2025Q1"


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("MCR_MUE_PractitionerServices_Eff_10-01-2025.csv", "2025Q4"),
        ("MCR_MUE_PractitionerServices_Eff_03-31-2025.csv", "2025Q1"),
        ("practitionerservicesmuetable-effective-04012026.csv", "2026Q2"),
        ("mue_practitioner_2026q3.csv", "2026Q3"),
    ],
)
def test_release_is_told_by_the_published_name(name, release):
    assert parse(CMS, name=name).release == release


def test_medicaid_table_is_refused():
    with pytest.raises(InputError, match="Medicaid NCCI table"):
        parse(CMS, name="MCD_MUE_PractitionerServices_Eff_07-01-2026.csv")


def test_short_table_is_an_excerpt_and_says_so():
    parsed = parse(CMS)
    assert not parsed.whole
    assert "3 rows, and the published MUE table has more than 10,000" in parsed.notes[0]


def test_table_of_published_length_is_whole(monkeypatch):
    monkeypatch.setattr(ncci_mue, "LEAST_ROWS", dict.fromkeys(Setting, 3))
    parsed = parse(CMS)
    assert (parsed.whole, parsed.notes) == (True, ())


@pytest.mark.parametrize("content", [CMS, TIDY])
def test_each_layout_is_claimed_by_this_table_alone(content):
    file = published(content)
    assert [module for module in table_modules() if module.recognise(file)] == [ncci_mue]


@pytest.mark.parametrize("content", ["", "hcpcs_code,description\n62323,x\n", "claim,hcpcs,units\nA,62323,2\n"])
def test_other_files_are_not_claimed(content):
    assert not ncci_mue.recognise(published(content))


CODES = st.from_regex(r"[0-9A-Z]{5}", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CODES, st.integers(-2, 400), st.integers(0, 4)), max_size=30))
def test_every_limit_comes_back_or_is_counted_as_rejected(limits):
    parsed = parse(NOTICE + HEADER + "".join(f"{code},{units},{mai} Edit,x\n" for code, units, mai in limits))
    expected = {}
    for row, (code, units, mai) in enumerate(limits, start=8):
        if units >= 0 and mai in (1, 2, 3):
            expected.setdefault(code, (units, mai, row))
    columns = ("mue_value", "mai", "row")
    got = {limit["hcpcs"]: tuple(limit[name] for name in columns) for limit in parsed.table.to_pylist()}
    assert got == expected
    assert parsed.rows_in == len(limits) == parsed.table.num_rows + parsed.rejects.num_rows


needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the published NCCI files are not at ../shared/data")


@needs_data
@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "source", "release", "rows"),
    [
        ("mue_practitioner_2024Q3.csv", "ncci-mue-practitioner", "2024Q3", 14_677),
        ("mue_outpatient_2024Q3.csv", "ncci-mue-outpatient", "2024Q3", 14_628),
        ("mue_dme_2024Q3.csv", "ncci-mue-dme", "2024Q3", 2_928),
        ("mue_practitioner_2026Q2.csv", "ncci-mue-practitioner", "2026Q2", 15_095),
    ],
)
def test_published_table_is_read_whole(name, source, release, rows):
    (file,) = open_published(DATA / name)
    parsed = ncci_mue.parse(file)
    assert (parsed.source, parsed.release, parsed.whole) == (source, release, True)
    assert (parsed.rows_in, parsed.table.num_rows, parsed.rejects.num_rows) == (rows, rows, 0)


@needs_data
@pytest.mark.published
def test_published_limits_of_imaging_guidance():
    (file,) = open_published(DATA / "mue_practitioner_2024Q3.csv")
    table = ncci_mue.parse(file).table
    wanted = {"76942": (1, 3), "77003": (1, 3), "76000": (3, 3), "77001": (2, 3)}
    rows = table.filter(pc.is_in(table["hcpcs"], pc.cast(list(wanted), "string"))).to_pylist()
    assert {row["hcpcs"]: (row["mue_value"], row["mai"]) for row in rows} == wanted


@needs_data
@pytest.mark.published
def test_published_cms_layout_needs_its_release_named():
    (file,) = open_published(DATA / "raw" / "MCR_MUE_PractitionerServices_layout.csv")
    with pytest.raises(InputError, match="cannot tell which release"):
        ncci_mue.parse(file)
    parsed = ncci_mue.parse(file, "2026Q3")
    assert (parsed.source, parsed.rows_in, parsed.rejects.num_rows) == ("ncci-mue-practitioner", 40, 0)
    assert parsed.table.to_pylist()[11] == {
        "hcpcs": "0009U",
        "mue_value": 2,
        "mai": 3,
        "rationale": "Nature of Analyte",
        "row": 21,
    }
    assert file.text.splitlines()[20].startswith("0009U,2,3 ")
