from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies_tabular as tables
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimType, Setting
from cleanclaim.claims.readers.columns import CLAIM_COLUMNS, KIND, LINE_COLUMNS, columns_markdown
from cleanclaim.claims.readers.tabular import read_csv, read_jsonl, read_parquet
from cleanclaim.claims.readers.values import patient_key
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

ROOT = Path(__file__).parents[2]
RIF = ROOT.parent / "shared/data/claims/rif_synthea"
needs_rif = pytest.mark.skipif(not RIF.is_dir(), reason="needs the CMS synthetic RIF files in ../shared/data")

HEADER = "claim_id,hcpcs,service_date"


def csv_of(*rows: str, header: str = HEADER) -> list[Claim | Reject]:
    return list(read_csv("\n".join((header, *rows)).encode(), "a.csv"))


def one(found: list[Claim | Reject]) -> Claim:
    (claim,) = found
    assert isinstance(claim, Claim), claim
    return claim


def refused(found: list[Claim | Reject]) -> Reject:
    (reject,) = found
    assert isinstance(reject, Reject)
    return reject


def line_of(columns: dict[str, str]):
    row = {"claim_id": "C1", "hcpcs": "43239", "service_date": "2026-07-01"} | columns
    return one(list(read_csv(tables.to_csv([row]), "a.csv"))).lines[0]


def claim_of(columns: dict[str, str]) -> Claim:
    row = {"claim_id": "C1", "hcpcs": "43239", "service_date": "2026-07-01"} | columns
    return one(list(read_csv(tables.to_csv([row]), "a.csv")))


# --- what is written is read back -----------------------------------------------------------------------------


dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "end": st.sampled_from(["\n", "\r\n"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    }
)
marks = st.sampled_from([b"", b"\xef\xbb\xbf"])


