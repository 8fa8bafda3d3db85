"""Claims checked one by one are remembered like those of a table, and told what the engine would say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from bench.claims837 import Mix, claims_file
from bench.row import claims_of

from cleanclaim.claims.model import Claim
from cleanclaim.claims.table import ClaimTable
from cleanclaim.engine import run
from cleanclaim.engine.alike import one as one_by_one
from cleanclaim.engine.alike import worth
from cleanclaim.engine.alike.keys import Keyed
from cleanclaim.engine.alike.one import OneByOne
from cleanclaim.engine.alike.settle import plain_claims
from cleanclaim.engine.alike.tabular import keys_of
from cleanclaim.engine.gather import gather
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.work import Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import Severity


@pytest.fixture(scope="module")
def claims(book: OpenBook, claims_of_every_kind: list[Claim]) -> list[Claim]:
    """Claims of every kind that the open benchmark has, and some as practices send them."""
    return [*claims_of_every_kind, *claims_of(claims_file(book, 1_500, mix=Mix.EVERYDAY))]


def pairs_up(one: Sequence[int], other: Iterable[int]) -> bool:
    """Two ways of numbering tell the same things apart."""
    both = set(zip(one, other, strict=True))
    return len(both) == len({first for first, _ in both}) == len({second for _, second in both})


def test_a_claim_by_itself_has_the_numbers_that_a_table_gives_it(claims: list[Claim], book: OpenBook) -> None:
    table = ClaimTable.of(claims)
    plain = plain_claims(table)
    keys = keys_of(Keyed(book, all_rules(), None), table.take(plain))
    by_itself = OneByOne(book, all_rules(), None)
    found = [by_itself.numbers(claim) for claim, usable in zip(claims, plain.tolist(), strict=True) if usable]
    unusual = (keys.unusual | keys.changes).tolist()
    assert [numbers is None for numbers in found] == unusual
    told = [(numbers, keys.one(at)) for at, numbers in enumerate(found) if numbers is not None]
    assert len(told) > 1_000
    assert pairs_up([one.billed for one, _ in told], [two.billed for _, two in told])
    assert pairs_up([one.diagnoses for one, _ in told], [two.diagnoses for _, two in told])
    assert pairs_up([at for one, _ in told for at in one.of_lines], [at for _, two in told for at in two.of_lines])
    assert pairs_up(
        [at for one, _ in told for at in one.of_diagnoses], [at for _, two in told for at in two.of_diagnoses]
    )
    assert all(
        (one.day, one.diagnosis_day, one.looks_back) == (two.day, two.diagnosis_day, two.looks_back)
        for one, two in told
    )


def test_claims_of_a_warehouse_are_alike_whatever_their_rows_and_decimals(claims: list[Claim], book: OpenBook) -> None:
    def row(claim: Claim, at: int) -> Claim:
        lines = (
            replace(
                line,
                segment=f"row {at + number}",
                units=line.units and line.units.quantize(Decimal("0.0001")),
                charge=line.charge and line.charge.quantize(Decimal("0.0001")),
            )
            for number, line in enumerate(claim.lines)
        )
        total = claim.total_charge and claim.total_charge.quantize(Decimal("0.0001"))
        return replace(claim, lines=tuple(lines), total_charge=total, segment=f"row {at}")

    some = [claim for claim in claims if claim.file and not claim.envelope_faults][-500:]
    table = ClaimTable.of([*(row(claim, 10) for claim in some), *(row(claim, 700) for claim in some)])
    keys = keys_of(Keyed(book, all_rules(), None), table)
    usual = ~(keys.unusual | keys.changes)[: len(some)]
    assert usual.mean() > 0.9
    assert (keys.billed[: len(some)] == keys.billed[len(some) :]).all()


def test_what_is_remembered_of_single_claims_never_changes_a_report(
    claims: list[Claim], book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembering = OpenBook(book.index, book.store)
    asked: list[Claim] = []
    reports = []

    def counting(claims: Sequence[Claim], *rest: Any) -> Work:
        asked.extend(claims)
        return gather(claims, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(run, "gather", counting)
        patched.setattr(worth, "_TOO_EARLY", len(claims) * 3)  # whatever the clock says, it is not left off
        for again in range(2):
            reports += [
                check_claims((replace(claim, claim_id=f"{claim.claim_id}{again}"),), remembering) for claim in claims
            ]
    assert len(asked) < 1.5 * len(claims)  # the second time few were checked
    monkeypatch.setattr(run, "_FEW", len(reports) + 1)
    plain = OpenBook(book.index, book.store)
    for report, claim in zip(reports, [*claims, *claims], strict=True):
        expected = check_claims((claim,), plain)
        told = tuple(replace(result, claim=claim.claim_id) for result in report.claims)
        assert (told, report.notes, report.totals, report.lines, report.book) == (
            *(expected.claims, expected.notes, expected.totals, expected.lines, expected.book),
        )
        assert [(finding.rule, finding.line, finding.message) for finding in report.findings] == [
            (finding.rule, finding.line, finding.message) for finding in expected.findings
        ]


def test_other_policies_are_not_answered_by_what_was_remembered_before(starter_book: OpenBook) -> None:
    book = OpenBook(starter_book.index, starter_book.store)
    (claim, *_) = claims_of(claims_file(starter_book, 3, mix=Mix.RIGHT))
    for _ in range(20):
        check_claims((claim,), book)
    assert book.kept
    book.use_policies(payer="uhc")
    assert not book.kept
    assert check_claims((claim,), book).claims[0].payer == "uhc"


def test_nothing_is_remembered_where_a_plugin_may_look_at_anything(starter_book: OpenBook) -> None:
    book = OpenBook(starter_book.index, starter_book.store)
    (claim, *_) = claims_of(claims_file(starter_book, 3, mix=Mix.RIGHT))
    rule = all_rules()[0]
    dear = LoadedRule(
        replace(rule.rule, code="XYZ001", severity=Severity.REVIEW, message="dear", tables=(), citations=()),
        lambda line: line.charge_cents > 1_000_000,
        rule.documentation,
        rule.sections,
        origin="somebody 1.0",
    )
    rules = (dear,)
    line = claim.lines[0]
    cheap = replace(claim, lines=(replace(line, charge=Decimal(10)),))
    expensive = replace(claim, lines=(replace(line, charge=Decimal(100_000)),))
    for _ in range(40):
        check_claims((cheap,), book, rules=rules)
    found = check_claims((expensive,), book, rules=rules).findings
    assert [finding.rule for finding in found] == (["XYZ001"] if dear.rule.scope == "line" else [])


def test_what_is_remembered_of_single_claims_is_bounded_whatever_differs_between_them(
    starter_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_by_one, "_MOST_NUMBERS", 60)
    (claim, *_) = claims_of(claims_file(starter_book, 3, mix=Mix.RIGHT))
    one = OneByOne(starter_book, all_rules(), None)
    for at in range(200):
        one.look(replace(claim, payer_id=f"P{at}", payer_name=f"PAYER {at}"))
    assert len(one._kinds.told_payers) < 60


def test_choices_of_rules_given_once_are_not_remembered_for_ever(starter_book: OpenBook) -> None:
    book = OpenBook(starter_book.index, starter_book.store)
    (claim, *_) = claims_of(claims_file(starter_book, 3, mix=Mix.RIGHT))
    for rule in all_rules()[:60]:
        check_claims((claim,), book, rules=(rule,))
    assert len(book.kept) <= run._MOST_MEMORIES + 1


def test_what_another_thread_began_anew_learns_nothing_from_numbers_of_before(starter_book: OpenBook) -> None:
    first, *others = claims_of(claims_file(starter_book, 40, mix=Mix.RIGHT))
    one = OneByOne(starter_book, all_rules(), None)
    numbers, _ = one.look(first)
    assert numbers is not None
    one._forget()
    for other in others:
        one.look(other)
    one.learn(gather([first], starter_book).claims[0], numbers, 0.0)
    assert all(one.look(claim)[1] is None for claim in (first, *others))


class Clock:
    """A clock that goes on by ``step`` seconds whenever it is looked at."""

    def __init__(self, step: float) -> None:
        self.step, self.now = step, 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


CHECKING = 1.0
"""Seconds the engine takes for a claim."""


def looked_at(one: OneByOne, claim: Claim, book: OpenBook, others: Iterable[int]) -> list[bool]:
    """Whether each of some claims, none like another, is looked at."""
    found = []
    for at in others:
        other = replace(claim, payer_id=f"P{at}", payer_name=f"PAYER {at}", rendering_taxonomy=str(at))
        numbers, told = one.look(other)
        assert told is None
        if numbers is not None:
            one.learn(gather([other], book).claims[0], numbers, CHECKING)
        found.append(numbers is not None)
    return found


@pytest.fixture
def judged_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a service, with fewer claims."""
    for name, many in (("_AT_A_TIME", 20), ("_TOO_EARLY", 60), ("_LEFT_OFF", 40)):
        monkeypatch.setattr(worth, name, many)


