"""What holds of every answer, whatever is asked."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.errors import InputError
from cleanclaim.index.lookup import OpenBook
from cleanclaim.pages.ask import LONGEST, Answer, AnswerState, Intent, ask
from cleanclaim.render import answer_text

DAY = dt.date(2026, 7, 1)
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"))
WORDS = sorted({word for case in CASES for word in case["q"].split()})
NO_ANSWER = ("not_understood", "no_data")


def asked(book: OpenBook, question: str) -> Answer:
    return ask(book, question, DAY)


def holds(answer: Answer) -> None:
    """An answer has a word and a source; what has neither says so."""
    if answer.state is AnswerState.ANSWERED:
        assert answer.answer
        assert answer.citations
    else:
        assert str(answer.state) in NO_ANSWER
    if answer.state is AnswerState.NOT_UNDERSTOOD:
        assert answer.citations == ()
    assert answer.text
    assert json.loads(json.dumps(answer_text.as_json(answer)))["state"] == str(answer.state)
    assert all(len(line) <= 110 for line in answer_text.text(answer).splitlines() if " " in line.strip())


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_text_has_an_answer_or_is_refused_in_words(starter_book: OpenBook, text: str) -> None:
    try:
        answer = asked(starter_book, text)
    except InputError:
        assert not text.split()
        return
    holds(answer)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14))
@settings(max_examples=100)
def test_the_words_of_questions_in_any_order_have_a_cited_answer_or_none(
    starter_book: OpenBook, words: list[str]
) -> None:
    holds(asked(starter_book, " ".join(words)))


@given(st.sampled_from([case["q"] for case in CASES if case.get("book") is None]), st.data())
@settings(max_examples=100)
def test_capitals_and_blanks_change_no_answer(starter_book: OpenBook, question: str, data: st.DataObject) -> None:
    spaced = question.replace(" ", data.draw(st.sampled_from(["  ", "\t", "\u00a0", "\n"])))
    assert asked(starter_book, spaced) == asked(starter_book, question)


def test_the_same_question_has_the_same_answer_in_another_process() -> None:
    questions = [case["q"] for case in CASES[::17]]
    program = (
        "import datetime as dt, json, sys\n"
        "from pathlib import Path\n"
        "from cleanclaim.index.lookup import OpenBook\n"
        "from cleanclaim.pages.ask import ask\n"
        "from cleanclaim.render import answer_text\n"
        "book = OpenBook.open(Path(sys.argv[1]), with_starter=True)\n"
        "for question in json.loads(sys.argv[2]):\n"
        "    print(json.dumps(answer_text.as_json(ask(book, question, dt.date(2026, 7, 1)))))\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program, "no-such-folder", json.dumps(questions)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "4711")
    ]
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == len(questions)


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_refused(starter_book: OpenBook, question: str) -> None:
    with pytest.raises(InputError, match="empty"):
        asked(starter_book, question)


def test_a_question_too_long_is_refused_with_its_length(starter_book: OpenBook) -> None:
    with pytest.raises(InputError, match="at most 2,000"):
        asked(starter_book, "x" * (LONGEST + 1))


# --- where yes and no would mislead


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Is imaging included in 62323?", "yes"),
        ("Isn't imaging included in 62323?", "included"),
        ("May fluoroscopy be billed separately with 62323?", "not separately: it is included"),
        ("May fluoroscopy be charged for on top of 43249?", "separately"),
        ("May 43235 and 43239 be billed together?", "no"),
        ("Are 43235 and 43239 bundled?", "bundled"),
        ("Is K22.1 billable?", "no"),
        ("Is K22.1 not billable?", "not billable"),
        ("Does K22.1 need another character?", "not billable"),
        ("Is 64484 an add-on code?", "yes"),
        ("Can 64484 be billed alone?", "an add-on"),
        ("Does modifier 50 apply to 20610?", "yes"),
        ("Does 20610 need modifier 50?", "applies"),
        ("Can't I use modifier 50 on 62323?", "does not apply"),
        ("Is 8 units of 97110 too many?", "over the limit"),
        ("May 2 units of 97110 be billed?", "within the limit"),
        ("Does Medicare not pay 4324F?", "not paid"),
    ],
)
def test_a_question_put_the_other_way_round_is_answered_in_the_words_of_the_fact(
    starter_book: OpenBook, question: str, answer: str
) -> None:
    assert asked(starter_book, question).answer == answer


def test_a_modifier_that_is_asked_for_is_not_taken_as_given(starter_book: OpenBook) -> None:
    for question in ("does 62323 need modifier 59 with 77003", "can I use 59 to bill 77003 with 62323"):
        answer = asked(starter_book, question)
        assert answer.answer == "only if distinct"
        assert "59 on 77003 would bypass the edit with 62323, if the record shows" in answer.text
    assert asked(starter_book, "62323 with 77003-59?").answer == "yes, with the modifiers given"
    assert asked(starter_book, "43214 with 74360-59?").answer == "no"


def test_what_is_missing_from_a_question_is_named(starter_book: OpenBook) -> None:
    answer = asked(starter_book, "does modifier 50 apply?")
    assert answer.state is AnswerState.NOT_UNDERSTOOD
    assert answer.understood.intent is Intent.MODIFIER_APPLIES
    assert "whether a modifier applies, but the question lacks a procedure code. Named was 50." in answer.text


def test_a_code_on_no_list_is_told_and_nothing_is_said_of_the_others(starter_book: OpenBook) -> None:
    answer = asked(starter_book, "can i bill 99999 with 20610")
    assert answer.state is AnswerState.NO_DATA
    assert "99999 is on no loaded list" in answer.text
    assert answer.citations == ()


def test_of_two_questions_the_first_is_answered_and_the_other_named(starter_book: OpenBook) -> None:
    answer = asked(starter_book, "Is 77003 an add-on? And what does it pay in 75201?")
    assert (answer.understood.intent, answer.answer) == (Intent.ADD_ON, "yes")
    assert answer.unanswered == ("And what does it pay in 75201",)
    assert 'The rest of the question was not answered ("And what does it pay in 75201")' in answer.text


def test_no_change_is_told_only_where_two_releases_are_loaded(starter_book: OpenBook) -> None:
    answer = asked(starter_book, "did the rvus of 20610 change?")
    assert answer.state is AnswerState.NO_DATA
    assert "fewer than two releases" in answer.text


def test_a_hard_hyphen_joins_a_modifier_to_its_code(starter_book: OpenBook) -> None:
    assert asked(starter_book, "62323 with 77003\u201159?") == asked(starter_book, "62323 with 77003-59?")


def test_of_several_codes_the_one_that_bears_the_modifier_is_asked_of(starter_book: OpenBook) -> None:
    answer = asked(starter_book, "64484 inpatient 62323-50")
    assert answer.understood.intent is Intent.MODIFIER_APPLIES
    assert answer.text.startswith("50 on 62323 does not apply")


@pytest.mark.parametrize(
    ("question", "answer", "source"),
    [
        ("what does 20552-26 pay", "no national price", "mpfs-rvu"),
        ("what does 74360-26-TC pay", "no national price", "mpfs-rvu"),
        ("how many units of 4324F?", "not applicable", "mpfs-rvu"),
        ("what are the global days of 76942?", "not applicable", "mpfs-rvu"),
        ("is 93000 an add-on code?", "no", "ncci-aoc"),
        ("is 45385 an add-on on 11/15/2025?", "no", "ncci-aoc"),
        ("is 99214 an add-on to 99215?", "no", "ncci-aoc"),
    ],
)
def test_what_a_code_is_not_cites_where_that_can_be_read(
    starter_book: OpenBook, question: str, answer: str, source: str
) -> None:
    made = asked(starter_book, question)
    holds(made)
    assert (made.state, made.answer) == (AnswerState.ANSWERED, answer)
    assert {found.source for found in made.citations} == {source}


def test_a_denial_is_explained_only_by_a_loaded_list(starter_book: OpenBook) -> None:
    answer = asked(starter_book, "what does CARC 97 mean?")
    assert answer.state is AnswerState.NO_DATA
    assert "load the CARC and RARC lists" in answer.text


def test_of_several_codes_without_an_edit_every_pair_is_told_of(starter_book: OpenBook) -> None:
    plain = asked(starter_book, "43239 with 74360 and 20611 same day?")
    assert plain.answer == "no edit stands against it"
    assert plain.text.endswith("Nor has it one between any other two of 43239, 74360, 20611.")