@given(tables.claim_lists, dialects, marks, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_claims_written_as_csv_are_read_back_equal_whatever_the_order_of_rows(claims, dialect, mark, random):
    table = [row for claim in claims for row in tables.rows(claim)]
    random.shuffle(table)
    found = list(read_csv(mark + tables.to_csv(table, **dialect), "a.csv"))
    expected = {claim.claim_id: tables.rekeyed(claim) for claim in claims}
    assert {claim.claim_id: tables.placeless(claim) for claim in found} == expected
    assert [claim.claim_id for claim in found] == list(dict.fromkeys(row["claim_id"] for row in table))


@given(tables.claim_lists)
@settings(max_examples=30)
def test_claims_written_as_json_rows_are_read_back_equal(claims):
    content = tables.to_jsonl([row for claim in claims for row in tables.rows(claim)])
    assert [tables.placeless(claim) for claim in read_jsonl(content, "a")] == list(map(tables.rekeyed, claims))


@given(tables.claim_lists, st.sampled_from(["lines", "document", "list"]))
@settings(max_examples=30)
def test_claims_written_as_nested_json_are_read_back_equal(claims, layout):
    objects = [tables.nested(claim) for claim in claims]
    content = tables.to_jsonl(objects)
    if layout == "list":
        content = b"[" + b",".join(content.splitlines()) + b"]"
    elif layout == "document":
        claims, content = claims[:1], json.dumps(objects[0], indent=1, default=tables._jsonable).encode()
    assert [tables.placeless(claim) for claim in read_jsonl(content, "a")] == list(map(tables.rekeyed, claims))


@given(tables.claim_lists)
@settings(max_examples=30)
def test_claims_written_as_parquet_are_read_back_equal(claims):
    content = tables.to_parquet([row for claim in claims for row in tables.rows(claim)])
    assert [tables.placeless(claim) for claim in read_parquet(content, "a")] == list(map(tables.rekeyed, claims))


def test_nested_claims_in_parquet_are_read():
    line = {"hcpcs": "43239", "service_from": date(2026, 7, 1), "modifiers": ["59", "LT"], "diagnosis_pointers": [1]}
    content = tables.to_parquet([{"claim_id": "C1", "lines": [line], "diagnoses": ["K22.2"]}])
    claim = one(list(read_parquet(content, "a")))
    assert claim.lines[0].modifiers == ("59", "LT")
    assert claim.lines[0].diagnosis_pointers == (1,)
    assert [(d.code, d.role) for d in claim.diagnoses] == [("K222", "principal")]


def test_parquet_types_of_other_tools_are_read_as_meant():
    one_past_one = 1_782_911_100_000_000_001  # 2026-07-01T13:05:00.000000001, which Python's datetime cannot hold
    table = pa.table(
        {
            "claim_id": pa.array([7], pa.int64()),
            "hcpcs": pa.array(["43239"]).dictionary_encode(),
            "service_date": pa.array([one_past_one], pa.timestamp("ns", "UTC")),
            "units": pa.array([2.0]),
            "charge": pa.array([0.1 + 0.2]),
            "total_charge": pa.array([float("nan")]),
            "payer_name": pa.array([b"PAYER"]),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    claim = one(list(read_parquet(out.getvalue(), "a")))
    assert (claim.claim_id, claim.payer_name) == ("7", "PAYER")
    assert claim.lines[0].service_from == date(2026, 7, 1)
    assert (claim.lines[0].units, claim.lines[0].charge, claim.total_charge) == (2, Decimal("0.3"), None)
    assert (claim.byte, claim.segment) == (None, "row 1")


# --- places -----------------------------------------------------------------------------------------------------


@given(tables.claim_lists, st.sampled_from(["\n", "\r\n"]), marks)
@settings(max_examples=30)
def test_the_byte_of_every_line_is_where_its_row_begins(claims, end, mark):
    table = [row for claim in claims for row in tables.rows(claim)]
    content = mark + tables.to_csv(table, end=end, quoting=csv.QUOTE_ALL)
    begins = []
    for claim in read_csv(content, "a.csv"):
        assert claim.byte == claim.lines[0].byte
        for line in claim.lines:
            assert content[line.byte :].startswith(f'"{claim.claim_id}"'.encode())
            begins.append(line.byte)
    assert len(begins) == len(set(begins)) == len(table)


def test_a_row_behind_a_quoted_newline_keeps_its_byte():
    content = b'claim_id,hcpcs,service_date,line_note\nA,43239,2026-07-01,"two\r\nlines"\nB,43239,2026-07-01,x\n'
    claims = list(read_csv(content, "a.csv"))
    assert [content[claim.byte :][:2] for claim in claims] == [b"A,", b"B,"]
    assert [claim.segment for claim in claims] == ["row 2", "row 3"]
    assert claims[0].lines[0].note == "two\r\nlines"


def test_a_json_line_is_placed_by_byte_and_line():
    content = b'{"claim_id":"A","hcpcs":"1","service_date":"2026-07-01"}\n\n{"claim_id":"B","hcpcs":"1"}\n'
    claims = list(read_jsonl(content, "a"))
    assert [(claim.byte, claim.segment) for claim in claims] == [(0, "line 1"), (58, "line 3")]


# --- columns ------------------------------------------------------------------------------------------------------


def test_the_documentation_is_the_table():
    page = ROOT / "docs/reference/claim-columns.md"
    assert page.read_text(encoding="utf-8") == columns_markdown()


def test_no_name_is_read_as_two_columns():
    names = Counter(
        name.format(n=number, nth="")
        for column in (*CLAIM_COLUMNS, *LINE_COLUMNS)
        for number in range(1, max(column.count, 1) + 1)
        for name in (column.name, *column.aliases)
        if "{nth}" not in name
    )
    assert [name for name, count in names.items() if count > 1] == []


EXAMPLES = {
    "date": ("2026-02-03", "2026-02-04"),
    "money": ("12.30", "12.31"),
    "units": ("2", "3"),
    "whole number": ("1", "3"),
    "claim type": ("837I", "837D"),
    "sex": ("female", "male"),
    "state": ("NY", "CA"),
    "zip": ("02115", "10001"),
    "bill type": ("0131", "0851"),
    "icd version": ("9", "10"),
    "pointers": ("1", "2"),
    "pos": ("11", "22"),
    "revenue code": ("0360", "0450"),
    "diagnosis list": ("K22.2", "K22.1"),
}


@pytest.mark.parametrize("column", sorted(KIND))
def test_every_documented_column_makes_a_difference_to_the_claim(column):
    row = {"claim_id": "C1", "hcpcs": "43239", "service_date": "2026-07-01"}
    if column.startswith(("dx_system", "dx_poa")):
        row["dx_" + (column.rpartition("_")[2] if column[-1].isdigit() else "1")] = "K22.0"
    if column == "bill_classification":
        row["bill_facility_type"] = "1"
    if column == "bill_facility_type":
        row["bill_classification"] = "1"
    claims = []
    for example in EXAMPLES.get(KIND[column], ("1", "2")):
        # A second line with the number 2: only so does line_no have an effect.
        table = [row | {column: example}, row | {"line_no": "2", column: "2" if column == "line_no" else example}]
        claims.append(tables.placeless(one(list(read_csv(tables.to_csv(table), "a")))))
    if column == "line_no":
        claims = [[line.byte for line in one(list(read_csv(content, "a"))).lines] for content in LINE_ORDERS]
    assert claims[0] != claims[1]


LINE_ORDERS = [
    tables.to_csv([{"claim_id": "C", "hcpcs": "1", "service_date": "", "line_no": n} for n in order])
    for order in ((1, 2), (2, 1))
]


REQUIRED = {"claim_id", "hcpcs", "service_date"}


@pytest.mark.parametrize("missing", sorted(REQUIRED))
def test_a_missing_required_column_is_named(missing):
    header = [name for name in HEADER.split(",") if name != missing]
    with pytest.raises(UnreadableFile, match=f"no column {missing} "):
        list(read_csv((",".join(header) + "\nx,y\n").encode(), "a.csv"))
    with pytest.raises(UnreadableFile, match=f"no column {missing} "):
        list(read_jsonl(json.dumps(dict.fromkeys(header, "x")).encode(), "a.jsonl"))
    with pytest.raises(UnreadableFile, match=f"no column {missing} "):
        list(read_parquet(tables.to_parquet([dict.fromkeys(header, "x")]), "a.parquet"))


def test_a_nearly_right_column_is_offered():
    with pytest.raises(UnreadableFile, match="Did you mean its column 'Procedure Cod'"):
        csv_of("C1,43239,2026-07-01", header="claim_id,Procedure Cod,service_date")


def test_a_file_without_header_shows_no_patient_in_the_message():
    with pytest.raises(UnreadableFile) as error:
        csv_of("DOE^JANE,1960-01-02,43239", header="ROE^RICHARD,1950-03-04,43239")
    assert "ROE" not in str(error.value)
    assert "1950" not in str(error.value)


def test_a_column_that_stands_twice_is_refused():
    with pytest.raises(UnreadableFile, match="column hcpcs stands twice"):
        csv_of("C1,43239,43239,2026-07-01", header="claim_id,hcpcs,hcpcs,service_date")


def test_a_column_that_stands_twice_in_parquet_is_refused_as_in_csv():
    table = pa.table(
        [["C1"], ["43239"], ["43235"], ["2026-07-01"]], names=["claim_id", "hcpcs", "hcpcs", "service_date"]
    )
    pq.write_table(table, written := io.BytesIO())
    with pytest.raises(UnreadableFile, match=r"^a.parquet: column hcpcs stands twice. Remove or rename one of them.$"):
        list(read_parquet(written.getvalue(), "a.parquet"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"claim_id":"DOE","claim_id":"ROE"}', "line 1: the same key stands twice in one object"),
        ('{"claim_id":"DOE","charge":NaN}', "line 1: a number that is not finite"),
        ('\n{"claim_id":"DOE"},', "line 2: not valid JSON at line 1, column 19 (extra data)"),
        ("[" * 100_000, "line 1: JSON nested too deeply to be a claim"),
        ('["DOE"]', "[0]: not a JSON object"),
        ("7", "line 1: not a JSON object"),
    ],
)
def test_a_file_without_a_json_object_says_what_is_wrong_with_what_it_has(content, says):
    with pytest.raises(UnreadableFile) as error:
        list(read_jsonl(content.encode(), "a.jsonl"))
    assert str(error.value) == (
        f"a.jsonl: no JSON object in it ({says}). JSON lines hold one object per line, a row or a claim."
    )


def test_of_several_names_for_a_column_the_first_filled_counts():
    header = "claim_id,cpt,hcpcs,service_date"
    assert one(csv_of("C1,43248,,2026-07-01", header=header)).lines[0].hcpcs == "43248"
    assert one(csv_of("C1,43248,43239,2026-07-01", header=header)).lines[0].hcpcs == "43239"


TUVA = {
    "claim_id": "C1", "claim_line_number": "1", "claim_type": "institutional", "person_id": "P1", "payer": "Payer",
    "claim_start_date": "2026-07-01", "claim_end_date": "2026-07-02", "claim_line_start_date": "2026-07-01",
    "claim_line_end_date": "2026-07-02", "admission_date": "", "place_of_service_code": "22",
    "bill_type_code": "131", "revenue_center_code": "360", "service_unit_quantity": "2", "hcpcs_code": "43239",
    "hcpcs_modifier_1": "59", "hcpcs_modifier_5": "GA", "rendering_npi": "1", "billing_npi": "2", "facility_npi": "3",
    "charge_amount": "128.40", "diagnosis_code_type": "icd-10-cm", "diagnosis_code_1": "K22.2", "diagnosis_poa_1": "Y",
}  # fmt: skip


def test_a_tuva_medical_claim_is_read_by_its_own_column_names():
    claim = one(list(read_csv(tables.to_csv([TUVA]), "a")))
    assert (claim.claim_type, claim.bill_type, claim.frequency) == (ClaimType.INSTITUTIONAL, "13", "1")
    assert (claim.patient_key, claim.payer_name) == (patient_key("P1"), "Payer")
    assert (claim.statement_from, claim.statement_to) == (date(2026, 7, 1), date(2026, 7, 2))
    assert (claim.billing_npi, claim.service_facility_npi) == ("2", "3")
    assert [(d.code, d.system, d.present_on_admission) for d in claim.diagnoses] == [("K222", "icd10cm", "Y")]
    (line,) = claim.lines
    assert (line.hcpcs, line.modifiers, line.units, line.charge) == ("43239", ("59", "GA"), 2, Decimal("128.40"))
    assert (line.service_from, line.service_to) == (date(2026, 7, 1), date(2026, 7, 2))
    assert (line.pos, line.revenue_code, line.rendering_npi) == ("22", "0360", "1")


@pytest.mark.parametrize("empty", ["", "  ", "NULL", "null", "\\N"])
def test_what_a_database_writes_for_empty_is_empty(empty):
    claim = claim_of({"units": empty, "admission_date": empty, "dx_1": empty})
    assert (claim.lines[0].units, claim.admission_date, claim.diagnoses) == (None, None, ())


def test_names_are_compared_without_case_and_signs():
    assert one(csv_of("C1,43239,2026-07-01", header="Claim ID,HCPCS Code,Date-of-Service")).lines[0].hcpcs == "43239"


def test_a_file_with_a_header_and_no_rows_has_no_claims():
    assert csv_of() == []


def test_statement_dates_stand_in_for_a_missing_service_date_column_but_not_for_the_date():
    claim = one(csv_of("C1,43239,2026-07-01", header="claim_id,hcpcs,statement_from"))
    assert (claim.lines[0].service_from, claim.statement_from) == (None, date(2026, 7, 1))


# --- values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["2026-07-01", "20260701", "07/01/2026", "7/1/2026", "01-Jul-2026", "2026-07-01T09:00:00Z", "7/1/2026 0:00"]
)
def test_a_date_is_read_in_each_documented_form(text):
    assert line_of({"service_date": text}).service_from == date(2026, 7, 1)


@pytest.mark.parametrize(
    "text", ["7/1/26", "2026-13-01", "2026-02-30", "31/12/2026", "July 1", "2026-7-1", "1782864000"]
)
def test_any_other_date_rejects_the_claim_without_repeating_it(text):
    reject = refused(csv_of(f"C1,43239,{text}"))
    assert (reject.claim, reject.segment, reject.claims) == ("C1", "row 2, column service_date", 1)
    assert text not in reject.reason


@pytest.mark.parametrize("text", ["-1", "many", "1,5", "NaN", "Infinity", "1e99", "1_0", "٣", "9" * 16])
def test_units_that_are_no_number_or_negative_reject_the_claim(text):
    reject = refused(csv_of(f'C1,43239,2026-07-01,"{text}"', header=HEADER + ",units"))
    assert (reject.segment, reject.byte) == ("row 2, column units", len(HEADER) + len(",units\n"))


def test_an_amount_may_carry_a_dollar_sign_and_be_negative():
    assert line_of({"charge": "$128.40"}).charge == Decimal("128.40")
    assert line_of({"charge": "-5"}).charge == -5


def test_an_amount_with_thousands_separators_is_refused_rather_than_guessed():
    reject = refused(csv_of('C1,43239,2026-07-01,"1,234"', header=HEADER + ",charge"))
    assert reject.segment == "row 2, column charge"
    assert reject.reason == "not a number that is read (looks like 9,999): write 1234.50 or $1234.50, without commas"


@pytest.mark.parametrize(
    ("text", "pointers"),
    [("1", (1,)), ("1,2", (1, 2)), ("1:2", (1, 2)), ("2 1", (2, 1)), ("A", (1,)), ("ABL", (1, 2, 12)), ("12", (12,))],
)
def test_diagnosis_pointers_are_read_as_numbers_or_letters(text, pointers):
    assert line_of({"dx_pointers": text}).diagnosis_pointers == pointers


@pytest.mark.parametrize("text", ["0", "99", "1234", "M", "1A", "-1"])
def test_what_is_no_pointer_is_refused(text):
    assert refused(csv_of(f"C1,43239,2026-07-01,{text}", header=HEADER + ",dx_pointers")).claim == "C1"


@pytest.mark.parametrize(
    ("text", "bill_type", "frequency"), [("0131", "13", "1"), ("131", "13", "1"), ("13", "13", ""), ("011X", "11", "")]
)
def test_a_type_of_bill_is_read_with_or_without_zero_and_frequency(text, bill_type, frequency):
    claim = claim_of({"bill_type": text})
    assert (claim.claim_type, claim.bill_type, claim.frequency) == (ClaimType.INSTITUTIONAL, bill_type, frequency)


@pytest.mark.parametrize("written", ["rows", "objects", "csv"])
def test_a_void_names_its_claim_as_the_claim_names_itself_in_small_letters_too(written):
    line = {"hcpcs": "11111", "service_date": "2026-07-15"}
    original = {"claim_id": "acct-1a", "frequency": "1", "original_reference": ""}
    void = {"claim_id": "v", "frequency": "8", "original_reference": "acct-1a"}
    if written == "csv":
        rows = [original | line, void | line]
        text = "\n".join(",".join(row) for row in (rows[0], *(row.values() for row in rows)))
        claims = list(read_csv(text.encode(), "a.csv"))
    else:
        objects = [claim | ({"lines": [line]} if written == "objects" else line) for claim in (original, void)]
        claims = list(read_jsonl(tables.to_jsonl(objects), "a"))
    assert [(claim.claim_id, claim.original_reference) for claim in claims] == [("acct-1a", ""), ("v", "acct-1a")]


def test_a_frequency_column_outranks_the_one_in_the_type_of_bill():
    assert claim_of({"bill_type": "131", "frequency": "7"}).frequency == "7"


def test_without_type_of_bill_or_claim_type_a_claim_is_professional():
    assert claim_of({}).claim_type is ClaimType.PROFESSIONAL
    assert claim_of({"claim_type": "Institutional"}).claim_type is ClaimType.INSTITUTIONAL


def test_an_unknown_claim_type_rejects_the_claim():
    assert refused(csv_of("C1,43239,2026-07-01,robotic", header=HEADER + ",claim_type")).claim == "C1"


def test_codes_get_back_the_zeros_a_spreadsheet_took_and_lose_the_dot():
    line = line_of({"pos": "2", "revenue_code": "360"})
    assert (line.pos, line.revenue_code) == ("02", "0360")
    assert claim_of({"dx_1": "k22.2"}).diagnoses[0].code == "K222"


def test_a_single_service_date_is_first_and_last_day():
    assert line_of({}).service_to == date(2026, 7, 1)


def test_modifiers_in_one_column_are_those_of_numbered_columns():
    assert line_of({"modifiers": "59:LT"}).modifiers == ("59", "LT")
    assert line_of({"modifiers": "59 LT", "modifier_1": "59", "modifier_2": "LT"}).modifiers == ("59", "LT")


def test_modifiers_that_disagree_reject_the_claim():
    found = csv_of("C1,43239,2026-07-01,59 LT,59", header=HEADER + ",modifiers,modifier_1")
    assert refused(found).segment == "row 2, column modifiers"


def test_a_line_without_place_or_rendering_provider_takes_the_claims():
    line = line_of({"claim_pos": "22", "claim_rendering_npi": "1234567893"})
    assert (line.pos, line.rendering_npi) == ("22", "1234567893")


def test_the_patient_is_kept_as_a_hash_and_an_unknown_patient_as_nothing():
    assert claim_of({"patient_id": "M123"}).patient_key == patient_key("m123 ") != "M123"
    assert claim_of({"patient_birth_date": "1960-01-02", "patient_sex": "F"}).patient_key == ""


# --- diagnoses ----------------------------------------------------------------------------------------------------


def test_all_diagnoses_may_stand_in_one_column():
    diagnoses = claim_of({"dx": "K22.2; R13.10"}).diagnoses
    assert [(d.code, d.role) for d in diagnoses] == [("K222", "principal"), ("R1310", "other")]


def test_a_principal_diagnosis_elsewhere_in_the_list_keeps_the_order():
    diagnoses = claim_of({"dx_1": "K22.2", "dx_2": "R13.10", "dx_principal": "R13.10"}).diagnoses
    assert [(d.code, d.role) for d in diagnoses] == [("K222", "other"), ("R1310", "principal")]


def test_a_principal_diagnosis_that_is_not_listed_comes_first():
    assert [d.code for d in claim_of({"dx_1": "K22.2", "dx_principal": "R13.10"}).diagnoses] == ["R1310", "K222"]


def test_a_gap_in_the_diagnoses_rejects_a_claim_whose_lines_point_by_position():
    header = HEADER + ",dx_1,dx_2,dx_3,dx_pointers"
    assert refused(csv_of("C1,43239,2026-07-01,K222,,R1310,3", header=header)).segment == "row 2, column dx_3"
    assert [d.code for d in one(csv_of("C1,43239,2026-07-01,K222,,R1310,", header=header)).diagnoses] == [
        "K222",
        "R1310",
    ]


def test_a_line_that_names_its_diagnosis_points_to_it():
    claim = claim_of({"dx_1": "K22.2", "dx_2": "R13.10", "line_dx": "R13.10"})
    assert claim.lines[0].diagnosis_pointers == (2,)
    unlisted = claim_of({"dx_1": "K22.2", "dx_admitting": "R07.9", "line_dx": "R13.10"})
    assert [d.code for d in unlisted.diagnoses] == ["K222", "R1310", "R079"]
    assert unlisted.lines[0].diagnosis_pointers == (2,)


def test_icd_9_is_told_from_icd_10():
    assert claim_of({"dx_1": "530.3", "dx_system": "ICD-9-CM"}).diagnoses[0].system == "icd9cm"
    assert claim_of({"dx_1": "K22.2", "dx_system_1": "0"}).diagnoses[0].system == "icd10cm"
    assert claim_of({"dx_1": "K22.2"}).diagnoses[0].system == "icd10cm"


# --- nothing is lost ----------------------------------------------------------------------------------------------


def test_scattered_rows_of_a_claim_are_one_claim():
    found = csv_of("A,43239,2026-07-01", "B,43248,2026-07-01", "A,43249,2026-07-01")
    assert [(c.claim_id, [line.hcpcs for line in c.lines]) for c in found] == [
        ("A", ["43239", "43249"]),
        ("B", ["43248"]),
    ]


def test_line_numbers_order_the_lines_when_every_row_has_its_own():
    header = HEADER + ",line_no"
    ordered = one(csv_of("A,43239,2026-07-01,20", "A,43248,2026-07-01,10", header=header))
    assert [(line.line_no, line.hcpcs) for line in ordered.lines] == [(1, "43248"), (2, "43239")]
    repeated = one(csv_of("A,43239,2026-07-01,2", "A,43248,2026-07-01,2", header=header))
    assert [line.hcpcs for line in repeated.lines] == ["43239", "43248"]


def test_a_bad_row_rejects_all_of_its_claim_once_and_no_other():
    found = csv_of("A,43239,2026-07-01", "B,43239,soon", "B,43248,later", "C,43239,2026-07-01", "B,43249,2026-07-01")
    assert [(x.claim_id if isinstance(x, Claim) else x.claim) for x in found] == ["A", "B", "C"]
    assert isinstance(found[1], Reject)


def test_rows_that_disagree_on_a_claim_column_reject_the_claim():
    found = csv_of("A,43239,2026-07-01,P1", "A,43248,2026-07-01,P2", header=HEADER + ",patient_id")
    assert refused(found).segment == "row 3, column patient_id"
    assert "P1" not in refused(found).reason
    assert "P2" not in refused(found).reason


def test_a_claim_column_may_be_empty_on_later_rows():
    found = csv_of("A,43239,2026-07-01,P1", "A,43248,2026-07-01,", header=HEADER + ",patient_id")
    assert len(one(found).lines) == 2


def test_a_row_without_claim_id_is_a_reject_of_its_own():
    assert [r.segment for r in csv_of(",43239,2026-07-01", ",43248,2026-07-01")] == [
        "row 2, column claim_id",
        "row 3, column claim_id",
    ]


def test_blank_rows_are_no_claims():
    assert len(csv_of("A,43239,2026-07-01", "", ",,", "B,43239,2026-07-01")) == 2


@pytest.mark.parametrize("row", ["A,43248", "A,43248,2026-07-01,extra"])
def test_a_row_of_another_width_rejects_its_claim(row):
    found = csv_of("A,43239,2026-07-01", row, "B,43239,2026-07-01")
    assert [type(x) for x in found] == [Reject, Claim]
    assert (found[0].claim, found[0].segment) == ("A", "row 3")


def test_empty_fields_beyond_the_header_are_nothing():
    assert len(csv_of("A,43239,2026-07-01,,,")) == 1


def test_a_shifted_row_does_not_give_its_first_cell_as_claim_id():
    reject = refused(csv_of("DOE JANE,A,43239,2026-07-01"))
    assert reject.claim is None
    assert "DOE" not in reject.reason


@pytest.mark.parametrize("quoted", ['"open', 'a"b"c', '"closed" early', '"'])
def test_a_stray_quote_costs_only_the_claim_of_its_row(quoted):
    rows = [f"C{n},43239,2026-07-01,note" for n in range(50)]
    rows[7] = f"C7,43239,2026-07-01,{quoted}"
    found = csv_of(*rows, header=HEADER + ",line_note")
    assert [x.claim_id for x in found if isinstance(x, Claim) and x.claim_id != "C7"] == [
        f"C{n}" for n in range(50) if n != 7
    ]
    assert len(found) == 50


def test_a_quote_that_swallows_a_row_by_closing_in_it_gives_that_row_back():
    found = csv_of(
        '"A,43239,2026-07-01,x', 'B,43239,2026-07-01,"y', "C,43239,2026-07-01,z", header=HEADER + ",line_note"
    )
    assert [(type(x), x.segment) for x in found] == [(Reject, "row 2"), (Reject, "row 3"), (Claim, "row 4")]
    wider = csv_of(
        '"A,43239,2026-07-01,x', 'B,43239,2026-07-01",y', "C,43239,2026-07-01,z", header=HEADER + ",line_note"
    )
    assert [(type(x), x.segment) for x in wider] == [
        (Reject, "row 2"),
        (Reject, "row 3, column service_date"),
        (Claim, "row 4"),
    ]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("line_no", "1.5"),
        ("dx_system", "11"),
        ("bill_type", "Dummy"),
        ("bill_facility_type", "X"),
        ("patient_birth_date", "1960"),
        ("ndc_units", "-2"),
    ],
)
def test_a_value_of_the_wrong_kind_rejects_the_claim_at_its_column(column, text):
    reject = refused(csv_of(f"C1,43239,2026-07-01,{text}", header=f"{HEADER},{column}"))
    assert (reject.claim, reject.segment) == ("C1", f"row 2, column {column}")
    assert text not in reject.reason


