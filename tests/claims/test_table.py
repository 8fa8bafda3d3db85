"""The claim table gives back the claims it was made of, field by field."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanclaim.claims import table_files
from cleanclaim.claims.model import Claim, ClaimLine, ClaimType, Diagnosis
from cleanclaim.claims.readers.values import patient_key
from cleanclaim.claims.table import ClaimTable, patient_number, words_of
from cleanclaim.claims.table_layout import CLAIM_TEXTS, DIAGNOSIS_TEXTS, LINE_TEXTS
from cleanclaim.errors import InputError

words = st.one_of(st.sampled_from(["", "11", "99213", "A"]), st.text(max_size=6))
days = st.one_of(st.none(), st.dates())
amounts = st.one_of(
    st.none(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
    st.sampled_from([Decimal("12.50"), Decimal(0), Decimal("-0.00"), Decimal("1E+3"), Decimal("0.0000000001")]),
)
places = st.one_of(st.none(), st.integers(0, 1 << 40))
keys = st.one_of(words.map(patient_key), words, st.just("0" * 16))
PLAIN = {"str": words, "Date | None": days, "Decimal | None": amounts, "Money | None": amounts, "bool": st.booleans()}


def built(kind: type, **own: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Records of a kind with every field drawn: one that nobody thought of here is drawn too, or fails."""
    drawn = {field.name: own[field.name] if field.name in own else PLAIN[str(field.type)] for field in fields(kind)}
    return st.builds(kind, **drawn)


diagnoses = built(Diagnosis, byte=places)
lines = built(
    ClaimLine,
    line_no=st.integers(1, 1 << 33),
    modifiers=st.lists(words, max_size=5).map(tuple),
    diagnosis_pointers=st.lists(st.integers(-1, 1 << 17), max_size=5).map(tuple),
    byte=places,
)
claims = built(
    Claim,
    claim_type=st.sampled_from(ClaimType),
    lines=st.lists(lines, max_size=3).map(tuple),
    diagnoses=st.lists(diagnoses, max_size=3).map(tuple),
    patient_key=keys,
    envelope_faults=st.lists(words, max_size=2).map(tuple),
    byte=places,
)
many = st.lists(claims, max_size=6)
LINE = ClaimLine(1, "99213", ("25", "GA"), Decimal("1.0"), charge=Decimal("120.50"), diagnosis_pointers=(1, 12))
CLAIM = Claim("A1", ClaimType.PROFESSIONAL, (LINE,), (Diagnosis("I10"),), patient_key("M1"), dt.date(1950, 1, 2))
ODD = replace(CLAIM, claim_id="A2", lines=(replace(LINE, modifiers=tuple("ABCDE")),))
DRAWN = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def same(found: list[Claim], expected: list[Claim]) -> bool:
    """Equal, and written in the same way: Decimals that are equal may differ in their zeros."""
    return found == expected and repr(found) == repr(expected)


@DRAWN
@given(many)
def test_claims_come_back_field_by_field(given_claims: list[Claim]):
    table = ClaimTable.of(given_claims)

    assert same(list(table.claims()), given_claims)
    assert [table.claim(row) for row in range(len(table))] == given_claims


@DRAWN
@given(many, many, st.data())
def test_tables_put_together_and_taken_apart_hold_the_same_claims(
    one: list[Claim], two: list[Claim], data: st.DataObject
):
    both = ClaimTable.concat([ClaimTable.of(one), ClaimTable.of(two), ClaimTable.of([])])
    assert same(list(both.claims()), one + two)

    rows = data.draw(st.lists(st.integers(0, len(both) - 1), max_size=5)) if len(both) else []
    taken = both.take(rows)
    assert same(list(taken.claims()), [(one + two)[row] for row in rows])
    (compact,) = taken.divided(np.arange(len(taken)), [len(taken)])
    assert same(list(compact.claims()), [(one + two)[row] for row in rows])
    assert same(list(both.claims(rows)), [(one + two)[row] for row in rows])
    chosen = np.isin(np.arange(len(both)), rows)
    assert same(list(both.take(chosen).claims()), [(one + two)[row] for row in sorted(set(rows))])