@pytest.mark.usefixtures("judged_soon")
def test_remembering_that_does_not_pay_is_left_off_and_tried_again(starter_book: OpenBook) -> None:
    (claim, *_) = claims_of(claims_file(starter_book, 3, mix=Mix.RIGHT))
    one = OneByOne(starter_book, all_rules(), None, Clock(0.01))
    tried = looked_at(one, claim, starter_book, range(300))
    first_off = tried.index(False)
    assert 60 <= first_off <= 61
    assert not any(tried[first_off : first_off + 40])
    assert all(tried[first_off + 40 : first_off + 59])
    assert not any(tried[first_off + 60 : first_off + 100])


@pytest.mark.usefixtures("judged_soon")
def test_remembering_is_judged_by_what_it_takes_and_saves_not_by_how_many_are_settled(starter_book: OpenBook) -> None:
    (claim, *_) = claims_of(claims_file(starter_book, 3, mix=Mix.RIGHT))
    for seconds, pays in ((CHECKING / 100, True), (CHECKING * 2, False)):
        one = OneByOne(starter_book, all_rules(), None, Clock(seconds))
        settled = []
        for at in range(100):
            looked_at(one, claim, starter_book, [at] if at % 2 else [])  # every second claim is like no other
            numbers, told = one.look(claim)
            if numbers is not None and told is None:
                one.learn(gather([claim], starter_book).claims[0], numbers, CHECKING)
            settled.append(told is not None)
        assert all(settled[1:]) == pays
        assert settled[1:30] == [True] * 29


@pytest.mark.usefixtures("judged_soon")
def test_claims_are_told_the_same_while_remembering_is_left_off(
    claims: list[Claim], book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = claims[-250:]
    remembering = OpenBook(book.index, book.store)
    monkeypatch.setattr(one_by_one.Worth, "_pays", lambda _: False)
    reports = [check_claims((claim,), remembering) for claim in some]
    monkeypatch.setattr(run, "_FEW", len(some) + 1)
    plain = OpenBook(book.index, book.store)
    assert reports == [check_claims((claim,), plain) for claim in some]