def test_a_principal_diagnosis_that_is_not_listed_rejects_a_claim_whose_lines_point_by_position():
    found = csv_of("C1,43239,2026-07-01,K222,R1310,1", header=HEADER + ",dx_1,dx_principal,dx_pointers")
    assert refused(found).segment == "row 2, column dx_principal"


def test_a_broken_row_of_a_claim_with_other_rows_rejects_that_claim():
    found = csv_of("A,43239,2026-07-01,", 'A,43248,2026-07-01,"x"y', header=HEADER + ",line_note")
    assert refused(found).claim == "A"


TABLE = [
    {
        "claim_id": f"C{n}",
        "hcpcs": "43239",
        "service_date": "2026-07-01",
        "units": "1",
        "line_note": note,
        "dx_1": "K22.2",
    }
    for n, note in [(1, "x"), (2, 'two "quoted" words'), (1, ""), (3, "a,b"), (4, "y"), (2, ""), (5, "z")]
]


@given(st.data())
@settings(max_examples=400)
def test_one_damaged_byte_loses_no_claim_of_another_row(data):
    content = bytearray(tables.to_csv(TABLE))
    ends = [at for at, byte in enumerate(content) if byte == 0x0A]
    at = data.draw(st.integers(ends[0] + 1, len(content) - 1).filter(lambda at: at not in ends))
    touched = TABLE[content[:at].count(b"\n") - 1]["claim_id"]
    content[at] = data.draw(st.integers(0, 127).filter(lambda byte: byte not in b"\r\n"))
    found = list(read_csv(bytes(content), "a.csv"))
    names = Counter(x.claim_id if isinstance(x, Claim) else x.claim for x in found)
    assert all(names[f"C{n}"] == 1 for n in range(1, 6) if f"C{n}" != touched)
    assert names[touched] <= 1


