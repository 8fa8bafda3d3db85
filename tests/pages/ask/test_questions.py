"""Questions as they are typed, each with what is to be understood and answered (``questions.yaml``)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pages.ask import Answer, AnswerState, Intent, ask

DAY = dt.date(2026, 7, 1)
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"))
BOOKS = {"starter": "starter_book", "published": "published_book", "prices": "prices_book"}
NAMES = ("codes", "modifiers", "diagnoses", "denials", "unlisted")
TEXTS = {"payer": "payer", "zip": "zip_code", "pos": "pos"}


def understood(answer: Answer) -> dict[str, Any]:
    """What was understood, as ``questions.yaml`` writes it; the modifiers in no order."""
    read = answer.understood
    return {
        "intent": None if read.intent is None else str(read.intent),
        **{name: list(getattr(read, name)) for name in NAMES if name != "modifiers"},
        "modifiers": sorted(read.modifiers),
        **{name: getattr(read, field) for name, field in TEXTS.items()},
        "date": "" if read.date is None else read.date.isoformat(),
    }


def expected(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "intent": case["intent"],
        **{name: case.get(name, []) for name in NAMES if name != "modifiers"},
        "modifiers": sorted(case.get("modifiers", [])),
        **{name: case.get(name, "") for name in TEXTS},
        "date": case.get("date", ""),
    }


def allowed_states(case: dict[str, Any]) -> set[str]:
    """The states a case may have; one without an expected answer is settled only where the data are loaded."""
    state = case.get("state", "answered")
    if state == "any" or (state == "answered" and "answer" not in case):
        return {"answered", "no_data"}
    return {state}


def params() -> list[Any]:
    marked = []
    for case in CASES:
        book = case.get("book", "starter")
        marks = () if book == "starter" else (pytest.mark.published,)
        marked.append(pytest.param(case, BOOKS[book], id=case["q"][:60], marks=marks))
    return marked


@pytest.mark.parametrize(("case", "book"), params())
def test_a_question_as_typed_is_understood_and_answered_rightly(
    case: dict[str, Any], book: str, request: pytest.FixtureRequest
) -> None:
    opened: OpenBook = request.getfixturevalue(book)
    answer = ask(opened, case["q"], DAY)
    assert understood(answer) == expected(case)
    assert str(answer.state) in allowed_states(case)
    if "answer" in case:
        assert answer.answer == case["answer"]
    assert ("was not answered" in answer.text) == case.get("rest", False)
    assert bool(answer.citations) or answer.state is not AnswerState.ANSWERED


@pytest.mark.parametrize("intent", list(Intent))
def test_every_kind_of_question_has_cases(intent: Intent) -> None:
    assert sum(case["intent"] == intent for case in CASES) >= 6


def test_more_than_half_of_the_questions_were_written_before_the_code_was_read() -> None:
    assert len(CASES) >= 300
    assert sum(case.get("blind", False) for case in CASES) * 2 > len(CASES)


def test_no_question_stands_twice() -> None:
    assert len({case["q"] for case in CASES}) == len(CASES)
