"""Batch after batch of claims that are much alike is told what the engine says of it, whatever came before."""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from alike import twins
from alike.lane import Lane, differing, patient
from alike.mix import Mixed

from cleanclaim.claims.model import Claim
from cleanclaim.engine import run
from cleanclaim.engine.alike.memory import _DISPUTED
from cleanclaim.engine.run import check_claims
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import all_rules
from cleanclaim.testing.contract import cases_beside
from cleanclaim.testing.inline import book_from, claims_from
from cleanclaim.types import Date, Report

CLAIMS, BATCHES = 400, 3
FAMILIES = frozenset("ADD COV DUP DXV GLO MUE PAY PTP TIM".split())
"""Those that look at more than a line as billed."""


@pytest.fixture(scope="module")
def made_book() -> OpenBook:
    return twins.made_book()


def chosen(seed: int) -> tuple[LoadedRule, ...]:
    """A choice of rules: the fewer there are, the more claims have no finding and are learned of."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    return tuple(loaded for loaded in all_rules() if chance.random() < 0.2)


def some_claims(mixed: Mixed, lane: Lane) -> list[Claim]:
    """Claims without a finding, and a few others."""
    drawn = [mixed.claim() for _ in range(150)]
    quiet = [claim for claim, (_, findings) in zip(drawn, lane.engine(drawn), strict=True) if not findings]
    return [*quiet, *drawn[:5]]


@pytest.mark.parametrize(
    ("name", "seed", "rules", "known_on"),
    [
        ("made_book", 0, all_rules(), None),
        ("made_book", 1, all_rules(), None),
        ("made_book", 2, chosen(2), None),
        ("starter_book", 0, chosen(0), dt.date(2026, 8, 1)),
        ("published_book", 0, all_rules(), None),
        ("published_book", 1, chosen(1), dt.date(2026, 3, 1)),
    ],
)
def test_claims_like_others_are_told_what_the_engine_says(
    name: str, seed: int, rules: Sequence[LoadedRule], known_on: Date | None, request: pytest.FixtureRequest
) -> None:
    book: OpenBook = request.getfixturevalue(name)
    lane = Lane(book, rules, known_on=known_on)
    mixed = Mixed((name, seed))
    bases = some_claims(mixed, lane)
    settled = 0
    for _ in range(BATCHES):
        claims = mixed.batch(CLAIMS, bases)
        assert differing(claims, lane.check(claims), lane.engine(claims)) == []
        settled += len(lane.settled)
    assert settled > CLAIMS * BATCHES / 10
    learned = lane.alike._memory
    assert _DISPUTED not in {*learned._billed.values(), *learned._diagnoses.values()}


def test_claims_one_by_one_are_told_what_the_engine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    book, mixed = twins.made_book(), Mixed("one by one")
    remembering = OpenBook(book.index, book.store)
    remembering.use_policies(book.policies)
    claims = mixed.batch(800, some_claims(mixed, Lane(book)))
    expected = [check_claims((claim,), book, observe=lambda *_: None) for claim in claims]  # told nothing from memory
    as_told, told = run._as_told, 0

    def counted(*given: Any) -> Report:
        nonlocal told
        told += 1
        return as_told(*given)

    monkeypatch.setattr(run, "_as_told", counted)
    assert [check_claims((claim,), remembering) for claim in claims] == expected
    assert told > len(claims) / 5


def cases_of_rules() -> Iterator[tuple[LoadedRule, Mapping[str, Any], list[list[Claim]]]]:
    """Of each rule the book that most of its cases share, and their claims."""
    for loaded in all_rules():
        if loaded.rule.family not in FAMILIES:
            continue
        by_book: dict[str, tuple[Mapping[str, Any], list[list[Claim]]]] = {}
        for case in cases_beside(sys.modules[loaded.check.__module__]):
            facts = case.get("book", {})
            by_book.setdefault(repr(facts), (facts, []))[1].append(claims_from(case))
        yield loaded, *max(by_book.values(), key=lambda of_book: len(of_book[1]))


def renamed(cases: Sequence[Sequence[Claim]], name: str) -> list[Claim]:
    """The claims of cases, each with patients of its own."""
    return [
        replace(claim, claim_id=f"{name} {at}.{place}", patient_key=claim.patient_key and patient((name, at, key)))
        for at, claims in enumerate(cases)
        for place, claim in enumerate(claims)
        for key in (claim.patient_key,)
    ]


def test_the_cases_of_a_rule_are_told_what_the_rule_says_once_each_claim_was_seen_alone() -> None:
    settled = checked = 0
    wrong = []
    for loaded, facts, cases in cases_of_rules():
        lane = Lane(book_from(facts), (loaded,))
        lane.check(renamed([[claim] for claims in cases for claim in claims], "alone"))
        claims = renamed(cases, loaded.rule.code)
        wrong += differing(claims, lane.check(claims), lane.engine(claims))
        settled += len(lane.settled)
        checked += len(claims)
    assert wrong == []
    assert settled > checked / 10