OBJECTS = [
    {
        "claim_id": f"C{n}",
        "diagnoses": ["K22.2"],
        "lines": [{"hcpcs": "43239", "service_from": "2026-07-01", "units": 1}],
    }
    for n in range(5)
]


@given(st.data())
@settings(max_examples=400)
def test_one_damaged_byte_loses_no_claim_of_another_json_line(data):
    content = bytearray(tables.to_jsonl(OBJECTS))
    at = data.draw(st.integers(0, len(content) - 1).filter(lambda at: content[at] != 0x0A))
    touched = content[:at].count(b"\n")
    content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != 0x0A))
    found = list(read_jsonl(bytes(content), "a.jsonl"))
    assert sum(1 if isinstance(x, Claim) else x.claims for x in found) == 5
    names = [x.claim_id if isinstance(x, Claim) else x.claim for x in found]
    assert [name for n, name in enumerate(names) if n != touched] == [f"C{n}" for n in range(5) if n != touched]


def outcome(reader, content: bytes) -> list[Claim | Reject] | str:
    try:
        return list(reader(content, "a"))
    except UnreadableFile as error:
        return str(error)


@given(st.binary(max_size=300), st.sampled_from([read_csv, read_jsonl, read_parquet]))
@settings(max_examples=200)
def test_any_bytes_end_in_claims_rejects_or_one_clear_error(content, reader):
    for prefix in (b"", b"claim_id,hcpcs,service_date\n", b'{"claim_id":', b"PAR1"):
        found = outcome(reader, prefix + content)
        if isinstance(found, str):
            assert found.startswith("a: ")
        else:
            assert all(isinstance(x, Claim | Reject) for x in found)


