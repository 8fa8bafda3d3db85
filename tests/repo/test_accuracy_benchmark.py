"""The open accuracy benchmark: its files agree with one another, its scorer counts as it says, its truth holds."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from cleanclaim.engine.files import check_paths

ROOT = Path(__file__).parents[2]
BENCHMARK = ROOT / "accuracy"


def module(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    return module(BENCHMARK / "score.py", "accuracy_score")


@pytest.fixture(scope="module")
def expected() -> list[dict]:
    return json.loads((BENCHMARK / "expected.json").read_text(encoding="utf-8"))


def perfect(expected: list[dict]) -> list[dict]:
    """What a tool that is always right says, in the documented form."""
    rows = []
    for entry in expected:
        rows.append({"claim": entry["claim"], "verdict": entry["verdict"][0]})
        for told in entry["expect"]:
            severity = "review" if told["severity"] == "any" else told["severity"]
            row = {"claim": entry["claim"], "line": told["lines"][0], "severity": severity}
            rows.append(row | {"family": told["families"][0]})
    return rows


def test_there_are_at_least_400_claims_with_faults_and_controls_in_every_family(expected):
    kinds = Counter((entry["family"], entry["kind"]) for entry in expected)
    assert len(expected) >= 400
    for family in {entry["family"] for entry in expected} - {"CLN"}:
        assert kinds[family, "fault"] >= 2, family
        assert kinds[family, "control"] >= 3, family
    assert kinds["CLN", "clean"] >= 50


def test_every_claim_of_the_files_is_expected_and_every_one_expected_is_in_its_file(expected):
    in_files = [
        (path.name, number)
        for path in sorted((BENCHMARK / "claims").glob("*.837"))
        for number in re.findall(r"CLM\*([^*]+)\*", path.read_text(encoding="ascii"))
    ]
    assert sorted(in_files) == sorted((entry["file"], entry["claim"]) for entry in expected)
    assert len(set(in_files)) == len({number for _, number in in_files}) == len(expected)


def test_every_entry_is_whole_and_says_where_it_may_be_wrong(expected):
    names = {entry["claim"] for entry in expected}
    for entry in expected:
        assert entry["kind"] in {"fault", "control", "clean"}
        assert bool(entry["expect"]) == (entry["kind"] == "fault"), entry["claim"]
        assert entry["kind"] == "fault" or entry["must_not_deny"], entry["claim"]
        assert set(entry["neighbours"]) <= names - {entry["claim"]}
        for told in entry["expect"]:
            assert told["severity"] in {"deny", "review", "any"}
            assert told["basis"] in {"table", "manual", "convention"}
            assert told["severity"] != "deny" or told["basis"] != "convention", entry["claim"]


def test_the_claims_hold_no_word_that_is_not_ours():
    """Code numbers and made-up people only: no descriptor can be in a claims file."""
    ours = {
        "CITY", "BILLING", "DESK", "MEDICARE", "CLINIC", "MAIN", "COLUMBUS", "HOSPITAL", "WAY", "REED", "PAT", "LOW",
        "HILL", "MOOR", "ANN", "SAM", "ACME", "HEALTH", "PLAN", "SENDER",
    }  # fmt: skip
    for path in (BENCHMARK / "claims").glob("*.837"):
        for segment in path.read_text(encoding="ascii").split("~"):
            if segment.strip().startswith(("NM1", "N3", "PER")):
                words = set(re.findall(r"[A-Z]{4,}", segment)) - set(re.findall(r"DOE[A-M]+", segment))
                assert words <= ours, (path.name, segment)


def test_the_scripts_that_write_the_truth_import_nothing_of_cleanclaim():
    for path in [ROOT / "scripts" / "make_accuracy_benchmark.py", *(ROOT / "scripts" / "accuracy_cases").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
            else:
                continue
            for name in imported:
                assert name.split(".")[0] in sys.stdlib_module_names | {"accuracy_cases"}, (path.name, name)


def test_the_scorer_needs_the_standard_library_only():
    tree = ast.parse((BENCHMARK / "score.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_a_tool_that_is_always_right_scores_whole(scorer, expected):
    total = scorer.score(expected, scorer.read_plain(perfect(expected)))
    assert total.disagreements == []
    whole = total.total()
    assert (whole.recall.hits, whole.denied_controls.hits) == (whole.recall.of, 0)
    assert whole.verdicts.hits == whole.verdicts.of == len(expected)
    assert whole.told_apart.hits == whole.told_apart.of > 200


def test_a_tool_that_says_nothing_finds_nothing_and_denies_nothing(scorer, expected):
    whole = scorer.score(expected, {}).total()
    assert (whole.recall.hits, whole.denied_controls.hits, whole.told_apart.hits) == (0, 0, 0)
    assert whole.recall.of > 300


def test_a_tool_that_denies_every_line_finds_all_and_tells_nothing_apart(scorer, expected):
    rows = [{"claim": entry["claim"], "line": n, "severity": "deny"} for entry in expected for n in (1, 2, 3, 4)]
    whole = scorer.score(expected, scorer.read_plain(rows)).total()
    assert whole.recall.hits == whole.recall.of
    assert whole.denied_controls.hits == whole.denied_controls.of
    assert whole.told_apart.hits == 0


@pytest.mark.parametrize(
    ("finding", "met"),
    [
        ({"line": 2, "severity": "deny", "family": "PTP"}, True),
        ({"line": 2, "severity": "deny", "family": "END"}, True),
        ({"line": 2, "severity": "deny"}, True),
        ({"line": 2}, True),  # a record without severity is a denial
        ({"line": None, "severity": "deny", "family": "PTP"}, True),
        ({"line": 1, "lines": [2], "severity": "deny", "family": "PTP"}, True),
        ({"line": 1, "severity": "deny", "family": "PTP"}, False),
        ({"line": 2, "severity": "review", "family": "PTP"}, False),
        ({"line": 2, "severity": "deny", "family": "MUE"}, False),
    ],
)
def test_a_finding_counts_by_family_line_and_severity(scorer, finding, met):
    told = {"families": ["PTP", "END"], "severity": "deny", "lines": [2]}
    entry = {"claim": "A", "family": "PTP", "about": "", "kind": "fault", "expect": [told], "must_not_deny": [],
             "verdict": ["denied"], "neighbours": []}  # fmt: skip
    result = scorer.score([entry], scorer.read_plain([{"claim": "A", **finding}]))
    assert bool(result.families["PTP"].recall.hits) is met


def test_the_intervals_are_wilsons(scorer):
    low, high = scorer.wilson(8, 10)  # Newcombe 1998, method 3
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert scorer.wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"line": 1}], "record 1 names no claim"),
        ([{"claim": "A", "line": 1, "severity": "error"}], "severity 'error' is none of"),
    ],
)
def test_an_unusable_record_is_refused_with_its_number(scorer, rows, said):
    with pytest.raises(SystemExit, match=said):
        scorer.read_plain(rows)


def test_the_scorer_reads_csv_from_the_command_line(tmp_path):
    file = tmp_path / "findings.csv"
    file.write_text(
        "claim,line,severity,family,verdict\nPTP-001,2,deny,PTP,denied\nNONE-1,1,deny,,\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, BENCHMARK / "score.py", file, "--from", "csv"], capture_output=True, text=True, check=True
    )
    assert "| PTP | 1/" in done.stdout
    assert "1 claims named are none of the benchmark's: NONE-1" in done.stdout


def cleanclaim_says(report) -> list[dict]:
    """A report as the records of the scorer's cleanclaim form."""
    rows = [{"kind": "claim", "claim": claim.claim, "verdict": str(claim.verdict)} for claim in report.claims]
    rows += [
        {"kind": "finding", "claim": found.claim, "line": found.line, "related_lines": list(found.related_lines),
         "severity": str(found.severity), "rule": found.rule}
        for found in report.findings
    ]  # fmt: skip
    rows += [{"kind": "reject", "claim": reject.claim} for reject in report.rejects]
    return rows


