"""Suppressions: what they set aside, what becomes of the claim, and that nobody forgets them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from made import COMPLETE, SOUND, rule
from typer.testing import CliRunner

import cleanclaim
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.suppress import read_suppressions
from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.main import app
from cleanclaim.render import sarif_report
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import all_rules, documented
from cleanclaim.testing.inline import book_from, claim_from
from cleanclaim.types import Report, Severity, Verdict
from support.x12 import PAIR, professional

TODAY = dt.date(2026, 7, 20)


def suppressed(
    folder: Path,
    *entries: dict[str, Any],
    rules: Iterable[LoadedRule] = (),
    claims: Iterable[dict[str, Any]] = (SOUND,),
    today: dt.date = TODAY,
) -> Report:
    """A report on sound claims and made rules, with a suppression file of these entries."""
    path = folder / "suppressions.yaml"
    path.write_text(json.dumps({"suppressions": list(entries)}), encoding="utf-8")
    made = [claim_from(values, claim_id=f"C{number}") for number, values in enumerate(claims, 1)]
    read = read_suppressions([path], today)
    return check_claims(made, book_from(COMPLETE), rules=list(rules), suppressions=read)


def on_code(hcpcs: str, severity: Severity = Severity.DENY, code: str = "PTP001") -> LoadedRule:
    """A rule that fires on the lines charged as the line of this code in SOUND is."""
    cents = {"99213": 10000, "36415": 1000, "J1100": 1200}[hcpcs]
    return rule(severity, code=code, check=lambda line: line.charge_cents == cents)


WHY = {"reason": "Payer confirmed in writing, ticket 4711."}


def test_a_finding_set_aside_stands_in_the_trail_with_its_reason_and_nowhere_else(tmp_path):
    entry = {"id": "S1", "rule": "PTP001", "claim": "C1", "line": 2, "expires": "2026-12-31", **WHY}
    report = suppressed(tmp_path, entry, rules=[on_code("36415")])
    assert report.findings == ()
    (aside,) = report.set_aside
    assert (aside.by, aside.entry, aside.reason, aside.expires) == (
        "suppression",
        "S1",
        WHY["reason"],
        dt.date(2026, 12, 31),
    )
    assert aside.source.endswith("suppressions.yaml")
    assert (aside.finding.rule, aside.finding.line) == ("PTP001", 2)
    assert report.amount_at_risk == 0


def test_a_claim_with_a_denial_set_aside_is_review_and_never_clean(tmp_path):
    report = suppressed(tmp_path, {"rule": "PTP001", **WHY}, rules=[on_code("36415")])
    assert report.claims[0].verdict is Verdict.REVIEW


def test_a_claim_with_a_review_finding_set_aside_is_as_without_it(tmp_path):
    report = suppressed(tmp_path, {"rule": "PTP001", **WHY}, rules=[on_code("36415", Severity.REVIEW)])
    assert report.claims[0].verdict is Verdict.CLEAN


def test_what_is_not_named_still_denies_the_claim_and_counts_its_dollars(tmp_path):
    rules = [on_code("36415"), on_code("J1100")]
    report = suppressed(tmp_path, {"rule": "PTP001", "claim": "C1", "line": 2, **WHY}, rules=rules)
    assert [finding.line for finding in report.findings] == [3]
    assert report.claims[0].verdict is Verdict.DENIED
    assert report.claims[0].amount_at_risk == 12


@pytest.mark.parametrize(
    ("entry", "lines"),
    [
        ({"rule": "PTP"}, [2]),
        ({"rule": "ptp001"}, [2]),
        ({"rule": "PTP002"}, []),
        ({"claim": "C1"}, [2]),
        ({"claim": "C2"}, []),
        ({"claim": "C1", "line": 2}, [2]),
        ({"claim": "C1", "line": 1}, []),
        ({"rule": "PTP", "payer": "12345"}, [2]),
        ({"rule": "PTP", "payer": "99999"}, []),
        ({"rule": "PTP", "code": "36415"}, [2]),
        ({"rule": "PTP", "code": "99213"}, []),
        ({"rule": "PTP", "file": "case.*"}, [2]),
        ({"rule": "PTP", "file": "other.*"}, []),
    ],
    ids=str,
)
def test_everything_an_entry_names_must_be_met(tmp_path, entry, lines):
    report = suppressed(tmp_path, {**entry, **WHY}, rules=[on_code("36415")])
    assert [aside.finding.line for aside in report.set_aside] == lines


def test_an_entry_that_sets_nothing_aside_is_a_finding(tmp_path):
    report = suppressed(tmp_path, {"id": "OLD", "claim": "C1", **WHY}, rules=[on_code("36415", code="PTP001")][:0])
    assert report.findings == (), "no rule was applied, so nothing can be said of it"
    never = rule(Severity.DENY, code="PTP001", check=lambda _: False)
    (told,) = suppressed(tmp_path, {"id": "OLD", "claim": "C1", **WHY}, rules=[never]).findings
    assert (told.rule, told.name, told.severity) == ("SUP001", "unused-suppression", Severity.INFORM)
    assert "OLD" in told.message
    assert (told.claim, told.line) == ("", None)


@pytest.mark.parametrize(
    "entry",
    [{"claim": "ANOTHER"}, {"rule": "PTP", "payer": "99999"}, {"rule": "PTP", "file": "june.837"}, {"rule": "MUE001"}],
    ids=str,
)
def test_nothing_is_said_of_an_entry_whose_claim_payer_file_or_rule_was_not_checked(tmp_path, entry):
    never = rule(Severity.DENY, code="PTP001", check=lambda _: False)
    assert suppressed(tmp_path, {**entry, **WHY}, rules=[never]).findings == ()


def test_an_entry_holds_on_its_last_day_and_is_a_finding_the_day_after(tmp_path):
    entry = {"rule": "PTP001", "expires": "2026-07-20", **WHY}
    held = suppressed(tmp_path, entry, rules=[on_code("36415")], today=dt.date(2026, 7, 20))
    assert held.findings == ()
    over = suppressed(tmp_path, entry, rules=[on_code("36415")], today=dt.date(2026, 7, 21))
    assert [finding.rule for finding in over.findings] == ["PTP001", "SUP002"]
    assert over.findings[1].severity is Severity.REVIEW
    assert over.claims[0].verdict is Verdict.DENIED
    assert over.set_aside == ()


def test_entries_without_an_end_are_counted_in_the_notes(tmp_path):
    report = suppressed(tmp_path, {"rule": "PTP001", **WHY}, rules=[on_code("36415")])
    assert "Suppressions without an expiry date: 1 of 1." in report.notes


def test_toml_and_yaml_say_the_same(tmp_path):
    toml, yaml = tmp_path / "s.toml", tmp_path / "s.yaml"
    toml.write_text(
        '[[suppressions]]\nrule = "PTP001"\nclaim = "007"\nline = 2\nreason = "so"\nexpires = 2026-12-31\n',
        encoding="utf-8",
    )
    yaml.write_text(
        'suppressions:\n- rule: PTP001\n  claim: "007"\n  line: 2\n  reason: so\n  expires: 2026-12-31\n',
        encoding="utf-8",
    )
    (one,), (two,) = read_suppressions([toml], TODAY).entries, read_suppressions([yaml], TODAY).entries
    fields = ("name", "rule", "claim", "line", "reason", "expires")
    assert [getattr(one, name) for name in fields] == [getattr(two, name) for name in fields]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("suppressions:\n- rule: PTP001\n", "entry 1: the reason is missing"),
        ('suppressions:\n- rule: PTP001\n  reason: "  "\n', "the reason is missing"),
        ("suppressions:\n- reason: because\n  payer: P1\n", "name a rule or a claim"),
        ("suppressions:\n- {rule: PTP001, reason: x, expire: 2026-12-31}\n", "Did you mean expires?"),
        ("suppressions:\n- {rule: PTP001, reason: x, expires: soon}\n", "expires is a date"),
        ("suppressions:\n- {rule: PTP999, reason: x}\n", "PTP999"),
        ("suppressions:\n- {rule: PTP001, claim: 0731, reason: x}\n", "write claim in quotes"),
        ("suppressions:\n- {rule: PTP001, code: 77003, reason: x}\n", "write code in quotes"),
        ("suppressions:\n- {rule: PTP001, line: 2, reason: x}\n", "name the claim too"),
        ('suppressions:\n- {claim: "A", line: 0, reason: x}\n', "from 1"),
        ("suppressions:\n- {id: A, rule: PTP, reason: x}\n- {id: A, rule: MUE, reason: x}\n", "two entries"),
        ("suppressions: nothing\n", "expected a list"),
        ("- rule: PTP001\n", "expected a list"),
        ("suppressions: [\n", "this is not YAML"),
        ("suppressions:\n- {rule: PTP001, reason: x, expires: 2026-02-30}\n", "'2026-02-30' is no date"),
        ("suppressions:\n- {rule: PTP001, reason: x, expires: !!timestamp soon}\n", "'soon' is no date"),
        ("suppressions:\n- {rule: PTP001, reason: x, claim: !!bool maybe}\n", "put it in quotes"),
        ("suppressions:\n- rule: PTP001\n  reason: x\n  reason: y\n", "line 4, suppressions[0].reason: the key stands"),
        ("suppressions: []\nsuppressions: []\n", "the key stands twice"),
        ("suppressions: &all [*all]\n", "too deep"),
        ("suppressions:\n- {rule: PTP001, reason: \0}\n", "this is not YAML"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_place(tmp_path, text, said):
    path = tmp_path / "s.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"s\.yaml") as caught:
        read_suppressions([path], TODAY)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '[[suppressions]]\nrule = "PTP001"\nreason = "x"\nexpires = 2026-02-30\n',
        '[[suppressions]]\nrule = "PTP001"\nreason = "x"\nreason = "y"\n',
        "suppressions = [\n",
        f"suppressions = {'[' * 5000}\n",
        f"suppressions = {'1' * 5000}\n",
    ],
    ids=["a day that is not", "a key twice", "cut short", "too deep", "too long a number"],
)
def test_toml_that_cannot_be_meant_is_refused(tmp_path, text):
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"s\.toml: this is not TOML"):
        read_suppressions([path], TODAY)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_suppressions([tmp_path / "none.yaml"], TODAY)


def test_the_command_and_the_python_call_set_the_same_aside(tmp_path):
    claims, path = tmp_path / "a.837", tmp_path / "s.yaml"
    claims.write_text(professional(PAIR), encoding="utf-8")
    path.write_text("suppressions:\n- {rule: PTP001, reason: agreed, expires: 2999-12-31}\n", encoding="utf-8")
    without = CliRunner().invoke(app, ["check", str(claims)])
    assert without.exit_code == 1
    done = CliRunner().invoke(app, ["check", str(claims), "--suppressions", str(path), "--format", "json"])
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert [entry["finding"]["rule"] for entry in document["set_aside"]] == ["PTP001"]
    assert document["claims"][0]["verdict"] == "review"
    text = CliRunner().invoke(app, ["check", str(claims), "--suppressions", str(path)]).stdout
    assert "1 finding set aside: 1 by suppression." in text
    report = cleanclaim.check(claims, suppressions=path)
    assert [aside.finding.rule for aside in report.set_aside] == ["PTP001"]


def test_the_text_report_tells_of_entries_that_are_over(tmp_path):
    claims, path = tmp_path / "a.837", tmp_path / "s.yaml"
    claims.write_text(professional(PAIR), encoding="utf-8")
    path.write_text(
        "suppressions:\n- {id: OVER, rule: PTP001, reason: agreed, expires: 2020-12-31}\n", encoding="utf-8"
    )
    text = CliRunner().invoke(app, ["check", str(claims), "--suppressions", str(path)]).stdout
    assert "SUP002 expired-suppression" in text
    assert "Suppression OVER expired on 2020-12-31" in text


def test_what_is_said_of_entries_is_documented_in_sarif_and_cited(tmp_path):
    report = suppressed(tmp_path, {"id": "OVER", "claim": "C1", "expires": "2020-12-31", **WHY})
    (told,) = report.findings
    assert [cited.locator for cited in told.citations] == ["docs/how-to/suppress-and-baseline.md"]
    (run,) = json.loads(sarif_report.render(report, made=dt.datetime(2026, 7, 20, tzinfo=dt.UTC)))["runs"]
    (described,) = run["tool"]["driver"]["rules"]
    assert described["id"] == "SUP002"
    assert "last day" in described["fullDescription"]["text"]
    assert {loaded.rule.code for loaded in documented()} - {loaded.rule.code for loaded in all_rules()} == {
        "SUP001",
        "SUP002",
    }
