"""What the numbers of a claim tell less closely than the claim says is looked at no closer by any rule."""

from __future__ import annotations

import ast
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import cleanclaim.engine
from cleanclaim.engine.alike.days import OF_GATHERING, days_named, turns_of
from cleanclaim.engine.alike.numbered import MOST_TOLD
from cleanclaim.engine.alike.persons import Persons
from cleanclaim.engine.alike.reading import names_read, numbers_named
from cleanclaim.engine.line_facts import SHARED
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.code_groups import code_kind, code_number
from cleanclaim.rules.facts import ClaimFacts, DiagnosisFacts, EditFacts, LineFacts
from cleanclaim.rules.model import LoadedRule, Scope
from cleanclaim.rules.modifiers import modifier_flags
from cleanclaim.rules.registry import all_rules

ENGINE = Path(cleanclaim.engine.__file__).parent
GATHERING = [path for path in ENGINE.glob("*.py") if path.name not in {"money.py", "price.py", "history_files.py"}]
RECORDS: dict[Scope, type] = {Scope.LINE: LineFacts, Scope.DIAGNOSIS: DiagnosisFacts, Scope.CLAIM: ClaimFacts}


def read_by(loaded: LoadedRule) -> set[str]:
    """The facts that a rule reaches for."""
    records = (LineFacts, EditFacts) if loaded.rule.scope is Scope.PAIR else (RECORDS[loaded.rule.scope],)
    return {fact.name for record in records for fact in fields(record)} & names_read(loaded.check)


def reading(*facts: str) -> list[LoadedRule]:
    """The rules of lines that read some facts."""
    return [loaded for loaded in all_rules() if loaded.rule.scope is Scope.LINE and read_by(loaded) & set(facts)]


def records(seed: int) -> Iterator[LineFacts]:
    """Lines of which many facts are drawn at random."""
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    for _ in range(400):
        facts = LineFacts(modifiers=modifier_flags(()))
        for fact in fields(LineFacts):
            default: Any = getattr(facts, fact.name)
            if isinstance(default, bool):
                setattr(facts, fact.name, rng.random() < 0.5)
            elif isinstance(default, int) and fact.name not in {"code_number", "modifiers"}:
                setattr(facts, fact.name, rng.choice((default, 0, 1, 2, 3, 9, ord("B"), ord("N"), ord("A"))))
        yield facts


def test_no_rule_tells_charges_above_a_cent_apart() -> None:
    rules = reading("charge_cents")
    assert len(rules) > 10
    answers = set()
    for facts in records(1):
        for loaded in rules:
            told = set()
            for cents in (MOST_TOLD, MOST_TOLD + 1, 100, 12_345, 10**9):
                facts.charge_cents = cents
                told.add(loaded.check(facts))
            assert len(told) == 1, loaded.rule.code
            answers |= told
    assert answers == {True, False}


def test_every_day_that_gathering_names_is_a_turn(starter_book: OpenBook) -> None:
    found = {}
    for path in GATHERING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Date", "dt.date", "date"}:
                parts = [part.value for part in node.args if isinstance(part, ast.Constant)]
                if len(parts) == 3:
                    found[dt.date(*parts)] = path.name
    assert len(found) > 2
    assert set(found) == set(OF_GATHERING), found
    turns = set(turns_of(starter_book, all_rules()))
    assert all({day.toordinal(), day.toordinal() + 1} <= turns for day in found)


def test_every_day_that_a_rule_compares_with_is_a_turn(starter_book: OpenBook) -> None:
    turns = set(turns_of(starter_book, all_rules()))
    named = {day for loaded in all_rules() for day in days_named(loaded.check)}
    assert dt.date(2015, 10, 1).toordinal() in named
    assert {later for day in named for later in (day, day + 1)} <= turns


@pytest.mark.parametrize(
    "loaded", [loaded for loaded in all_rules() if loaded.rule.scope in RECORDS], ids=lambda loaded: loaded.rule.code
)
def test_what_a_rule_reads_can_be_told_from_its_code(loaded: LoadedRule) -> None:
    """A rule asked with a record that lacks what it is not seen to read never misses it."""
    record, read = RECORDS[loaded.rule.scope], read_by(loaded)
    rng = random.Random(loaded.rule.code)  # noqa: S311 - nothing secret
    for _ in range(30):
        facts = record()
        if loaded.rule.scope is Scope.LINE:
            facts.modifiers = modifier_flags(
                tuple(rng.sample(("25", "59", "26", "50", "LT", "63", "KX", "GA", "78"), 2))
            )
        for fact in fields(record):
            default = getattr(facts, fact.name)
            if fact.name not in read:
                delattr(facts, fact.name)
            elif isinstance(default, bool):
                setattr(facts, fact.name, rng.random() < 0.5)
            elif isinstance(default, int):
                setattr(facts, fact.name, rng.choice((default, 1, 2, 3, 10, 90, ord("B"), 736_000)))
        assert loaded.check(facts) in {True, False}


def test_rules_that_ask_who_the_patient_is_read_nothing_else_of_a_line_that_is_its_own() -> None:
    """So that one try with the facts of a line as billed tells it of every such line."""
    own = {"age_years", "birth_day", "patient_sex", "other_person", "service_day"}
    for loaded in reading("age_years", "birth_day", "patient_sex"):
        assert read_by(loaded) <= own | SHARED, loaded.rule.code


def test_rules_that_ask_whose_a_diagnosis_is_read_of_it_what_they_are_tried_with() -> None:
    tried = {"code_number", "is_icd10cm", "sex", "maternal", "patient_sex", "age_days", "age_years", "sex_edit_waived"}
    asking = [loaded for loaded in all_rules() if loaded.rule.scope is Scope.DIAGNOSIS and read_by(loaded) & tried]
    personal = [loaded for loaded in asking if read_by(loaded) & {"patient_sex", "age_days", "age_years"}]
    assert len(personal) > 1
    for loaded in personal:
        assert read_by(loaded) <= tried, loaded.rule.code


def test_every_age_that_a_rule_tells_apart_is_tried() -> None:
    persons = Persons(all_rules())
    bounds = {number for loaded in reading("age_years") for number in numbers_named(loaded.check) if 1 < number < 120}
    assert {11, 12, 64, 65} <= bounds
    facts = LineFacts(modifiers=modifier_flags(()))
    for code in ("99381", "99385", "99397", "42820"):
        facts.code_number, facts.code_kind = code_number(code), code_kind(code)
        assert persons.matter_to_line(facts), code
    facts.code_number = code_number("99213")
    assert not persons.matter_to_line(facts)