def test_with_the_starter_alone_no_control_is_denied(scorer, expected, starter_book):
    report = check_paths(sorted((BENCHMARK / "claims").glob("*.837")), starter_book).report
    result = scorer.score(expected, scorer.read_cleanclaim(cleanclaim_says(report)))
    assert [said for said in result.disagreements if "must not be denied" in said] == []
    assert result.silent == 0
    assert result.total().recall.hits >= 250


@pytest.mark.published
def test_with_every_table_loaded_only_the_recorded_misses_remain(scorer, expected, published_book):
    report = check_paths(sorted((BENCHMARK / "claims").glob("*.837")), published_book).report
    result = scorer.score(expected, scorer.read_cleanclaim(cleanclaim_says(report)))
    recorded = (BENCHMARK / "results" / "cleanclaim.md").read_text(encoding="utf-8")
    allowed = set(re.findall(r"^- ([A-Z]{3}-\d{3}) ", recorded, re.MULTILINE))
    assert {said.split()[0] for said in result.disagreements} <= allowed
    assert len(allowed) <= 10


@pytest.mark.published
def test_the_same_tables_give_the_committed_files(published, tmp_path):
    script = ROOT / "scripts" / "make_accuracy_benchmark.py"
    subprocess.run([sys.executable, script, published, tmp_path], check=True, capture_output=True)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(BENCHMARK): path.read_bytes() for path in (BENCHMARK / "claims").glob("*.837")}
    kept[Path("expected.json")] = (BENCHMARK / "expected.json").read_bytes()
    assert made == kept
