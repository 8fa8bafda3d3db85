"""What the engine remembers between lines, days and calls never changes what it says."""

from __future__ import annotations

import datetime as dt
import gc
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, fields, replace
from typing import Any

import pytest
from bench.claims837 import claims_file
from bench.row import claims_of

from cleanclaim.claims.model import Claim
from cleanclaim.engine import pairs
from cleanclaim.engine.asking import (
    MEASURED,
    MEASURED_OF_CLAIM,
    MEASURED_OF_DIAGNOSIS,
    Asking,
    AskingOfPair,
    AskingOfRecord,
)
from cleanclaim.engine.denied import Denials
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.gather import gather
from cleanclaim.engine.line_facts import SHARED, copier
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.work import LineWork, Work
from cleanclaim.index import lookup
from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.rules.facts import ClaimFacts, DiagnosisFacts, LineFacts
from cleanclaim.rules.model import Rule
from cleanclaim.rules.registry import all_rules, select_rules
from cleanclaim.testing import claim_from
from cleanclaim.types import Setting

CODES = ("62323", "77003", "43214", "74360", "99213", "20610", "36415", "45378", "45380", "77067", "J1885", "0001F")


@pytest.fixture(scope="module")
def claims(book: OpenBook, claims_of_every_kind: list[Claim]) -> list[Claim]:
    """Claims of every kind that the open benchmark has, and some of many lines a day."""
    return [*claims_of_every_kind, *claims_of(claims_file(book, 60, lines=(1, 3, 30)))]


def lines_of(claims: Sequence[Claim], book: OpenBook) -> Iterator[LineWork]:
    for work in gather(claims, book).claims:
        yield from work.lines