PARQUET = tables.to_parquet(
    [{"claim_id": f"C{n}", "hcpcs": "43239", "service_date": date(2026, 7, 1), "charge": Decimal(n)} for n in range(30)]
)


@given(st.integers(0, len(PARQUET) - 1), st.integers(0, 255))
@settings(max_examples=200)
def test_a_damaged_parquet_file_is_one_clear_error_or_read_without_a_traceback(at, byte):
    content = bytearray(PARQUET)
    content[at] = byte
    found = outcome(read_parquet, bytes(content))
    assert isinstance(found, str) or all(isinstance(x, Claim | Reject) for x in found)


@pytest.mark.parametrize(
    ("line", "segment"),
    [
        ('{"claim_id":"X","lines":[]}', "line 2, lines"),
        ('{"claim_id":"X","lines":{}}', "line 2, lines"),
        ('{"claim_id":"X","lines":[3]}', "line 2, lines[0]"),
        ('{"claim_id":"X","lines":[{"units":{}}]}', "line 2, lines[0], column units"),
        ('{"claim_id":"X","lines":[{"hcpcs":true}]}', "line 2, lines[0], column hcpcs"),
        ('{"claim_id":"X","diagnoses":"K222","lines":[{"hcpcs":"43239"}]}', "line 2, diagnoses"),
        ('{"claim_id":"X","diagnoses":[{"code":"K222","role":"chief"}],"lines":[{}]}', "line 2, diagnoses[0]"),
        ('{"lines":[{"hcpcs":"43239"}]}', "line 2, claim_id"),
        ('{"claim_id":"X","claim_id":"X","lines":[{"hcpcs":"43239"}]}', "line 2"),
        ('{"claim_id":"X","lines":[{"hcpcs":"43239"}', "line 2"),
        ("[" * 100_000, "line 2"),
        ('"X"', "line 2"),
        ('{"claim_id":"X","hcpcs":"43239","units":NaN}', "line 2"),
    ],
)
def test_a_bad_json_claim_is_one_reject_with_its_place(line, segment):
    good = '{"claim_id":"G","lines":[{"hcpcs":"43239"}]}'
    found = list(read_jsonl(f"{good}\n{line}\n{good[:-1]}}}\n".encode(), "a"))
    assert [type(x) for x in found] == [Claim, Reject, Claim]
    assert (found[1].segment, found[1].byte, found[1].claims) == (segment, len(good) + 1, 1)


