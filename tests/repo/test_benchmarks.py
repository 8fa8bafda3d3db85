"""The benchmarks keep running: every row on a handful of claims, no time asserted."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.x12_837 import read
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.facts import ClaimFacts, DiagnosisFacts, EditFacts, LineFacts
from cleanclaim.rules.model import Scope
from cleanclaim.rules.registry import all_rules, select_rules

REPOSITORY = Path(__file__).parents[2]
BENCHMARKS = REPOSITORY / "benchmarks"
TARGETS = REPOSITORY.parent / "shared" / "design" / "PERFORMANCE.md"
sys.path[:0] = [str(BENCHMARKS), str(BENCHMARKS / "rule_forms")]

from bench.books import Books  # noqa: E402 - found on the path just made
from bench.claims837 import claims_file, npi  # noqa: E402
from bench.dictionaries import RULES, Dictionaries  # noqa: E402
from bench.measure import Figure, Spread, in_turn, ratios  # noqa: E402
from bench.row import TINY, Context  # noqa: E402


def front_door() -> Any:
    spec = importlib.util.spec_from_file_location("benchmarks_front_door", BENCHMARKS / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RUN = front_door()


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", os.environ.get("XDG_CACHE_HOME", ""))  # put back when the rows are done
        yield Context(Books(tmp_path_factory.mktemp("bench"), published=False), TINY)


@pytest.mark.parametrize("row", RUN.ROWS, ids=lambda row: row.name)
def test_row_runs_on_a_handful_of_claims_or_says_why_not(context, row):
    result = row.run(context)
    assert bool(result.figures) != bool(result.skipped)
    assert all(figure.value.low <= figure.value.median <= figure.value.high for figure in result.figures)


def test_names_of_rows_are_unique():
    names = [row.name for row in RUN.ROWS]
    assert len(set(names)) == len(names)


def test_every_target_is_claimed_by_a_row_or_said_to_be_of_another_issue():
    if not TARGETS.is_file():
        pytest.skip("the design documents are not beside the repository")
    table = TARGETS.read_text(encoding="utf-8").split("## Targets")[1]
    wanted = [cells[0] for cells in re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)][1:]
    claimed = {target for row in RUN.ROWS for target in row.covers}
    assert wanted, "the table of targets was not found"
    assert claimed.isdisjoint(RUN.LATER)
    assert claimed | set(RUN.LATER) == set(wanted)


def test_readme_names_every_row():
    readme = (BENCHMARKS / "README.md").read_text(encoding="utf-8")
    assert [row.name for row in RUN.ROWS if f"`{row.name}`" not in readme] == []


def test_list_prints_the_rows(capsys):
    assert RUN.main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [row.name for row in RUN.ROWS]


def test_unknown_row_is_refused(capsys):
    assert RUN.main(["no-such-row"]) == 2
    assert "no-such-row" in capsys.readouterr().err


def test_figures_are_printed_and_written(tmp_path, capsys):
    path = tmp_path / "latest.json"
    assert RUN.main(["load-ptp", "--tiny", "--output", str(path)]) == 0
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["schema"] == "cleanclaim.benchmarks/1"
    assert document["rows"]["load-ptp"]["skipped"]
    assert "skipped" in capsys.readouterr().out


# --- the input


def test_same_seed_gives_the_same_bytes(context):
    book = context.books.whole()
    assert claims_file(book, 7) == claims_file(book, 7)
    assert claims_file(book, 7) != claims_file(book, 7, seed=1)


def test_generated_file_is_read_whole_and_holds_bad_claims(context):
    entries = list(read(claims_file(context.books.whole(), 300), "bench.837"))
    claims = [entry for entry in entries if isinstance(entry, Claim)]
    assert len(entries) == 300
    assert 0 < len(entries) - len(claims) < 30
    assert not any(claim.envelope_faults for claim in claims)


def test_generated_npi_has_its_check_digit():
    assert npi(23456789) == "1234567893"  # the example CMS gives
    assert len({npi(number) for number in range(50)}) == 50


# --- the baseline


def test_dictionaries_find_the_lines_that_the_rules_find(context):
    book = context.books.whole()
    claims = [e for e in read(claims_file(book, 400), "bench.837") if isinstance(e, Claim)]
    findings = check_claims(claims, book, rules=select_rules(RULES)).findings
    by_rules = {(finding.rule[:3], finding.claim, finding.line) for finding in findings}
    assert {family for family, _, _ in by_rules} >= {"PTP", "MUE"}
    assert Dictionaries.of(book).check(claims) == by_rules


# --- measuring


def test_works_are_done_in_turn_after_a_round_that_is_not_counted():
    done: list[str] = []
    seconds = in_turn({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, 2)
    assert done == ["a", "b"] * 3
    assert {name: len(values) for name, values in seconds.items()} == {"a": 2, "b": 2}


def test_ratios_are_of_the_same_round():
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]


@pytest.mark.parametrize(
    ("at_most", "at_least", "verdict"), [(2, None, "met"), (1, None, "missed"), (None, 3, "missed"), (None, None, "")]
)
def test_verdict_holds_the_median_against_the_target(at_most, at_least, verdict):
    assert Figure("x", Spread.of([1.0, 1.5, 9.0], "s"), at_most, at_least).verdict == verdict


# --- one form for every rule (docs/explanation/rule-form.md)

_RECORDS = {
    Scope.LINE: (LineFacts,),
    Scope.PAIR: (EditFacts, LineFacts, LineFacts),
    Scope.DIAGNOSIS: (DiagnosisFacts,),
    Scope.CLAIM: (ClaimFacts,),
}


def test_every_rule_says_the_same_compiled_as_interpreted():
    scalar = pytest.importorskip("scalar", reason="the compiler is an optional extra: pip install cleanclaim[fast]")
    random = pytest.importorskip("facts_at_random")
    made = {}
    for facts in {facts for types in _RECORDS.values() for facts in types}:
        records = random.anything_at_random(facts, 60)
        made[facts] = (records, random.objects(facts, records))
    known: dict[Any, Any] = {}
    differing = []
    for loaded in all_rules():
        records, objects = zip(*(made[facts] for facts in _RECORDS[loaded.rule.scope]), strict=True)
        try:
            compiled = answers(scalar.compiled(loaded.check, known), records)
        except Exception as error:  # noqa: BLE001 - whatever the compiler raises, the rule is to be named
            differing.append(f"{loaded.rule.code} does not compile: {type(error).__name__} {str(error)[-200:]}")
            continue
        if compiled != answers(loaded.check, objects):
            differing.append(f"{loaded.rule.code} says something else")
    assert differing == []


def answers(check: Any, sequences: Any) -> list[bool]:
    """What a rule says of some records; the second line of a pair is not the first."""
    if len(sequences) == 3:
        edits, ones, twos = sequences
        sequences = (edits, ones, list(reversed(twos)) if isinstance(twos, list) else twos[::-1])
    return [bool(check(*records)) for records in zip(*sequences, strict=True)]
