"""The manual's own statements: extracted as said, answered as the table says, every disagreement explained."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cleanclaim import Book

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "manual-statements.md"
MANUAL = """\
I-1
A. Introduction ........ I-3
VIII-3
A. Introduction
CPT code 11111 shall not be reported with CPT code 22222.
B. Visits, and others
1. CPT code 11111 (one, with 33333) shall not be
reported with any other procedure.
2. A physician shall not report CPT code 22222 (a; b) plus CPT code 11111 (c). Codes 11111 and 22222 are fine.
Revision Date (Medicare): 1/1/2026
VIII-4
3. If A (CPT code 11111) is done for B, CPT code 22222 is not separately reportable.
5. CPT codes 11111 and 22222 shall not be reported for anesthesia.
6. It shall not be reported with CPT code 11111 or 22222.
7. CPT codes 11111-11113 should not be billed with CPT code 22222; 4 units may be.
8. CPT codes 11111, 22222, and 33333 shall not be reported with one another.
IX-3
A. Introduction
A kit (HCPCS code A4444) shall not be reported with CPT code 22222, which includes A4444.
"""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    folder = ROOT / "scripts"
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        spec = importlib.util.spec_from_file_location("manual_statements", folder / "manual_statements.py")
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, "manual_statements", module)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def cases() -> list[dict[str, str]]:
    with (ROOT / "tests" / "golden" / "manual_statements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_sentence_that_forbids_two_codes_together_is_a_pair_with_its_place(script):
    found = [(said.item, said.first, said.second, said.kind) for said in script.statements(MANUAL)]
    assert found == [
        ("VIII.A", "11111", "22222", "pair"),
        ("VIII.B.1", "11111", "33333", "alternatives"),
        ("VIII.B.2", "22222", "11111", "pair"),
        ("VIII.B.3", "11111", "22222", "pair"),
        ("VIII.B.5", "11111", "22222", "alternatives"),
        ("VIII.B.6", "11111", "22222", "alternatives"),
        ("VIII.B.7", "11111-11113", "22222", "pair"),
        ("IX.A", "A4444", "22222", "pair"),
    ]


def test_a_range_stands_for_the_known_codes_between_its_ends(script):
    assert script.members("11111-11113", {"11110", "11111", "11113", "11114", "1111F"}) == ["11111", "11113"]
    assert script.members("22222", set()) == ["22222"]


def test_every_case_is_a_statement_with_item_and_codes_and_no_prose_of_the_manual(cases):
    assert len([case for case in cases if case["kind"] == "pair"]) >= 30
    operand = re.compile(r"[0-9A-V]\d{3}[0-9FTU](-[0-9A-V]\d{3}[0-9FTU])?")
    for case in cases:
        assert re.fullmatch(r"[IVX]+\.[A-Z](\.\d+)?", case["item"])
        assert operand.fullmatch(case["first"])
        assert operand.fullmatch(case["second"])
        if case["kind"] == "pair":
            answers = ("bundled", "bundled_unless_distinct", "no_edit", "not_checked")
            assert sum(int(case[name]) for name in answers) == int(case["pairs"]) > 0
            assert (case["outcome"] == "agree") == (case["no_edit"] == case["not_checked"] == "0")
        else:
            assert case["outcome"] == "not a pair"


def test_every_disagreement_is_explained_on_the_page_and_nothing_else_is(script, cases):
    apart = {
        (case["item"], case["first"], case["second"]) for case in cases if case["outcome"] in {"partly", "disagree"}
    }
    assert apart == set(script.EXPLAINED)
    text = PAGE.read_text(encoding="utf-8")
    for item, first, second in apart:
        assert f"- **{item}**, {first} with {second}: " in text


def test_the_page_is_made_from_the_cases(script, cases):
    assert script.page(cases) == PAGE.read_text(encoding="utf-8")
    assert script.as_csv(cases) == script.CASES.read_text(encoding="utf-8")


@pytest.mark.published
def test_the_manual_and_the_book_still_say_what_the_cases_hold(script, cases, published, published_store):
    rows, page = script.everything(published, Book.open(published_store.folder))
    assert rows == cases
    assert page == PAGE.read_text(encoding="utf-8")
