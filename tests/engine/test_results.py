"""Results of many claims kept together: nothing is lost in them, whatever they have in common and wherever they are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.claims import spill
from cleanclaim.engine.stream import results as module
from cleanclaim.engine.stream.found import Checked, Found, Part
from cleanclaim.engine.stream.joined import results_on_disk
from cleanclaim.engine.stream.results import Results, blocks_of, said_by, template_of
from cleanclaim.engine.stream.tally import Tally
from cleanclaim.errors import InputError
from cleanclaim.types import ClaimResult, NotChecked, Report, StaleUse, Verdict

GAPS = [NotChecked(1, "MUE", "no release covers 0042T"), NotChecked(None, "DXV", "the claim has no date")]
STALE = [StaleUse("pos", "undated", None), StaleUse("ncci-aoc", "2024Q2", dt.date(2024, 6, 30))]
MONEY = st.sampled_from([Decimal(0), Decimal("0.00"), Decimal("99.9"), Decimal("1029.06")])
RESULTS = st.builds(
    ClaimResult,
    st.sampled_from(["A-1", "A-2", "", "Ä\ud800"]),
    st.sampled_from(["a.837", "b.csv", ""]),
    st.sampled_from(Verdict),
    st.lists(st.sampled_from(GAPS), max_size=2).map(tuple),
    st.lists(st.sampled_from(STALE), max_size=2).map(tuple),
    MONEY,
    st.sampled_from(["", "00123"]),
    st.none() | MONEY,
    st.integers(0, 1),
)
PLACED = st.lists(st.tuples(st.integers(0, 60), RESULTS), max_size=40, unique_by=lambda placed: placed[0])


def unpacked(content: bytes) -> ClaimResult:
    return template_of(spill.unpacked(content, Path("found-00000")))


def in_order(placed: list[tuple[int, ClaimResult]]) -> list[ClaimResult]:
    return [result for _, result in sorted(placed, key=lambda entry: entry[0])]


@given(PLACED)
def test_every_result_is_given_back(placed):
    made = Results.of(placed)
    assert list(made) == [result for _, result in placed]
    assert len(made) == len(placed)
    assert list(made.places) == [place for place, _ in placed]


@given(PLACED)
def test_results_that_say_the_same_are_one_template_that_names_no_claim_and_no_dollars(placed):
    made = Results.of(placed)
    assert len(set(made.templates)) == len(made.templates)
    assert {(template.claim, template.file) for template in made.templates} <= {("", "")}
    assert set(made.of_template) == set(range(len(made.templates)))
    assert len(set(made.stakes)) == len(made.stakes)
    assert set(made.of_stakes) == set(range(len(made.stakes)))


@given(st.lists(PLACED, max_size=3), st.integers(1, 20))
def test_parts_made_plain_and_read_together_are_all_results_in_the_order_of_the_input(parts, size):
    parts = [[(place * 3 + number, result) for place, result in part] for number, part in enumerate(parts)]
    stretches: dict[int, list[module.Plain]] = {}
    for part in parts:
        for stretch, plain in Results.of(part).in_stretches(size, spill.packed):
            stretches.setdefault(stretch, []).append(plain)
    read = [Results.of_plain(stretches[stretch], unpacked) for stretch in sorted(stretches)]
    assert [result for block in read for result in block] == in_order([entry for part in parts for entry in part])
    assert [{place // size for place in block.places} for block in read] == [{stretch} for stretch in sorted(stretches)]


@given(PLACED)
def test_a_plain_form_has_only_what_its_stretch_needs(placed):
    for _, (places, (content, lengths), *each_once) in Results.of(placed).in_stretches(10, spill.packed):
        claims = len(places) // 8
        assert len(content) == sum(np.frombuffer(lengths, np.int32).tolist())
        assert len(lengths) == 4 * claims
        for entries, of_claims in each_once:
            assert set(np.frombuffer(of_claims, np.int32).tolist()) == set(range(len(entries)))
            assert len(of_claims) == 4 * claims


@given(RESULTS)
def test_a_template_says_of_any_claim_what_the_result_says(result):
    made = Results()
    assert made.says(*made.template(result), claim=result.claim, file=result.file) == result
    assert made.templates == [template_of(said_by(result))]


def test_a_plain_form_is_read_from_a_frame(tmp_path):
    made = Results.of(
        enumerate([ClaimResult("A-1", "a.837", Verdict.CLEAN), ClaimResult("A-2", "a.837", Verdict.STALE)])
    )
    [(_, plain)] = made.in_stretches(10, spill.packed)
    spill.write(tmp_path / "frames", [spill.frame(0, [(0, plain)])])
    [(_, read)] = spill.read(tmp_path / "frames")
    assert list(Results.of_plain([read], unpacked)) == list(made)


def test_claims_are_added_by_the_number_of_their_template():
    made = Results()
    quiet = made.template(ClaimResult("", "", Verdict.CLEAN))
    assert made.template(ClaimResult("A-1", "a.837", Verdict.CLEAN)) == quiet
    made.add(7, "A-7", "a.837", quiet)
    assert list(made) == [ClaimResult("A-7", "a.837", Verdict.CLEAN)]


@pytest.mark.parametrize(
    "damage",
    [
        (0, b""),
        (1, (b"A-1", b"\0" * 4)),
        (1, (b"A-1", b"")),
        (1, (b"\xff", b"\1\0\0\0")),
        (2, ([], b"\0" * 4)),
        (2, (["a.837"], b"\0" * 8)),
        (3, ([], b"\0" * 4)),
        (3, ([b"no record"], b"\0")),
        (4, ([], b"\0" * 4)),
        (4, ([("a", "0", 0)], b"\0" * 4)),
        (4, ([("0", "0", 0)], b"")),
    ],
)
def test_what_is_no_plain_form_is_refused(damage):
    at, value = damage
    [(_, plain)] = Results.of(enumerate([ClaimResult("A-1", "a.837", Verdict.CLEAN)])).in_stretches(10, spill.packed)
    with pytest.raises(module.NO_PLAIN_FORM):
        Results.of_plain([(*plain[:at], value, *plain[at + 1 :])], unpacked)


@pytest.mark.parametrize(
    "record", [([],) * 5, (b"", (b"", b""), ([], b""), ([b"no record"], b""), ([], b"")), (b"", [])]
)
def test_a_frame_of_something_else_is_told_as_damage(tmp_path, record):
    part = Part(0, 1, ())
    spill.write(part.found(tmp_path), [spill.frame(Found.RESULT, [(0, record)])])
    with pytest.raises(InputError, match="damaged"):
        list(results_on_disk(1, tmp_path, [(part, Checked(Tally(), (0, 0, 0, 0)))]))


def test_lengths_below_nothing_are_refused():
    results = [ClaimResult(f"A-{number}", "a.837", Verdict.CLEAN) for number in range(2)]
    [(_, (places, (content, _), *others))] = Results.of(enumerate(results)).in_stretches(10, spill.packed)
    lengths = np.array([7, -1], np.int32).tobytes()
    with pytest.raises(ValueError, match="not so long"):
        Results.of_plain([(places, (content, lengths), *others)], unpacked)


def test_a_report_in_memory_is_gone_through_block_by_block(monkeypatch):
    monkeypatch.setattr(module, "CLAIMS_OF_A_BLOCK", 2)
    claims = tuple(ClaimResult(f"A-{number}", "a.837", Verdict.CLEAN) for number in range(5))
    report = Report(book=(), claims=claims, findings=(), rejects=(), lines=5)
    blocks = list(blocks_of(report))
    assert [len(block) for block in blocks] == [2, 2, 1]
    assert tuple(result for block in blocks for result in block) == claims
    assert list(blocks_of(Report(book=(), claims=(), findings=(), rejects=(), lines=0))) == []
