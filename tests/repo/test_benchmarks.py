"""The benchmarks keep running: every row on a handful of claims, no time asserted."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.tabular import read_parquet
from cleanclaim.claims.readers.x12_837 import read
from cleanclaim.engine.diagnosis_notes import years_of_age
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.facts import ClaimFacts, DiagnosisFacts, EditFacts, LineFacts
from cleanclaim.rules.model import Scope
from cleanclaim.rules.registry import all_rules, select_rules
from cleanclaim.types import Severity

REPOSITORY = Path(__file__).parents[2]
BENCHMARKS = REPOSITORY / "benchmarks"
TARGETS = REPOSITORY.parent / "shared" / "design" / "PERFORMANCE.md"
sys.path.insert(0, str(BENCHMARKS / "rule_forms"))

from bench.books import Books  # noqa: E402 - found on the path just made
from bench.claims837 import Mix, claims_file  # noqa: E402
from bench.commands import phases  # noqa: E402
from bench.dictionaries import RULES, Dictionaries  # noqa: E402
from bench.everyday import patient  # noqa: E402
from bench.long_days import long_days  # noqa: E402
from bench.measure import Figure, Spread, in_turn, ratios  # noqa: E402
from bench.plots import draw  # noqa: E402
from bench.row import TINY, Context  # noqa: E402
from bench.rows_alike import alike  # noqa: E402
from bench.rows_single import measured  # noqa: E402
from bench.varied import varied_patient  # noqa: E402
from bench.warehouse import write_parquet  # noqa: E402
from bench.watch import Taken  # noqa: E402
from bench.x12 import FIRST_DAY, npi  # noqa: E402


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


def test_every_target_is_claimed_by_a_row():
    if not TARGETS.is_file():
        pytest.skip("the design documents are not beside the repository")
    table = TARGETS.read_text(encoding="utf-8").split("## Targets")[1]
    wanted = [cells[0] for cells in re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)][1:]
    claimed = {target for row in RUN.ROWS for target in row.covers}
    assert wanted, "the table of targets was not found"
    assert claimed == set(wanted)


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


@pytest.mark.parametrize("mix", Mix)
def test_same_seed_gives_the_same_bytes(context, mix):
    book = context.books.whole()
    assert claims_file(book, 7, mix=mix) == claims_file(book, 7, mix=mix)
    assert claims_file(book, 7, mix=mix) != claims_file(book, 7, seed=1, mix=mix)


@pytest.mark.parametrize("mix", [Mix.EVERYDAY, Mix.VARIED, Mix.HARD])
def test_generated_file_is_read_whole_and_holds_bad_claims(context, mix):
    entries = list(read(claims_file(context.books.whole(), 600, mix=mix), "bench.837"))
    claims = [entry for entry in entries if isinstance(entry, Claim)]
    assert len(entries) == 600
    assert 0 < len(entries) - len(claims) < 30
    assert not any(claim.envelope_faults for claim in claims)


def everyday(book, mix, count=1500):
    return [entry for entry in read(claims_file(book, count, mix=mix), "bench.837") if isinstance(entry, Claim)]


def share(claims, book, severity):
    findings = check_claims(claims, book).findings
    return len({finding.claim for finding in findings if finding.severity is severity}) / len(claims)


@pytest.fixture(scope="module")
def usual(context):
    return everyday(context.books.whole(), Mix.EVERYDAY)


@pytest.fixture(scope="module")
def varied(context):
    return everyday(context.books.whole(), Mix.VARIED)


def test_most_everyday_claims_are_right_and_some_would_be_denied(context, usual):
    assert 0.05 < share(usual, context.books.whole(), Severity.DENY) < 0.15


def test_everyday_claims_without_faults_on_purpose_are_hardly_denied(context):
    book = context.books.whole()
    assert share(everyday(book, Mix.RIGHT), book, Severity.DENY) < 0.01


def test_diagnoses_of_everyday_claims_can_be_billed(published_book):
    fired = check_claims(
        everyday(published_book, Mix.RIGHT, 3000), published_book, rules=select_rules(["DXV"])
    ).findings
    assert [finding.message for finding in fired if finding.severity is Severity.DENY] == []


def test_everyday_patients_come_again_and_have_age_sex_and_payer(usual):
    assert len({claim.patient_key for claim in usual}) < 0.7 * len(usual)
    assert {claim.patient_sex for claim in usual} == {"F", "M"}
    assert {claim.filing_indicator for claim in usual} == {"MB", "MC", "CI"}
    assert all(claim.patient_birth_date and claim.patient_birth_date < FIRST_DAY for claim in usual)


def test_varied_claims_are_as_often_right_as_everyday_ones(context, usual, varied):
    book = context.books.whole()
    for severity in (Severity.DENY, Severity.REVIEW):
        assert abs(share(varied, book, severity) - share(usual, book, severity)) < 0.01


def test_varied_claims_bill_what_everyday_ones_do(usual, varied):
    assert [billed(claim) for claim in varied] == [billed(claim) for claim in usual]


def billed(claim):
    return claim.claim_id, [(line.hcpcs, line.modifiers, line.units, line.service_from) for line in claim.lines]


def test_varied_claims_are_unlike_each_other(usual, varied):
    for told in (lists_of_diagnoses, payers, charges_of_a_visit):
        assert len(told(varied)) > 2 * len(told(usual)), told.__name__
    assert len(lists_of_diagnoses(varied)) > 0.6 * len(varied)
    assert {claim.patient_birth_date.month for claim in varied if claim.patient_birth_date} == set(range(1, 13))


def lists_of_diagnoses(claims):
    return {tuple(diagnosis.code for diagnosis in claim.diagnoses) for claim in claims}


def payers(claims):
    return {claim.payer_id for claim in claims}


def charges_of_a_visit(claims):
    return {line.charge for claim in claims for line in claim.lines if line.hcpcs == "99213"}


def test_varied_patients_have_the_age_of_everyday_ones_or_are_older():
    for number in range(2000):
        usual, other = patient(number), varied_patient(number)
        assert (other.sex, other.kind) == (usual.sex, usual.kind)
        assert other == varied_patient(number)
        years = years_of_age(usual.birth, FIRST_DAY), years_of_age(other.birth, FIRST_DAY)
        assert years[0] == years[1] or (usual.kind[0] == "old" and years[0] < years[1] < 100)


def test_diagnoses_drawn_for_varied_claims_can_be_billed_beside_each_other(published_book):
    rules = select_rules(["DXV"])
    found = [
        {(finding.claim, finding.rule) for finding in check_claims(claims, published_book, rules=rules).findings}
        for claims in (everyday(published_book, mix, 3000) for mix in (Mix.VARIED, Mix.EVERYDAY))
    ]
    assert len(found[0] - found[1]) < 6


def test_lines_of_a_hospital_day_are_one_patients_on_claims_of_fifty(context):
    claims = long_days(context.books.whole(), 120, 2)
    assert [len(claim.lines) for claim in claims] == [50, 50, 20] * 2
    days = {(claim.patient_key, line.service_from) for claim in claims for line in claim.lines}
    assert len(days) == len({claim.patient_key for claim in claims}) == 2


def test_lines_of_a_hospital_day_have_few_edits_between_them(published_book):
    claims = long_days(published_book, 120, 2)
    assert len(check_claims(claims, published_book).findings) < 12


def test_claims_in_parquet_are_the_claims_read_from_837(context, tmp_path):
    claims = everyday(context.books.whole(), Mix.EVERYDAY, 200)
    path = tmp_path / "claims.parquet"
    write_parquet(claims, path)
    again = list(read_parquet(path.read_bytes(), path.name))
    assert [told(claim) for claim in again] == [told(claim) for claim in claims]


def told(claim):
    lines = [(line.hcpcs, line.modifiers, line.units, line.charge, line.service_from, line.pos) for line in claim.lines]
    codes = [diagnosis.code for diagnosis in claim.diagnoses]
    return claim.claim_id, claim.payer_name, claim.billing_npi, claim.billing_zip, claim.total_charge, codes, lines


# --- plots


def test_figures_of_a_row_become_a_plot(tmp_path):
    pytest.importorskip("matplotlib", reason="plots are an optional extra: pip install cleanclaim[bench]")
    figures = [Figure(f"{size:,} claims", Spread.of([size / 10], "s"), at_most=5) for size in (100, 1000)]
    row = {"figures": [asdict(figure) | {"verdict": figure.verdict} for figure in figures]}
    drawn = draw({"any-size": row}, tmp_path)
    assert [path.name for path in drawn] == ["time.svg", "targets.svg"]
    assert all(path.read_text(encoding="utf-8").lstrip().startswith("<?xml") for path in drawn)


def test_same_figures_give_the_same_plot(tmp_path):
    pytest.importorskip("matplotlib", reason="plots are an optional extra: pip install cleanclaim[bench]")
    figures = [Figure(f"{size:,} claims", Spread.of([size / 10], "s")) for size in (100, 1000)]
    rows = {"any-size": {"figures": [asdict(figure) | {"verdict": figure.verdict} for figure in figures]}}
    one, two = (draw(rows, tmp_path / name)[0].read_bytes() for name in ("one", "two"))
    assert one == two


def test_generated_npi_has_its_check_digit():
    assert npi(23456789) == "1234567893"  # the example CMS gives
    assert len({npi(number) for number in range(50)}) == 50


# --- the baseline


@pytest.fixture(scope="module")
def dictionaries(context):
    return Dictionaries.of(context.books.whole())


@pytest.mark.parametrize(("mix", "count"), [(Mix.HARD, 400), (Mix.EVERYDAY, 1500)])
def test_dictionaries_find_the_lines_that_the_rules_find(context, dictionaries, mix, count):
    book = context.books.whole()
    claims = everyday(book, mix, count)
    findings = check_claims(claims, book, rules=select_rules(RULES)).findings
    by_rules = {(finding.rule[:3], finding.claim, finding.line) for finding in findings}
    assert {family for family, _, _ in by_rules} >= {"PTP", "MUE"}
    assert dictionaries.check(claims) == by_rules


# --- measuring


def test_single_claims_are_timed_once_each_and_told_apart_by_who_settled_them(context, dictionaries):
    ways = measured(context, Mix.EVERYDAY, dictionaries)
    rounds, claims = TINY.rounds, TINY.single_claims
    for way in ways.values():
        assert [len(seconds) for seconds in way.seconds] == [claims] * rounds
    assert ways["the engine alone"].settled == [0] * rounds
    assert ways["dictionaries"].settled == [100] * rounds


def test_claims_settled_by_others_are_told_what_the_engine_says(context):
    figures = {figure.what: figure.value.median for figure in alike(context).figures}
    for mix in (Mix.EVERYDAY, Mix.VARIED, Mix.HARD):
        assert figures[f"{mix}, claims told the same"] == 100
    assert figures["everyday, settled of a part"] > 0


def test_phases_are_those_that_the_command_told():
    said = "cleanclaim: 5 claims, 9 lines\ncleanclaim: reading 1.5 s, checking 1,031.5 s; 5 claims/s\n"
    assert phases([Taken(2.0, 2.0, None, said)] * 2) == {"reading": [1.5] * 2, "checking": [1031.5] * 2}


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