@DRAWN
@given(many, st.data())
def test_a_table_divided_holds_the_same_claims_in_tables_with_only_their_own_texts(
    given_claims: list[Claim], data: st.DataObject
):
    table = ClaimTable.of(given_claims)
    rows = data.draw(st.permutations(range(len(table))))
    cut = data.draw(st.integers(0, len(rows)))
    pieces = list(table.divided(np.array(rows, np.intp), [cut, len(rows) - cut]))

    for piece, own in zip(pieces, (rows[:cut], rows[cut:]), strict=True):
        assert same(list(piece.claims()), [given_claims[row] for row in own])
        assert len(piece.line_rows) == piece.claim_rows["line_count"].sum()
        used = {number for words in words_of(piece) for number in words.ravel().tolist()}
        assert used | {0} == set(range(len(piece.vocabulary)))
    assert same(list(table.claims()), given_claims), "the table itself stays as it was"


def test_every_field_with_a_text_is_among_the_words_of_a_table():
    table = ClaimTable.of([CLAIM])
    for words in words_of(table):
        words[...] = 7

    for records, names in (
        (table.claim_rows, CLAIM_TEXTS),
        (table.line_rows, (*LINE_TEXTS, "modifiers")),
        (table.diagnosis_rows, DIAGNOSIS_TEXTS),
    ):
        for name in records.dtype.names or ():
            assert (name in names) == bool((records[name] == 7).all()), name


@DRAWN
@given(many)
def test_a_table_survives_being_written_and_read(given_claims: list[Claim]):
    content = table_files.to_bytes(ClaimTable.of(given_claims))

    assert same(list(table_files.from_bytes(content).claims()), given_claims)


def test_a_file_is_mapped_and_read_back(tmp_path: Path):
    path = tmp_path / "claims.table"
    table_files.save(ClaimTable.of([CLAIM, ODD]), path)
    found = table_files.load(path)

    assert list(found.claims()) == [CLAIM, ODD]
    assert not found.claim_rows.flags.owndata
    assert not found.claim_rows.flags.writeable
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("cut", [0, 5, 20, 200, 600, 1100])
def test_a_damaged_file_is_refused_with_one_clear_error(tmp_path: Path, cut: int):
    path = tmp_path / "claims.table"
    path.write_bytes(table_files.to_bytes(ClaimTable.of([CLAIM, ODD]))[:cut])

    with pytest.raises(InputError, match=r"claims\.table: .*damaged"):
        table_files.load(path)
    path.write_bytes(b"another file, long enough to have a head")
    with pytest.raises(InputError, match="no claim table"):
        table_files.load(path)


def test_what_does_not_fit_is_kept_whole_and_the_rest_is_in_columns():
    table = ClaimTable.of([CLAIM, ODD])

    assert (len(table.claim_rows), len(table.line_rows), table.kept) == (2, 1, (ODD,))
    assert table.line_rows["charge"].tolist() == [12050]
    assert table.line_rows["charge_scale"].tolist() == [2]
    assert table.line_rows["diagnosis_pointers"].tolist() == [[1, 12, -1, -1]]
    assert [table.vocabulary.text(number) for number in table.line_rows["modifiers"][0]] == ["25", "GA", "", ""]
    assert table.claim_rows["patient_birth_date"][0] == dt.date(1950, 1, 2).toordinal()


def test_patients_have_the_same_number_in_every_process():
    other = replace(CLAIM, patient_key="whatever another reader makes")
    hashes = ClaimTable.of([CLAIM, other, ODD, replace(CLAIM, patient_key="")]).patient_hash().tolist()
    program = (
        "from cleanclaim.claims.table import patient_number\n"
        f"print([patient_number(key) for key in {[CLAIM.patient_key, other.patient_key]!r}])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert hashes == [hashes[0], hashes[1], hashes[0], 0]
    assert done.stdout.strip() == str(hashes[:2])
    assert hashes[0] == int(CLAIM.patient_key, 16) == patient_number(CLAIM.patient_key)


def test_a_row_that_is_not_there_is_an_error():
    table = ClaimTable.of([CLAIM])

    assert table.claim(-1) == CLAIM
    with pytest.raises(IndexError):
        table.claim(1)
    assert list(ClaimTable.concat([]).claims()) == []
