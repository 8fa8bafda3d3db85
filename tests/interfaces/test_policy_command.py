"""``cleanclaim policy``, and ``check --payer`` and ``--policy``."""

from __future__ import annotations

import json

import pytest

import cleanclaim
from cleanclaim.types import Severity
from support.console import ended
from support.x12 import professional

POLICY = """\
schema: cleanclaim.payer_policy/1
payer: acme
name: Acme
plan: all
identifiers: {source: test, payer_ids: [ACME1]}
facts:
  - id: acme-pa
    kind: prior_authorization
    codes: ["43214"]
    severity: review
    text: Acme wants it authorized.
    citation: {document: Manual, url: "https://acme.example", date: 2026-01-01, date_kind: effective,
               confidence: high, first_hand: true}
cases:
  - name: not authorized
    claim: {payer_id: ACME1, lines: [{hcpcs: "43214"}]}
    expect: [{fact: acme-pa}]
  - name: authorized
    claim: {payer_id: ACME1, prior_authorization: A1, lines: [{hcpcs: "43214"}]}
    expect: []
"""


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path / "no-book"))

    def ran(*arguments):
        code = ended(*arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return path


@pytest.fixture
def claims(tmp_path):
    path = tmp_path / "claims.837"
    path.write_text(professional(("V1", ["43214"])), encoding="ascii")
    return path


def commercial(claims, payer_id):
    text = claims.read_text(encoding="ascii").replace("*******MB", "*******CI")
    claims.write_text(text.replace("NM1*PR*2*MEDICARE*****PI*12345", f"NM1*PR*2*ACME*****PI*{payer_id}"), "ascii")


def test_list_names_every_payer(run, policy):
    code, out, _ = run("policy", "list", "--policy", policy)
    assert code == 0
    names = [line.split()[0] for line in out.splitlines()]
    assert {"acme", "aetna", "medicare", "bcbs-regence"} <= set(names)
    assert names == sorted(names)


def test_list_as_json(run):
    code, out, _ = run("policy", "list", "--format", "json")
    document = json.loads(out)
    assert code == 0
    assert document["schema"] == "cleanclaim.payer_policies/1"
    (aetna,) = [one for one in document["policies"] if one["payer"] == "aetna"]
    assert aetna["payer_ids"] == ["60054"]


def test_show_prints_document_date_and_the_parents_policy(run):
    code, out, _ = run("policy", "show", "13102")
    assert code == 0
    assert "medicare-ngs: Medicare, NGS" in out
    assert "2024-01-01 (effective), high, first-hand" in out
    assert "medicare-opd-facet" in out


def test_show_as_json(run):
    document = json.loads(run("policy", "show", "cigna", "--format", "json")[1])
    assert document["schema"] == "cleanclaim.payer_policy_view/1"
    (cigna,) = document["policies"]
    assert {fact["id"] for fact in cigna["facts"]} >= {"cigna-filing", "cigna-consultations"}
    assert all(fact["citation"]["document"] for fact in cigna["facts"])


def test_an_unknown_payer_is_refused_with_the_nearest(run):
    code, _, err = run("policy", "show", "cignaa")
    assert code == 2
    assert "Did you mean cigna?" in err


def test_validate_says_what_was_read(run, policy):
    code, out, _ = run("policy", "validate", policy)
    assert code == 0
    assert "acme, 1 statement, 2 cases" in out


def test_validate_stops_with_the_line_that_is_wrong(run, policy):
    policy.write_text(POLICY.replace("severity: review", "severity: worst"), encoding="utf-8")
    code, _, err = run("policy", "validate", policy)
    assert code == 2
    assert "acme.yaml, line 10, facts[0].severity" in err


def test_test_runs_the_cases(run, policy):
    assert run("policy", "test", policy)[0] == 0
    policy.write_text(POLICY.replace("authorization: A1", 'authorization: ""'), encoding="utf-8")
    code, out, _ = run("policy", "test", policy)
    assert code == 1
    assert "line 18: authorized: not expected: acme-pa" in out
    assert "1 of 2 cases hold" in out


def test_check_holds_claims_to_a_policy_of_yours(run, policy, claims):
    commercial(claims, "ACME1")
    document = json.loads(run("check", claims, "--policy", policy, "--select", "PAY", "--format", "json")[1])
    (finding,) = document["findings"]
    assert (finding["rule"], finding["severity"]) == ("PAY001", "review")
    assert finding["citations"][0]["source"] == "payer-policy:acme"
    assert document["claims"][0]["payer"] == "acme"
    assert not [note for note in document["notes"] if "payer policy" in note]


def test_check_names_payers_whose_policies_were_not_checked(run, claims):
    commercial(claims, "ZZZ99")
    document = json.loads(run("check", claims, "--select", "PAY", "--format", "json")[1])
    assert document["findings"] == []
    assert document["claims"][0]["payer"] == "ZZZ99"
    assert any("No payer policy here for ZZZ99 (1 claim)" in note for note in document["notes"])


def test_check_does_not_apply_one_blue_plans_policy_to_another(run, claims):
    commercial(claims, "ZZZ99")
    claims.write_text(claims.read_text(encoding="ascii").replace("*ACME*", "*BLUE CROSS OF OHIO*"), "ascii")
    document = json.loads(run("check", claims, "--select", "PAY", "--format", "json")[1])
    assert any("what one Blue company asks binds no other" in note for note in document["notes"])


def test_check_takes_every_claim_as_the_payer_that_is_named(run, policy, claims):
    document = json.loads(
        run("check", claims, "--policy", policy, "--payer", "acme", "--select", "PAY,TIM", "--format", "json")[1]
    )
    assert [finding["rule"] for finding in document["findings"]] == ["PAY001"]
    assert document["claims"][0]["payer"] == "acme"


def test_check_refuses_a_payer_without_a_policy(run, claims):
    code, _, err = run("check", claims, "--payer", "nobody")
    assert code == 2
    assert "no policy for payer 'nobody'" in err


def test_python_opens_a_book_with_policies(policy, claims, tmp_path):
    commercial(claims, "ACME1")
    book = cleanclaim.Book.open(tmp_path, policies=policy)
    report = cleanclaim.check(claims, book, select=["PAY"])
    assert [(one.rule, one.severity) for one in report.findings] == [("PAY001", Severity.REVIEW)]
    forced = cleanclaim.Book.open(tmp_path, payer="aetna")
    assert cleanclaim.check(claims, forced, select=["PAY"]).claims[0].payer == "aetna"