def test_a_bad_value_in_a_json_row_rejects_every_row_of_the_claim():
    rows = ['{"claim_id":"A","hcpcs":"43239","service_date":"2026-07-01"}', '{"claim_id":"A","hcpcs":{}}']
    assert refused(list(read_jsonl("\n".join(rows).encode(), "a"))).claim == "A"
    broken = [rows[0], rows[0][:-1]]
    assert refused(list(read_jsonl("\n".join(broken).encode(), "a"))).claim == "A"


def test_numbers_in_json_keep_every_digit():
    line = b'{"claim_id":12345678901234567890,"hcpcs":43239,"service_date":"2026-07-01","charge":1234567890123.45}'
    claim = one(list(read_jsonl(line, "a")))
    assert (claim.claim_id, claim.lines[0].charge) == ("12345678901234567890", Decimal("1234567890123.45"))


# --- encodings ----------------------------------------------------------------------------------------------------


def test_a_windows_file_is_read_by_its_own_encoding():
    content = f"{HEADER},payer_name\nA,43239,2026-07-01,Caf\xe9 \u201cSant\xe9\u201d\n".encode("cp1252")
    assert one(list(read_csv(content, "a"))).payer_name == "Caf\xe9 \u201cSant\xe9\u201d"
    undefined = content.replace(b"Caf", b"\x81")
    assert one(list(read_csv(undefined, "a"))).claim_id == "A"


