"""Parquet read column by column gives what the slow reader gives: claims field by field, rejects, order."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies_tabular as tables
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.columns import CLAIM_COLUMNS, CLAIM_NAMES, KIND, LINE_COLUMNS
from cleanclaim.claims.readers.table_columns import parquet as reader
from cleanclaim.claims.readers.table_columns.parquet import read_parts
from cleanclaim.claims.readers.table_columns.words import numbered_rows
from cleanclaim.claims.readers.tabular import arrow_rows, read_parquet, read_rows
from cleanclaim.claims.table import ClaimTable, words_of
from cleanclaim.claims.table_layout import CLAIM_TEXTS, DIAGNOSIS_TEXTS, LINE_TEXTS
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

Row = dict[str, object]


def outcome(items) -> list[Claim | Reject] | str:
    try:
        return list(items)
    except UnreadableFile as error:
        return str(error)


def by_columns(content: bytes, rows: int = reader.ROWS_OF_A_PART) -> list[Claim | Reject] | str:
    return outcome(item for part in read_parts(content, "a", rows=rows) for item in part.items())


def slowly(content: bytes) -> list[Claim | Reject] | str:
    return outcome(read_parquet(content, "a"))


def assert_same(content: bytes, *sizes: int) -> list[Claim | Reject] | str:
    expected = slowly(content)
    for rows in sizes or (reader.ROWS_OF_A_PART,):
        found = by_columns(content, rows)
        assert found == expected
        # Decimals that are equal need not be written alike.
        assert list(map(repr, found)) == list(map(repr, expected))
        if isinstance(found, list):
            for part in read_parts(content, "a", rows=rows):
                assert told(part.table) == told(ClaimTable.of(part.table.claims()))
    return expected


def told(table: ClaimTable) -> list[object]:
    """What stands in the records of a table, with texts for their numbers."""
    table = table.take(np.arange(len(table)))
    texts = np.array(table.vocabulary.texts(), object)
    found = [texts[words].tolist() for words in words_of(table)]
    for records, of_texts in (
        (table.claim_rows, CLAIM_TEXTS),
        (table.line_rows, (*LINE_TEXTS, "modifiers")),
        (table.diagnosis_rows, DIAGNOSIS_TEXTS),
    ):
        found += [records[name].tolist() for name in records.dtype.names if name not in of_texts]
    return [*found, table.kept, table.faults]


def parquet(table: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def columns_of(**columns: list[object] | pa.Array) -> bytes:
    """A file with these columns, and with the required ones where they are not among them."""
    many = len(next(iter(columns.values())))
    required = {
        "claim_id": [f"C{number}" for number in range(many)],
        "hcpcs": ["43239"] * many,
        "service_date": [date(2026, 7, 1)] * many,
    }
    return parquet(pa.table(required | columns))


def handed_over(monkeypatch) -> list[str]:
    """The places of the rows that the slow reader is given from now on."""
    given: list[str] = []
    read_rows = reader.read_rows

    def watched(rows, file):
        rows = list(rows)
        given.extend(place for place, _ in rows)
        return read_rows(rows, file)

    monkeypatch.setattr(reader, "read_rows", watched)
    return given


# --- tables made at random ------------------------------------------------------------------------------------

_GOOD = {
    "date": ["2026-07-01", "20260701", "07/01/2026", "1-Jul-2026", "2026-07-01T10:00:00", "2026-07-02"],
    "money": ["1", "128.40", "0.5", ".5", "$12.50", "-3.00", "1E2", "007.10", "1234567.25"],
    "units": ["1", "2.0", "3.50", "0", "1E1"],
    "whole number": ["1", "2", "3", "4", "2.0"],
    "claim type": ["professional", "837I", "40", "dental"],
    "bill type": ["0131", "131", "13", "13X", "0117"],
    "sex": ["M", "female", "X"],
    "state": ["OH", "oh"],
    "zip": ["43215", "432150001", "1234", "43215-0001", "43215.0"],
    "pos": ["11", "2", "02", "aa", "2.0"],
    "revenue code": ["360", "0360", "1"],
    "icd version": ["10", "9", "0", "ICD-10-CM"],
    "diagnosis": ["K22.2", "k222", "I10", "E119", "M54.50"],
    "diagnosis list": ["K22.2 I10", "I10", "K222,I10;E119"],
    "list": ["59", "59.0 lt", "59 LT", "25,59,lt", "lt"],
    "pointers": ["1", "1,2", "AB", "A C", "2:1"],
    "text": ["X", "Ünïcode", " padded ", "a b", "row 1", "row 2"],
    "code": ["25", "59", "lt", "1234567893", "43239", "207Q00000X", "59.0", "x.0"],
}
_ODD = {
    "date": ["99/99/99", "2026-02-30", "soon"],
    "money": ["1,000", "-0", "12345678901234", "9" * 16, "x", "0.00000000001"],
    "units": ["-1", "x", "-0.0"],
    "whole number": ["1.5", "x"],
    "claim type": ["letter"],
    "bill type": ["9", "01311", "x"],
    "state": ["Ohio"],
    "zip": ["x"],
    "icd version": ["11"],
    "diagnosis": [".", " . "],
    "diagnosis list": [", ,", ". I10", " ".join(["I10"] * 26)],
    "list": [",", "A B C D E", "A B C D"],
    "pointers": ["0", "Z", "1,2,3,4,5", ",", "26"],
}
_NAMES = {
    column.name.format(n=number, nth="1st"): [
        name.format(n=number, nth="1st") for name in (column.name, *column.aliases)
    ]
    for column in (*CLAIM_COLUMNS, *LINE_COLUMNS)
    for number in range(1, min(max(column.count, 1), 5) + 1)
}
_LIKELY = ["line_no", "dx_1", "dx_2", "dx_3", "dx_pointers", "line_dx", "dx_principal", "modifier_1", "modifier_2"]


@st.composite
def flat_tables(draw) -> tuple[pa.Table, int]:
    """A table of few claims whose columns agree more often than not, under any of their names."""
    chance = draw(st.randoms(use_true_random=False))
    many = draw(st.integers(1, 14))
    ids = [f"C{chance.randrange(draw(st.integers(1, 6)))}" for _ in range(many)]
    if draw(st.booleans()):
        ids.sort()
    ids = [
        ("", None, " ", "row 1", f" {claim} ")[chance.randrange(5)] if chance.random() < 0.05 else claim
        for claim in ids
    ]
    oddness = draw(st.sampled_from([0.0, 0.0, 0.03, 0.3]))
    emptiness = draw(st.sampled_from([0.0, 0.3, 0.7]))
    names = {"claim_id", "hcpcs", "service_date"}
    names |= set(draw(st.lists(st.sampled_from(_LIKELY), max_size=6)))
    names |= set(draw(st.lists(st.sampled_from(sorted(_NAMES)), max_size=10)))
    columns: dict[str, list[str | None]] = {}
    for name in sorted(names):
        by_claim: dict[str | None, str] = {}
        for written in draw(st.lists(st.sampled_from(_NAMES[name]), min_size=1, max_size=2, unique=True)):
            if name == "claim_id":
                columns[written] = list(ids)
                continue
            columns[written] = _values(chance, name, ids, by_claim, (oddness, emptiness))
    return pa.table(columns), draw(st.integers(1, 20))


def _values(chance, name, ids, by_claim, shares) -> list[str | None]:
    oddness, emptiness = shares
    kind = KIND[name]

    def value(claim: str | None) -> str | None:
        if chance.random() < emptiness:
            return chance.choice([None, "", "  "])
        if chance.random() < oddness:
            return chance.choice(_ODD.get(kind, ["?"]))
        one = chance.choice(_GOOD[kind])
        return by_claim.setdefault(claim, one) if name in CLAIM_NAMES else one

    return [value(claim) for claim in ids]


@given(flat_tables())
@settings(max_examples=100)
def test_any_flat_table_gives_what_the_slow_reader_gives(made):
    table, size = made
    assert_same(parquet(table, row_group_size=size), size, reader.ROWS_OF_A_PART)


MIDNIGHT = datetime.fromisoformat("2026-07-01T00:00:00")
MOMENT = datetime.fromisoformat("2026-07-01T23:59:59.999999")

typed_values = {
    "claim_id": st.sampled_from(
        [[1, 2, 2], ["A", "A", "B"], [1.0, 2.0, 1.0], [b"A", b" A", b"B"], [True, False, None]]
    ),
    "charge": st.one_of(
        st.lists(st.floats(allow_nan=True), min_size=3, max_size=3),
        st.lists(st.decimals(-999, 999999, places=3), min_size=3, max_size=3),
        st.lists(st.integers(-(10**15), 10**15), min_size=3, max_size=3),
        st.lists(st.floats(0, 9999, width=32), min_size=3, max_size=3),
        st.lists(st.integers(0, 10**9).map(lambda cents: cents / 100), min_size=3, max_size=3),
    ),
    "service_date": st.one_of(
        st.lists(st.dates(), min_size=3, max_size=3),
        st.lists(st.datetimes(), min_size=3, max_size=3),
        st.lists(st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))), min_size=3, max_size=3),
    ),
    "statement_from": st.lists(st.sampled_from([MOMENT, MIDNIGHT, None]), min_size=3, max_size=3),
    "modifiers": st.sampled_from([[["59"], ["59", "LT"], None], [[], ["59", None], ["A", "B", "C", "D", "E"]]]),
    "dx": st.sampled_from([[["K22.2", "I10"], None, ["I10"]], ["K22.2", "", "I10"]]),
    "dx_pointers": st.sampled_from([[[1], [2, 1], None], [1, 2, None], [1.0, None, 2.0]]),
    "units": st.sampled_from([[1, 2, 3], [1.5, 2.25, None], [True, False, None], [{"a": 1}, None, None]]),
    "line_no": st.sampled_from([[3, 2, 1], [1, 1, 2], [1.0, 2.0, None], [1, None, 2]]),
    "billing_zip": st.sampled_from([[1234, 43215, None], [43215.0, 432150001.0, 1.0]]),
    "hcpcs": st.sampled_from([[99213, 99214, 1], [99213.0, None, 43239.0], ["43239", "", None]]),
    "patient_birth_date": st.sampled_from([[19800101, None, 19800102], [date(1980, 1, 1), date(1980, 1, 1), None]]),
}


@given(st.fixed_dictionaries({}, optional=typed_values))
@settings(max_examples=60)
def test_values_of_any_type_mean_what_they_mean_to_the_slow_reader(columns):
    assert_same(columns_of(**columns or {"units": [1]}), 1, reader.ROWS_OF_A_PART)


@given(tables.claim_lists, st.randoms(use_true_random=False), st.integers(1, 9))
@settings(max_examples=15)
def test_claims_whose_rows_lie_in_any_order_and_row_group_are_whole(claims, chance, size):
    rows = [row for claim in claims for row in tables.rows(claim)]
    chance.shuffle(rows)
    names = tables.columns(rows)
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    found = assert_same(parquet(table, row_group_size=size), 1, 3, reader.ROWS_OF_A_PART)
    assert sorted(claim.claim_id for claim in found) == sorted(claim.claim_id for claim in claims)


# --- what the columns of a claim say together -------------------------------------------------------------------


TOGETHER: dict[str, list[Row]] = {
    "lines numbered in another order": [{"line_no": "2"}, {"line_no": "1"}, {"line_no": "3"}],
    "lines of which two have one number": [{"line_no": "2"}, {"line_no": "1"}, {"line_no": "2"}],
    "lines of which one has no number": [{"line_no": "2"}, {}, {"line_no": "1"}],
    "one system for all diagnoses": [{"dx_1": "I10", "dx_2": "E119", "dx_admitting": "R05", "dx_system": "9"}],
    "the system of the first diagnosis": [{"dx_1": "4019", "dx_2": "25000", "dx_admitting": "R05", "dx_system_1": "9"}],
    "the system of the second diagnosis": [{"dx_1": "I10", "dx_2": "25000", "dx_system_2": "9"}],
    "systems that differ": [{"dx_1": "I10", "dx_2": "25000", "dx_system": "9", "dx_system_1": "10"}],
    "a system of no diagnosis that cannot be read": [{"dx_1": "I10", "dx_system_9": "11"}],
    "present on admission": [{"dx_1": "I10", "dx_2": "E119", "dx_poa_2": "y", "dx_poa_1": ""}],
    "a principal diagnosis among the others": [
        {"dx_1": "I10", "dx_2": "E119", "dx_3": "E119", "dx_principal": "E11.9"}
    ],
    "a principal diagnosis beside the others": [{"dx_1": "I10", "dx_principal": "E11.9", "dx_system": "9"}],
    "a principal diagnosis beside what lines point to": [{"dx_1": "I10", "dx_principal": "E119", "dx_pointers": "1"}],
    "a principal diagnosis alone": [{"dx_principal": "E11.9"}],
    "a principal diagnosis alone that lines point to": [{"dx_principal": "E11.9", "dx_pointers": "1"}],
    "special diagnoses": [
        {"dx_1": "I10", "dx_external_cause_2": "W19", "dx_reason_for_visit_1": "R05", "dx_admitting": "I10"}
    ],
    "a gap between diagnoses": [{"dx_1": "I10", "dx_3": "E119", "dx_poa_3": "N"}],
    "a gap between diagnoses that lines point to": [{"dx_1": "I10", "dx_3": "E119"}, {"dx_pointers": "2"}],
    "all diagnoses in one column": [{"dx": "I10 E11.9", "dx_poa_2": "Y", "dx_system_2": "9", "dx_pointers": "2,1"}],
    "diagnoses in both ways that agree": [{"dx": "I10 E11.9", "dx_1": "I10", "dx_2": "E119"}],
    "diagnoses in both ways that do not": [{"dx": "I10 E11.9", "dx_1": "I10"}],
    "more diagnoses than there are places": [{"dx": " ".join(f"A{number}" for number in range(10, 37))}],
    "a diagnosis of nothing but a dot": [{"dx_1": ".", "dx_2": "I10"}],
    "the diagnosis of a line": [{"dx_1": "I10", "dx_2": "E119", "line_dx": "E11.9"}, {"line_dx": "I10"}],
    "the diagnosis of a line behind a principal one": [{"dx_1": "I10", "dx_principal": "R05", "line_dx": "I10"}],
    "the diagnosis of a line that the claim does not list": [{"dx_1": "I10", "line_dx": "E119"}],
    "the diagnosis of a line that points too": [{"dx_1": "I10", "dx_2": "E119", "line_dx": "E119", "dx_pointers": "1"}],
    "the diagnosis of a line that is not listed but points": [{"dx_1": "I10", "line_dx": "E119", "dx_pointers": "1"}],
    "pointers that are none": [{"dx_1": "I10", "dx_3": "R05", "dx_pointers": ","}],
    "more pointers than fit": [{"dx_1": "I10", "dx_pointers": "1,1,1,1,1"}],
    "a gap between modifiers": [{"modifier_2": "59", "modifier_4": "lt"}, {"modifier_1": "25", "modifier_3": "LT"}],
    "five modifiers": [{f"modifier_{number}": f"A{number}" for number in range(1, 6)}],
    "modifiers in both ways that agree": [{"modifiers": "59 LT", "modifier_1": "59", "modifier_2": "LT"}],
    "modifiers in both ways that do not": [{"modifiers": "59 LT", "modifier_1": "59"}],
    "modifiers together on some lines": [{"modifiers": "59 LT"}, {"modifier_1": "25"}],
    "a type of bill and its frequency": [{"bill_type": "0137"}],
    "a frequency of its own": [{"bill_type": "0137", "frequency": "1"}],
    "a type of bill in two columns": [{"bill_facility_type": "1", "bill_classification": "3"}],
    "half a type of bill": [{"bill_facility_type": "1"}],
    "half a type of bill beside a whole one": [{"bill_facility_type": "1", "bill_type": "0851"}],
    "a type of claim that the bill does not suggest": [{"bill_type": "0131", "claim_type": "professional"}],
    "places and providers of the claim": [
        {"claim_pos": "2", "claim_rendering_npi": "1234567893", "claim_rendering_taxonomy": "207Q00000X"},
        {"pos": "11", "rendering_npi": "1245319599", "rendering_taxonomy": "207R00000X"},
    ],
    "a claim column on the last row": [{}, {"payer_name": "ACME", "total_charge": "5.00"}],
    "a claim column on some rows": [{"payer_name": "ACME"}, {}, {"payer_name": "ACME"}],
    "a claim column that rows disagree on": [{"payer_name": "ACME"}, {"payer_name": "OTHER"}],
    "amounts that are equal and written otherwise": [{"total_charge": "5.00"}, {"total_charge": "5.0"}],
    "a last day on some lines": [{"service_to": "2026-07-03"}, {}],
    "what a line says of its code and units": [{"unit_basis": "mj", "code_system": "ER"}, {}],
    "amounts of every form": [{"charge": text} for text in ("1", "1.", ".5", "007.10", "$5", "-5.50", "1E2", "0.00")],
    "an amount below nothing": [{"charge": "-0"}],
    "an amount past all amounts": [{"charge": "123456789012.3456789"}],
    "an amount that is none": [{"charge": "1,000"}],
}


@pytest.mark.parametrize("rows", TOGETHER.values(), ids=TOGETHER)
def test_columns_together_say_what_they_say_to_the_slow_reader(rows):
    other = {"claim_id": "B", "dx_1": "J069", "modifier_1": "76", "line_no": "1", "payer_name": "B", "charge": "3.25"}
    base = {"claim_id": "A", "hcpcs": "43239", "service_date": "2026-07-01"}
    assert_same(tables.to_parquet([base | row for row in rows]))
    # The same among others, of which one lies between its rows.
    between = [base | rows[0], base | other, *(base | row for row in rows[1:]), base | other | {"line_no": "2"}]
    assert_same(tables.to_parquet(between))
    # And where several columns say one thing.
    again = {name: [None, *(row.get(name) for row in between[1:])] for name in tables.columns(between)}
    doubled = pa.table({"mod1": ["77", *[""] * (len(between) - 1)]} | again | {"claim": ["A"] * len(between)})
    assert_same(parquet(doubled))


# --- the types that tools write ---------------------------------------------------------------------------------


ODDITIES = {
    "texts in a dictionary": {"hcpcs": pa.array(["43239", "99213", "43239"]).dictionary_encode()},
    "numbers in a dictionary": {"units": pa.array([1, 2, 1]).dictionary_encode()},
    "decimals in a dictionary": {"charge": pa.array([Decimal("1.50"), None]).dictionary_encode()},
    "bytes": {"payer_name": [b" ACME", b"\xff", None]},
    "large strings": {"payer_name": pa.array(["ACME", " ACME ", ""], pa.large_string())},
    "a blank behind or before": {"payer_name": ["ACME ", "ACME"], "claim_note": [" ACME", "ACME"]},
    "texts of no length": {"pos": ["11", "", None], "claim_pos": ["22", "22", "22"]},
    "no value at all": {"payer_name": [None, None]},
    "half floats": {"units": pa.array([1.5, 2, None], pa.float16())},
    "floats that are no number": {"charge": [float("nan"), float("inf"), -0.0, 0.0]},
    "cents that are not exact": {"charge": [0.1 + 0.2, 0.3, 1e-7, 12345678.915, 1e300]},
    "floats that are written alike": {"claim_id": ["A", "A"], "total_charge": [0.1 + 0.2, 0.3]},
    "decimals": {"charge": [Decimal("-12.50"), Decimal("0.00"), None, Decimal("128.40")]},
    "small decimals": {"charge": pa.array([Decimal("0.00000001"), Decimal("1.5")], pa.decimal128(20, 8))},
    "large decimals": {"charge": pa.array([Decimal("1.5"), None], pa.decimal256(50, 2))},
    "moments in a zone": {"service_date": pa.array([MOMENT, None], pa.timestamp("ns", "America/New_York"))},
    "moments of a day that differ": {"claim_id": ["A", "A"], "statement_from": [MOMENT, MIDNIGHT]},
    "days before 1970": {"patient_birth_date": [date(1899, 12, 31), date(1, 1, 1)]},
    "milliseconds": {"service_date": pa.array([MOMENT], pa.timestamp("ms"))},
    "date64": {"service_date": pa.array([date(2026, 7, 1), None], pa.date64())},
    "times": {"note": pa.array([3600], pa.time32("s")), "claim_note": pa.array([3600], pa.time32("s"))},
    "truth": {"payer_name": [True, None, False]},
    "records": {"payer_name": [{"name": "ACME"}, None]},
    "lists": {"modifiers": [["59", " LT "], [], None, ["a", "b", "c", "d", "e"]]},
    "unsigned": {"claim_id": pa.array([2**64 - 1, 1], pa.uint64())},
    "text of every script": {"claim_id": ["Ω", "Ω\u3000", "\u200bΩ"], "claim_note": ["ß", "\x1f", "é"]},
    "claims called as places are": {"claim_id": ["row 2", "row 1", "row 2"], "payer_name": ["row 3", None, None]},
}


@pytest.mark.parametrize("columns", ODDITIES.values(), ids=ODDITIES)
def test_what_other_tools_write_is_read_as_the_slow_reader_reads_it(columns):
    found = assert_same(columns_of(**columns), 1, reader.ROWS_OF_A_PART)
    assert found


def test_a_dictionary_may_hold_nulls_doubles_and_what_is_not_used():
    values = pa.array(["A", "A", "unused", None, "B\u3000"])
    claims = pa.DictionaryArray.from_arrays(pa.array([0, 1, 3, None, 4]), values)
    table = pa.table({"claim_id": claims, "hcpcs": ["43239"] * 5, "service_date": ["2026-07-01"] * 5})
    rows = arrow_rows(table.to_batches()[0])
    expected = list(read_rows(((f"row {number}", row) for number, row in enumerate(rows, 8)), "a"))
    assert [entry.claim_id if isinstance(entry, Claim) else entry.claim for entry in expected] == ["A", None, None, "B"]
    placed = reader.Placed.of_file("a", 8, table.num_rows)
    made = reader.part_of(reader.columns_of(table), placed, partial(reader._read_slowly, table, 8, "a"))
    assert list(made.items()) == expected


def test_of_columns_with_one_name_the_last_counts_as_in_the_slow_reader():
    table = pa.table({"claim_id": ["A", "A"], "hcpcs": ["43239", "43239"], "service_date": [date(2026, 7, 1)] * 2})
    for name, values in (("claim_id", ["B", "C"]), ("units", [1, 2]), ("units", [3, 4])):
        table = table.append_column(name, pa.array(values))
    assert_same(parquet(table), 1, reader.ROWS_OF_A_PART)


def test_nested_claims_are_those_of_the_slow_reader():
    line = {"hcpcs": "43239", "service_from": date(2026, 7, 1), "modifiers": ["59", "LT"], "diagnosis_pointers": [1]}
    rows = [{"claim_id": f"C{number}", "lines": [line] * number, "diagnoses": ["K22.2"]} for number in range(4)]
    found = assert_same(tables.to_parquet(rows), 1, 3)
    assert [type(entry) for entry in found] == [Reject, Claim, Claim, Claim]


def test_a_table_without_rows_has_no_claims():
    assert assert_same(columns_of(units=pa.array([], pa.int64()))) == []


# --- what cannot be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PAR1",
        tables.to_parquet([{"claim_id": "A", "hcpcs": "43239"}]),
        columns_of(patient_birth_date=pa.array([2**31 - 1], pa.int32()).view(pa.date32())),
        columns_of(note=pa.array([2**62], pa.int64()).view(pa.timestamp("us"))),
        columns_of(note=pa.array([b"\xff"]).view(pa.string())),
        columns_of(payer_name=pa.array([b"\xff"]).view(pa.string())),
    ],
    ids=["nothing", "a beginning", "no date", "no such day", "no such moment", "no text", "no text that is used"],
)
def test_a_file_that_cannot_be_read_says_what_the_slow_reader_says(content):
    found = assert_same(content)
    assert isinstance(found, str)
    assert found.startswith("a: ")


PARQUET = tables.to_parquet(
    [{"claim_id": f"C{n}", "hcpcs": "43239", "service_date": date(2026, 7, 1), "charge": Decimal(n)} for n in range(30)]
)


@given(st.integers(0, len(PARQUET) - 1), st.integers(0, 255))
@settings(max_examples=100)
def test_a_damaged_file_is_one_clear_error_or_what_the_slow_reader_makes_of_it(at, byte):
    content = bytearray(PARQUET)
    content[at] = byte
    found, expected = by_columns(bytes(content)), slowly(bytes(content))
    assert type(found) is type(expected)
    if isinstance(expected, list):
        assert found == expected


# --- how it is read -----------------------------------------------------------------------------------------------


def made_claims(many: int) -> list[Row]:
    """Claims as an export has them, two lines each, the second row saying the less."""
    rows: list[Row] = []
    for number in range(many):
        shared = {"claim_id": f"C{number:05}", "patient_id": f"P{number // 2}", "dx_1": "K22.2", "dx_2": "I10"}
        line = {"hcpcs": "43239", "service_date": date(2026, 7, 1), "charge": 12.5, "units": 1, "dx_pointers": "1,2"}
        rows += [shared | line | {"line_no": 1}, shared | line | {"line_no": 2, "patient_id": None, "modifier_1": "59"}]
    return rows


def test_only_claims_out_of_the_ordinary_are_left_to_the_slow_reader(monkeypatch):
    rows = made_claims(40)
    rows[5]["charge"] = float("inf")
    rows[20]["modifiers"] = "A B C D E"
    rows[31]["dx_1"] = "I10"
    content = tables.to_parquet(rows)
    given = handed_over(monkeypatch)
    found = by_columns(content)
    assert given == [f"row {number}" for number in (5, 6, 21, 22, 31, 32)]
    assert found == slowly(content)
    assert sum(isinstance(entry, Reject) for entry in found) == 2


def test_a_part_ends_where_no_claim_is_open():
    rows = made_claims(10)
    parts = list(read_parts(tables.to_parquet(rows), "a", rows=3))
    assert [len(part.table) for part in parts] == [2, 2, 2, 2, 2]
    rows.append(rows[0] | {"line_no": 3})
    parts = list(read_parts(tables.to_parquet(rows), "a", rows=3))
    assert [len(part.table) for part in parts] == [10]
    assert [line.line_no for line in parts[0].table.claim(0).lines] == [1, 2, 3]


def test_texts_stand_in_the_vocabulary_once():
    (part,) = read_parts(tables.to_parquet(made_claims(20)), "row 3")
    texts = part.table.vocabulary.texts()
    assert texts[0] == ""
    assert len(set(texts)) == len(texts)


def test_patients_have_the_number_of_their_key():
    (part,) = read_parts(tables.to_parquet(made_claims(6)), "a")
    numbers = part.table.patient_hash().tolist()
    assert numbers[::2] == numbers[1::2]
    assert [f"{number:016x}" for number in numbers] == [claim.patient_key for claim in part.table.claims()]


@given(st.integers(0, 10**6), st.integers(0, 300))
def test_rows_are_called_by_their_number(first, many):
    names = numbered_rows(first, many).to_pylist()
    assert names == [b"row %d" % number for number in range(first, first + many)]
