"""Changes brought into an 837 file: what is meant, and not a byte besides."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_x12 import files

from cleanclaim.claims.changes import changed, joined
from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.claims.readers import x12_837 as reader
from cleanclaim.claims.writers.x12_837 import ClaimEdit, write
from cleanclaim.types import Change, format_money
from support.x12 import professional

COUNT = re.compile(rb"SE([^0-9A-Za-z])[0-9]+")


def read(content: bytes) -> list[Claim]:
    return [entry for entry in reader.read(content, "a.837") if isinstance(entry, Claim)]


def bare(claim: Claim) -> Claim:
    """A claim without where it stands."""
    return replace(
        claim,
        byte=None,
        envelope_faults=(),
        lines=tuple(replace(line, byte=None) for line in claim.lines),
        diagnoses=tuple(replace(diagnosis, byte=None) for diagnosis in claim.diagnoses),
    )


def after(content: bytes, *changes: Change, claim: int = 0) -> bytes:
    (byte,) = [read(content)[claim].byte]
    assert byte is not None
    written = write(content, [ClaimEdit(byte, changes)])
    assert written.refused == {}
    return written.content


def refusal(content: bytes, *changes: Change) -> str:
    byte = read(content)[0].byte
    assert byte is not None
    written = write(content, [ClaimEdit(byte, changes)])
    assert written.content == content, "a claim that is refused stays as it was"
    return written.refused[byte]


THREE = professional(("ONE", ("43214", "74360:26:59", "99213")), ("TWO", ("99213",))).encode()


def segments(content: bytes) -> list[str]:
    return content.decode().replace("\n", "").split("~")


def difference(before: bytes, now: bytes) -> tuple[list[str], list[str]]:
    """Segments that are gone, and segments that are new."""
    old, new = segments(before), segments(now)
    return [s for s in old if s not in new], [s for s in new if s not in old]


# --- examples


def test_a_removed_line_goes_with_its_loops_and_the_others_are_numbered_on():
    now = after(THREE, Change(2, "line", "74360", ""), Change(None, "charge", "300.00", "200.00"))
    gone, new = difference(THREE, now)
    assert gone == ["CLM*ONE*300***11:B:1*Y*A*Y*Y", "SV1*HC:74360:26:59*100*UN*1***1", "LX*3", "SE*36*0001"]
    assert new == ["CLM*ONE*200***11:B:1*Y*A*Y*Y", "SE*33*0001"]
    assert [line.hcpcs for line in read(now)[0].lines] == ["43214", "99213"]


def test_only_the_segment_that_changes_is_written_again():
    now = after(THREE, Change(2, "modifiers", "26:59", "26"))
    assert difference(THREE, now) == (
        ["SV1*HC:74360:26:59*100*UN*1***1"],
        ["SV1*HC:74360:26*100*UN*1***1"],
    )


@pytest.mark.parametrize(
    ("change", "written"),
    [
        (Change(1, "hcpcs", "43214", "43213"), "SV1*HC:43213*100*UN*1***1"),
        (Change(1, "modifiers", "", "25:59"), "SV1*HC:43214:25:59*100*UN*1***1"),
        (Change(1, "units", "1", "2"), "SV1*HC:43214*100*UN*2***1"),
        (Change(1, "charge", "100.00", "66.50"), "SV1*HC:43214*66.50*UN*1***1"),
        (Change(1, "charge", "100.00", "0.00"), "SV1*HC:43214*0*UN*1***1"),
        (Change(1, "pos", "11", "22"), "SV1*HC:43214*100*UN*1*22**1"),
        (Change(1, "diagnosis_pointers", "1", "1:2"), "SV1*HC:43214*100*UN*1***1:2"),
    ],
    ids=lambda value: value.element if isinstance(value, Change) else "",
)
def test_each_element_stands_where_the_guide_puts_it(change, written):
    assert difference(THREE, after(THREE, change)) == (["SV1*HC:43214*100*UN*1***1"], [written])


def test_the_description_of_a_procedure_stays_where_it_was():
    content = THREE.replace(b"HC:43214*", b"HC:43214:22::::A NOTE*")
    now = after(content, Change(1, "modifiers", "22", ""))
    assert b"SV1*HC:43214:::::A NOTE*100" in now
    assert read(now)[0].lines[0].note == read(content)[0].lines[0].note


def test_cents_are_written_as_the_file_writes_them():
    content = THREE.replace(b"HC:43214*100*", b"HC:43214*100.00*")
    assert b"HC:43214*80.00*" in after(content, Change(1, "charge", "100.00", "80.00"))


def test_line_ends_and_delimiters_of_the_file_are_kept():
    content = THREE.replace(b"\n", b"\r\n").replace(b"*", b"|").replace(b":", b">")
    now = after(content, Change(2, "line", "74360", ""))
    assert now.count(b"\r\n") == now.count(b"~") == content.count(b"~") - 3
    assert b"SE|33|0001~\r\n" in now


def test_a_removed_diagnosis_closes_the_gap():
    content = THREE.replace(b"HI*ABK:K222~", b"HI*ABK:K222*ABF:I10*ABF:K222*ABF:E119~")
    now = after(content, Change(None, "diagnoses", "K222:I10:K222:E119", "K222:I10:E119"))
    assert b"HI*ABK:K222*ABF:I10*ABF:E119~" in now


def test_a_count_that_was_wrong_stays_wrong_by_as_much():
    content = THREE.replace(b"SE*36*", b"SE*0040*")
    assert b"SE*0037*" in after(content, Change(2, "line", "74360", ""))


def test_lines_numbered_otherwise_keep_their_numbers():
    content = THREE.replace(b"LX*3~", b"LX*30~")
    assert b"LX*30~" in after(content, Change(2, "line", "74360", ""))


def test_the_last_line_of_a_claim_goes_without_touching_what_follows():
    now = after(THREE, Change(3, "line", "99213", ""))
    assert now.count(b"CLM*") == 2
    assert [line.hcpcs for line in read(now)[1].lines] == ["99213"]


@pytest.mark.parametrize("adjudicated", ["SVD*OTHER*40*HC:43214**1", "CAS*CO*45*60"])
def test_charges_another_payer_has_accounted_for_are_left(adjudicated):
    content = THREE.replace(b"LX*2~", f"{adjudicated}~\nLX*2~".encode())
    assert "accounts for the charges" in refusal(content, Change(2, "line", "74360", ""))
    assert refusal(content, Change(1, "units", "1", "2"))
    assert after(content, Change(1, "modifiers", "", "22")) != content


def test_the_last_line_is_never_removed():
    assert refusal(THREE, *(Change(number, "line", "", "") for number in (1, 2, 3))) == "no line would be left"


def test_what_is_parted_otherwise_than_declared_is_left():
    content = THREE.replace(b"HC:43214*", b"HC>43214>22*")
    byte = content.index(b"CLM")
    written = write(content, [ClaimEdit(byte, (Change(1, "hcpcs", "43214", "43213"),))])
    assert written.content == content
    assert "ISA declares" in written.refused[byte]


def test_a_file_without_changes_comes_out_as_it_went_in():
    assert write(THREE, []).content == THREE


# --- any file


@st.composite
def changes_of_line(draw: st.DrawFn, line: ClaimLine) -> list[Change]:
    made = []
    if draw(st.booleans()) and line.hcpcs:
        new = draw(st.lists(st.sampled_from(["26", "59", "LT"]), max_size=4, unique=True))
        if tuple(new) != line.modifiers:
            made.append(Change(line.line_no, "modifiers", joined(line.modifiers), joined(new)))
        if draw(st.booleans()):
            made.append(Change(line.line_no, "hcpcs", line.hcpcs, "43214"))
    if draw(st.booleans()) and line.units is not None:
        made.append(Change(line.line_no, "units", str(line.units), "7"))
    if draw(st.booleans()) and line.charge is not None:
        made.append(Change(line.line_no, "charge", format_money(line.charge), "12.30"))
    if draw(st.booleans()) and line.segment == "SV1":
        made.append(Change(line.line_no, "diagnosis_pointers", joined(line.diagnosis_pointers), "2:1"))
    return made


@st.composite
def changes_of(draw: st.DrawFn, claim: Claim) -> tuple[Change, ...]:
    gone = draw(st.sets(st.sampled_from([line.line_no for line in claim.lines]), max_size=len(claim.lines) - 1))
    made: list[Change] = []
    for line in claim.lines:
        if line.line_no in gone:
            made.append(Change(line.line_no, "line", line.hcpcs, ""))
        else:
            made += draw(changes_of_line(line))
    if draw(st.booleans()) and claim.total_charge is not None:
        made.append(Change(None, "charge", format_money(claim.total_charge), "99.00"))
    return tuple(made)


@settings(max_examples=60)
@given(st.data())
def test_any_file_reads_as_its_claims_with_the_changes_and_nothing_else_moves(data):
    content = data.draw(files()).content
    claims = read(content)
    number = data.draw(st.integers(0, len(claims) - 1))
    claim = claims[number]
    changes = data.draw(changes_of(claim))
    assert claim.byte is not None
    written = write(content, [ClaimEdit(claim.byte, changes)])
    again = read(written.content)
    if written.refused:
        assert written.content == content
        return
    expected = [bare(changed(one, changes) if one is claim else one) for one in claims]
    assert [bare(one) for one in again] == expected
    assert [one.envelope_faults for one in claims if not one.envelope_faults] == [
        one.envelope_faults for one in again if not one.envelope_faults
    ]
    assert written.content[: claim.byte] == content[: claim.byte]
    if number + 1 < len(claims):
        following, moved = claims[number + 1].byte, again[number + 1].byte
        assert COUNT.sub(b"", written.content[moved:]) == COUNT.sub(b"", content[following:])


@settings(max_examples=40)
@given(st.data())
def test_every_claim_of_a_file_can_be_changed_at_once(data):
    content = data.draw(files()).content
    claims = read(content)
    edits = [ClaimEdit(claim.byte, data.draw(changes_of(claim))) for claim in claims if claim.byte is not None]
    written = write(content, edits)
    expected = [
        bare(claim if edit.byte in written.refused else changed(claim, edit.changes))
        for claim, edit in zip(claims, edits, strict=True)
    ]
    assert [bare(claim) for claim in read(written.content)] == expected


def test_changes_of_the_model_are_those_of_the_file():
    claim = read(THREE)[0]
    changes = (Change(1, "line", "43214", ""), Change(2, "units", "1", "3"), Change(None, "charge", "300.00", "200.00"))
    made = changed(claim, changes)
    assert [(line.line_no, line.hcpcs, line.units) for line in made.lines] == [(1, "74360", 3), (2, "99213", 1)]
    assert made.total_charge == Decimal(200)