def test_utf_16_is_refused_with_the_way_out():
    with pytest.raises(UnreadableFile, match="Save it as UTF-8"):
        list(read_csv(HEADER.encode("utf-16"), "a"))


def test_a_file_with_old_mac_line_ends_is_read():
    assert len(list(read_csv(f"{HEADER}\rA,43239,2026-07-01\rB,43239,2026-07-01\r".encode(), "a"))) == 2


# --- published files ----------------------------------------------------------------------------------------------


@needs_rif
@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "claims", "lines", "setting"),
    [
        ("carrier", 37, 221, Setting.PRACTITIONER),
        ("outpatient", 19, 19, Setting.OUTPATIENT),
        ("inpatient", 16, 16, Setting.NONE),
        ("snf", 1, 67, Setting.NONE),
        ("hha", 14, 15, Setting.NONE),
        ("hospice", 1, 8, Setting.NONE),
        ("dme", 1, 1, Setting.PRACTITIONER),
    ],
)
def test_a_cms_research_file_is_read_by_its_own_column_names(name, claims, lines, setting):
    with (RIF / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="|"))
    found = list(read_csv((RIF / f"{name}.csv").read_bytes(), name))
    assert all(isinstance(claim, Claim) for claim in found)
    assert (len(found), sum(len(claim.lines) for claim in found)) == (claims, lines)
    assert {claim.setting for claim in found} == {setting}
    assert {claim.claim_id for claim in found} == {row["CLM_ID"] for row in rows}
    charge = "LINE_SBMTD_CHRG_AMT" if "LINE_SBMTD_CHRG_AMT" in rows[0] else "REV_CNTR_TOT_CHRG_AMT"
    assert sum(line.charge for claim in found for line in claim.lines) == sum(Decimal(row[charge]) for row in rows)
    assert sorted(line.hcpcs for claim in found for line in claim.lines) == sorted(row["HCPCS_CD"] for row in rows)
    assert len({claim.patient_key for claim in found}) == len({row["BENE_ID"] for row in rows})


