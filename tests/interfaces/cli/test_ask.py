"""``cleanclaim ask``: what a person reads, and the contract's JSON."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cleanclaim.interfaces.cli.main import app
from support.console import ended

CODED = CliRunner()
DATED = ("--date", "2026-07-01")


def told(*arguments: str) -> str:
    result = CODED.invoke(app, ["ask", *arguments, *DATED])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_word_comes_first_then_the_sentence_then_the_day_and_the_source() -> None:
    lines = told("Is imaging included in 62323?").splitlines()
    assert lines[0] == "Yes."
    assert lines[1].startswith("Imaging guidance is included: it is not billed beside 62323.")
    assert "For services on 2026-07-01." in lines
    assert lines[lines.index("For services on 2026-07-01.") + 1].startswith("  imaging-guidance")


def test_a_question_may_be_typed_without_quotes() -> None:
    assert told("is", "77003", "an", "add-on") == told("is 77003 an add-on")


def test_an_amount_is_told_in_dollars_and_given_plainly_in_json() -> None:
    assert told("what does 99213 pay at pos 22").startswith("$")
    made = json.loads(told("what does 99213 pay at pos 22", "--format", "json"))
    assert "$" not in made["answer"]


def test_a_meaning_is_not_said_twice() -> None:
    assert told("what is 62323").startswith("62323: ")


def test_the_json_is_the_contracts() -> None:
    made = json.loads(told("can u bill 62323 with 77003, and is 77003 an add on?", "--format", "json"))
    assert made["schema"] == "cleanclaim.answer/1"
    assert made["state"] == "answered"
    assert made["understood"] == {"intent": "billed_together", "codes": ["62323", "77003"]}
    assert made["answer"] == "only if distinct"
    assert made["unanswered"] == ["is 77003 an add on"]
    assert {"source", "release", "locator", "valid_from", "valid_to", "text"} == set(made["citations"][0])


def test_what_is_not_understood_is_said_with_what_was() -> None:
    lines = told("does 62323 hurt").splitlines()
    assert lines[0] == "Not understood."
    assert lines[1].startswith("Understood was 62323, but not what is asked of it.")
    made = json.loads(told("does 62323 hurt", "--format", "json"))
    assert (made["state"], made["understood"]) == ("not_understood", {"intent": None, "codes": ["62323"]})


@pytest.mark.parametrize("question", ["", "  "])
def test_an_empty_question_is_an_unusable_call(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("ask", question, *DATED) == 2
    assert "The question is empty" in capsys.readouterr().err