def test_rules_left_out_because_they_cannot_fire_would_not_have_fired(
    claims: list[Claim], book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered = [check_claims(claims, book) for _ in range(4)]
    for asking in (Asking, AskingOfRecord, AskingOfPair):
        monkeypatch.setattr(asking, "of", lambda self, _: self.rules)
    every = check_claims(claims, book)
    assert all(report == every for report in remembered)


def test_rules_are_left_out_at_all(claims: list[Claim], book: OpenBook) -> None:
    rules = _rules_of("line")
    asking, lines = Asking(rules), list(lines_of(claims, book))
    for _ in range(3):
        for line in lines:
            asking.of(line)
    assert sum(len(asking.of(line)) for line in lines) < len(lines) * len(rules) / 3


def test_rules_of_diagnoses_claims_and_pairs_are_left_out_too(claims: list[Claim], book: OpenBook) -> None:
    work = gather(claims, book)
    diagnoses = [dx.facts for claim in work.claims for dx in claim.diagnoses]
    of_diagnoses = AskingOfRecord(_rules_of("diagnosis"), DiagnosisFacts, MEASURED_OF_DIAGNOSIS)
    of_claims = AskingOfRecord(_rules_of("claim"), ClaimFacts, MEASURED_OF_CLAIM)
    of_pairs = AskingOfPair(_rules_of("pair"))
    asked: tuple[tuple[Any, Sequence[Any]], ...] = (
        (of_diagnoses, diagnoses),
        (of_claims, [claim.facts for claim in work.claims]),
        (of_pairs, work.pairs),
    )
    for asking, records in asked:
        for _ in range(3):
            left = [len(asking.of(record)) for record in records]
        assert sum(left) < len(records) * len(asking.rules) / 1.5, type(asking)


def test_what_is_measured_of_diagnoses_and_claims_are_facts_of_theirs() -> None:
    assert {fact.name for fact in fields(DiagnosisFacts)} > MEASURED_OF_DIAGNOSIS
    assert {fact.name for fact in fields(ClaimFacts)} > MEASURED_OF_CLAIM


def _rules_of(scope: str) -> list[tuple[Rule, Callable[..., bool]]]:
    return [(loaded.rule, loaded.check) for loaded in all_rules() if loaded.rule.scope == scope]


def test_only_claims_told_something_new_need_be_asked_again(
    claims: list[Claim], book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that look at findings: asked of every claim after each round they say the same."""
    report = check_claims(claims, book)
    tell = Denials.tell

    def tell_all(self: Denials, hits: Sequence[Hit]) -> set[int]:
        tell(self, hits)
        return {claim.number for claim in self._work.claims}

    monkeypatch.setattr(Denials, "tell", tell_all)
    assert report == check_claims(claims, book)


def test_a_memory_that_is_always_full_changes_nothing(
    claims: list[Claim], book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = check_claims(claims, book)
    monkeypatch.setattr(lookup, "_MOST_KEPT", 2)
    assert report == check_claims(claims, OpenBook(book.index, book.store))


def test_facts_of_lines_billed_alike_are_not_changed_afterwards(claims: list[Claim], book: OpenBook) -> None:
    for line in lines_of(claims, book):
        for name in SHARED:
            assert getattr(line.facts, name) == getattr(line.billed.facts, name), name


def test_every_fact_is_shared_measured_or_a_state() -> None:
    names = {fact.name for fact in fields(LineFacts)}
    assert names >= SHARED | MEASURED
    assert not SHARED & MEASURED


def test_a_copy_of_facts_has_every_fact() -> None:
    facts = LineFacts(units=3.0, modifiers=b"\x01", repeated_modifier=True)
    copied = copier()(facts)
    assert copied is not facts
    for fact in fields(LineFacts):
        assert getattr(copied, fact.name) == getattr(facts, fact.name)


def test_one_claim_is_answered_as_in_a_batch(claims: list[Claim], book: OpenBook) -> None:
    """Claims of patients of their own: what was asked for others changes nothing."""
    alone = [replace(claim, patient_key=f"P{number}") for number, claim in enumerate(claims[:150])]
    together = check_claims(alone, book)
    singly = [check_claims((claim,), book) for claim in alone]
    assert together.claims == tuple(report.claims[0] for report in singly)
    assert together.findings == tuple(finding for report in singly for finding in report.findings)


def test_a_choice_of_rules_given_again_is_answered_the_same(claims: list[Claim], book: OpenBook) -> None:
    for chosen in (["PTP"], ["MUE", "MOD"], ["PTP"]):
        rules = select_rules(chosen)
        assert check_claims(claims, book, rules=rules) == check_claims(claims, book, rules=rules)


def test_days_of_one_period_answer_alike(book: OpenBook) -> None:
    """The book's memory is shared by days between which nothing in it changes."""
    chance = random.Random(4)  # noqa: S311 - a seed for tests
    first = dt.date(2019, 1, 1)
    for _ in range(150):
        day = first + dt.timedelta(days=chance.randrange(2900))
        shared = book.as_of(day)
        fresh = DayBook(book.index, day, None)
        one, two = chance.choice(CODES), chance.choice(CODES)
        assert _told(shared, one, two) == _told(fresh, one, two), (day, one, two)


def _told(day: DayBook, one: str, two: str) -> list[Any]:
    answers: list[Any] = [
        day.ptp(Setting.PRACTITIONER, one, two),
        day.mue(Setting.PRACTITIONER, one),
        day.add_on(one),
        day.fee_schedule(one),
        day.hcpcs("J1885"),
        day.hcpcs("XS"),
        day.imaging(one),
        day.icd10cm("I10"),
        day.icd10cm_notes("I10"),
        day.place_of_service("11"),
        day.taxonomy("207Q00000X"),
        day.carc("97"),
    ]
    return answers


def test_a_period_ends_with_a_quarter_and_where_an_edit_begins_or_ends(starter_book: OpenBook) -> None:
    def period(*day: int) -> object:
        return starter_book.as_of(dt.date(*day)).period

    assert period(2026, 7, 1) is period(2026, 7, 2)
    assert period(2026, 6, 30) is not period(2026, 7, 1)
    turn = dt.date.fromordinal(next(iter(starter_book.index.turns)))
    assert starter_book.as_of(turn).period is not starter_book.as_of(turn - dt.timedelta(days=1)).period


def test_days_of_many_lines_are_answered_as_days_of_few(book: OpenBook, monkeypatch: pytest.MonkeyPatch) -> None:
    content = claims_file(book, 12, lines=(40,))
    many = claims_of(content)
    assert max(len(claim.lines) for claim in many) > pairs._MANY
    by_code = check_claims(many, book)
    monkeypatch.setattr(pairs, "_MANY", 10**6)
    assert by_code == check_claims(many, book)


@pytest.mark.parametrize("setting", ["practitioner", "outpatient"])
def test_codes_no_release_speaks_for_are_missed_on_days_of_many_lines_too(
    starter_book: OpenBook, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = {"claim_type": "institutional", "bill_type": "13"} if setting == "outpatient" else {}
    codes = [*CODES, "11111", "22222", "33333", "Q9999"]
    given = {"lines": [{"hcpcs": code, "service_date": dt.date(2026, 7, 15)} for code in codes], **kind}
    claim = claim_from(given)
    by_code = check_claims([claim], starter_book)
    monkeypatch.setattr(pairs, "_MANY", 10**6)
    assert by_code == check_claims([claim], starter_book)
    assert any(gap.what == "PTP" for gap in by_code.claims[0].not_checked)


@pytest.mark.parametrize("setting", ["practitioner", "outpatient"])
def test_long_days_of_several_claims_are_told_what_a_look_at_every_two_lines_tells(
    starter_book: OpenBook, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pairs found, the answer told of each line, and why it is unchecked: whatever releases speak for its codes."""
    kind = {"claim_type": "institutional", "bill_type": "13"} if setting == "outpatient" else {}
    chance = random.Random(7)  # noqa: S311 - a seed for tests
    days = [dt.date(2026, 7, 15), dt.date(2027, 3, 1), dt.date(2012, 2, 1)]
    codes = [*CODES, "11111", "22222", "Q9999", "0001F", "0002F", "3044F", "80053", "82947", "A4206"]
    untold = 0
    for _ in range(25):
        day, drawn = chance.choice(days), chance.sample(codes, chance.choice([2, 6, len(codes)]))
        claims = [
            claim_from(
                {
                    "claim_id": f"C{number}",
                    "patient_key": "one patient",
                    "lines": [
                        {"hcpcs": chance.choice(drawn), "service_date": day, "modifiers": chance.choice([[], ["59"]])}
                        for _ in range(chance.choice([5, 20]))
                    ],
                    **kind,
                }
            )
            for number in range(3)
        ]
        with monkeypatch.context() as as_few:
            as_few.setattr(pairs, "_MANY", 10**6)
            by_two = _told_of_pairs(gather(claims, starter_book))
        assert _told_of_pairs(gather(claims, starter_book)) == by_two
        untold += any("ptp" in missing for _, missing in by_two[1])
    assert 3 < untold < 25


def _told_of_pairs(work: Work) -> tuple[list[Any], list[Any]]:
    found = [(pair.one.place(), pair.two.place(), astuple(pair.facts), pair.answer) for pair in work.pairs]
    return found, [(line.answers.get("ptp"), line.missing) for claim in work.claims for line in claim.lines]


def test_a_book_that_was_asked_much_still_remembers_what_it_is_asked_now(
    starter_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "_MEMO_LIMIT", 5)
    monkeypatch.setattr(lookup, "_MOST_PAIRS", 5)
    day, fresh = OpenBook(starter_book.index).as_of(dt.date(2026, 7, 15)), starter_book.as_of(dt.date(2026, 7, 15))
    for one in CODES:
        assert day.mue(Setting.PRACTITIONER, one) == fresh.mue(Setting.PRACTITIONER, one)
        assert day.mue(Setting.PRACTITIONER, one) is day.mue(Setting.PRACTITIONER, one)
        of_two = day.ptp_of_two(Setting.PRACTITIONER, one, "99999")
        assert of_two is day.ptp_of_two(Setting.PRACTITIONER, one, "99999")
        assert len(day.period.answers) <= 5
        assert len(day.period.pairs) <= 5


def test_nothing_of_a_batch_waits_for_the_collector(claims: list[Claim], book: OpenBook) -> None:
    check_claims(claims, book)
    gc.collect()
    gc.disable()
    try:
        check_claims(claims, book)
        left = gc.collect()
    finally:
        gc.enable()
    assert left < len(claims)


def test_collection_is_on_again_after_a_check_that_failed(starter_book: OpenBook) -> None:
    with pytest.raises(AttributeError):
        check_claims([object()], starter_book)  # type: ignore[list-item]
    assert gc.isenabled()