@needs_rif
@pytest.mark.published
def test_a_carrier_line_points_to_its_line_diagnosis():
    with (RIF / "carrier.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["CLM_ID"], int(row["LINE_NUM"])): row for row in csv.DictReader(file, delimiter="|")}
    for claim in read_csv((RIF / "carrier.csv").read_bytes(), "carrier"):
        for line in claim.lines:
            expected = rows[claim.claim_id, line.line_no]["LINE_ICD_DGNS_CD"]
            assert [claim.diagnoses[pointer - 1].code for pointer in line.diagnosis_pointers] == (
                [expected] if expected else []
            )


def test_codes_written_as_numbers_with_a_decimal_are_the_codes():
    """As a data frame writes a column of whole numbers of which some are missing."""
    header = HEADER + ",pos,modifiers,dx_pointers,dx_1,dx_system,bill_type,revenue_code,billing_npi"
    claim = one(csv_of("C1,62323.0,2026-07-01,22.0,59.0,1.0,250.0,9.0,131.0,360.0,1992999015.0", header=header))
    (line,) = claim.lines
    assert (line.hcpcs, line.pos, line.modifiers, line.diagnosis_pointers) == ("62323", "22", ("59",), (1,))
    assert (claim.bill_type, line.revenue_code, claim.billing_npi) == ("13", "0360", "1992999015")
    assert [(dx.code, dx.system) for dx in claim.diagnoses] == [("2500", "icd9cm")]
