"""Baselines: today's findings accepted, tomorrow's reported."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from made import COMPLETE, SOUND, rule
from typer.testing import CliRunner

import cleanclaim
from cleanclaim.claims.model import Claim
from cleanclaim.engine.baseline import Baseline, _entry, digest, key_of, read_baseline, write_baseline
from cleanclaim.engine.run import check_claims
from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.main import app
from cleanclaim.rules.model import LoadedRule
from cleanclaim.testing.inline import book_from, claim_from
from cleanclaim.types import Report, Severity, Verdict
from support.x12 import PAIR, VISIT, professional

FIRST, LATER = dt.date(2026, 7, 20), dt.date(2026, 8, 1)


def on(*charges: int, severity: Severity = Severity.DENY) -> LoadedRule:
    """A rule that fires on lines with these charges in cents."""
    return rule(severity, code="PTP001", check=lambda line: line.charge_cents in charges)


def sound(claim_id: str = "C1") -> Claim:
    return claim_from(SOUND, claim_id=claim_id)


def report_of(claims: list[Claim], applied: LoadedRule, baseline: Baseline | None = None) -> Report:
    return check_claims(claims, book_from(COMPLETE), rules=[applied], baseline=baseline)


def kept(folder: Path, report: Report, today: dt.date = FIRST, previous: Baseline | None = None) -> Baseline:
    path = folder / "baseline.json"
    path.write_text(write_baseline(report, today, "cleanclaim 1.2.3", previous), encoding="utf-8")
    return read_baseline(path)


def test_accepted_findings_are_set_aside_and_only_new_ones_reported(tmp_path):
    baseline = kept(tmp_path, report_of([sound()], on(1000)))
    again = report_of([sound()], on(1000, 1200), baseline)
    assert [finding.line for finding in again.findings] == [3]
    (aside,) = again.set_aside
    assert (aside.by, aside.finding.line, aside.reason) == ("baseline", 2, "accepted on 2026-07-20")
    assert aside.entry == key_of(aside.finding)
    assert again.amount_at_risk == 12


def test_a_claim_with_a_denial_in_the_baseline_is_review_and_never_clean(tmp_path):
    baseline = kept(tmp_path, report_of([sound()], on(1000)))
    assert report_of([sound()], on(1000), baseline).claims[0].verdict is Verdict.REVIEW


def test_the_same_finding_on_another_claim_is_new(tmp_path):
    baseline = kept(tmp_path, report_of([sound()], on(1000)))
    again = report_of([sound(), sound("C2")], on(1000), baseline)
    assert [finding.claim for finding in again.findings] == ["C2"]


def test_as_many_are_accepted_as_there_were(tmp_path):
    baseline = kept(tmp_path, report_of([sound()], on(1000)))
    again = report_of([sound(), sound()], on(1000), baseline)
    assert len(again.set_aside) == len(again.findings) == 1


def test_words_and_severity_may_change_without_making_a_finding_new(tmp_path):
    baseline = kept(tmp_path, report_of([sound()], on(1000)))
    assert report_of([sound()], on(1000, severity=Severity.REVIEW), baseline).findings == ()


def test_the_file_is_the_same_every_time_and_has_an_entry_a_line():
    report = report_of([sound("C2"), sound("C1")], on(1000, 1200))
    other_way_round = report_of([sound("C1"), sound("C2")], on(1000, 1200))
    text = write_baseline(report, FIRST, "cleanclaim 1.2.3")
    assert text == write_baseline(other_way_round, FIRST, "cleanclaim 1.2.3")
    document = json.loads(text)
    assert (document["schema"], document["written"], document["tool"], document["count"]) == (
        "cleanclaim.baseline/1",
        "2026-07-20",
        "cleanclaim 1.2.3",
        4,
    )
    assert "ncci-ptp-practitioner 2026Q3" in document["book"]
    entries = [line for line in text.splitlines() if line.startswith("  {")]
    assert len(entries) == 4
    assert set(document["entries"][0]) == {"rule", "severity", "claim", "line", "codes", "count", "since", "key"}


def test_the_file_names_no_claim():
    text = write_baseline(report_of([sound("QUILLFEATHER-1")], on(1000)), FIRST, "x")
    assert "QUILL" not in text


def test_an_empty_baseline_is_one(tmp_path):
    baseline = kept(tmp_path, report_of([sound()], on()))
    assert baseline.entries == ()


def test_entries_no_longer_found_are_told(tmp_path):
    baseline = kept(tmp_path, report_of([sound()], on(1000, 1200)))
    again = report_of([sound()], on(1000), baseline)
    (note,) = [note for note in again.notes if note.startswith("Baseline")]
    assert "1 of 2 entries are no longer found (PTP001 1)" in note


def test_nothing_is_told_of_entries_whose_claim_was_not_checked(tmp_path):
    baseline = kept(tmp_path, report_of([sound("C1"), sound("C2")], on(1000)))
    assert not [note for note in report_of([sound("C1")], on(1000), baseline).notes if note.startswith("Baseline")]


def test_written_again_it_keeps_the_first_day_drops_what_is_gone_and_keeps_what_was_not_checked(tmp_path):
    first = kept(tmp_path, report_of([sound("C1"), sound("C2")], on(1000, 1200)))
    again = kept(tmp_path, report_of([sound("C1")], on(1000, 10000), first), LATER, first)
    since = {(entry.line, entry.since) for entry in again.entries if entry.claim == digest("C1")}
    assert since == {(2, FIRST), (1, LATER)}
    assert sum(entry.claim == digest("C2") for entry in again.entries) == 2


def test_written_again_it_keeps_the_entries_of_rules_that_were_not_applied():
    first = write_baseline(report_of([sound()], on(1000)), FIRST, "x")
    previous = Baseline("b.json", tuple(map(_entry, json.loads(first)["entries"])))
    other = rule(Severity.DENY, code="MUE001", check=lambda line: line.charge_cents == 1200)
    report = report_of([sound()], other, previous)
    again = json.loads(write_baseline(report, LATER, "x", previous, {"MUE001"}))
    assert [entry["rule"] for entry in again["entries"]] == ["MUE001", "PTP001"]
    gone = json.loads(write_baseline(report, LATER, "x", previous, {"MUE001", "PTP001"}))
    assert [entry["rule"] for entry in gone["entries"]] == ["MUE001"]


def test_what_a_suppression_sets_aside_is_not_accepted_twice(tmp_path):
    from cleanclaim.engine.suppress import read_suppressions

    path = tmp_path / "s.yaml"
    path.write_text("suppressions:\n- {rule: PTP001, reason: agreed}\n", encoding="utf-8")
    report = check_claims(
        [sound()], book_from(COMPLETE), rules=[on(1000)], suppressions=read_suppressions([path], FIRST)
    )
    assert json.loads(write_baseline(report, FIRST, "x"))["entries"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "it is no JSON"),
        pytest.param("[" * 100_000, "it is no JSON", id="too deep"),
        ("[]", "this is no baseline"),
        ('{"schema": "cleanclaim.report/1"}', "this is no baseline"),
        ('{"schema": "cleanclaim.baseline/1", "entries": [{"key": "x"}]}', "an entry that cannot be read"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(tmp_path, text, said):
    path = tmp_path / "b.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.json") as caught:
        read_baseline(path)
    assert said in str(caught.value)


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_a_run_writes_the_baseline_and_the_next_reports_only_what_is_new(tmp_path):
    claims, baseline = tmp_path / "a.837", tmp_path / "baseline.json"
    claims.write_text(professional(PAIR), encoding="utf-8")
    assert run(claims).exit_code == 1
    assert run(claims, "--write-baseline", baseline).exit_code == 0
    done = run(claims, "--baseline", baseline, "--format", "json")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert "PTP001" not in {finding["rule"] for finding in document["findings"]}
    assert "PTP001" in {entry["finding"]["rule"] for entry in document["set_aside"]}
    claims.write_text(professional(PAIR, (VISIT[0], PAIR[1])), encoding="utf-8")
    more = json.loads(run(claims, "--baseline", baseline, "--format", "json").stdout)
    assert {finding["claim"] for finding in more["findings"]} == {"VISIT-2"}
    report = cleanclaim.check(claims, baseline=baseline)
    assert {finding.claim for finding in report.findings} == {"VISIT-2"}


def test_a_baseline_that_is_not_there_is_refused(tmp_path):
    claims = tmp_path / "a.837"
    claims.write_text(professional(PAIR), encoding="utf-8")
    assert isinstance(run(claims, "--baseline", tmp_path / "none.json").exception, InputError)
