"""Payer policies: the format and what it refuses, recognition, and the policies that come with the package."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from cleanclaim.book.payers.model import Kind
from cleanclaim.book.payers.read import policy_from, read_policy
from cleanclaim.book.payers.shelf import (
    COMPILED,
    PACKS,
    compiled_packs,
    load_policies,
    policies_from,
    policy_files,
)
from cleanclaim.errors import InputError, UnknownName
from cleanclaim.testing.policies import run_cases
from cleanclaim.types import Severity

ROOT = Path(__file__).parents[2]
HOW_TO = ROOT / "docs" / "how-to" / "write-a-payer-policy.md"
FACTS_TABLE = ROOT / "docs" / "explanation" / "payer-facts.md"

POLICY = """\
schema: cleanclaim.payer_policy/1
payer: acme
name: Acme
plan: all
identifiers: {source: test, payer_ids: [ACME1], names: [ACME HEALTH]}
facts:
  - id: acme-pa
    kind: prior_authorization
    codes: ["11111", "22220-22229"]
    valid_from: 2026-01-01
    severity: review
    text: Acme wants it.
    citation: {document: Manual, url: "https://acme.example", date: 2026-01-01, date_kind: effective,
               confidence: high, first_hand: true}
cases:
  - name: not authorized
    claim: {payer_id: ACME1, lines: [{hcpcs: "11111"}]}
    expect: [{fact: acme-pa, rule: PAY001, severity: review, line: 1}]
  - name: authorized
    claim: {payer_id: ACME1, prior_authorization: A1, lines: [{hcpcs: "11111"}]}
    expect: []
"""
SECOND = POLICY[POLICY.index("  - id: acme-pa") : POLICY.index("cases:")]


def with_second(kind_and_more: str, *, of: str = POLICY, id_: str = "acme-two", instead: str = "") -> str:
    """The policy with a second fact; ``instead`` replaces what the first says of its kind."""
    first = of.replace("kind: prior_authorization", instead or "kind: prior_authorization")
    second = SECOND.replace("id: acme-pa", f"id: {id_}").replace("kind: prior_authorization", kind_and_more)
    return first.replace("cases:\n", second + "cases:\n", 1)


# --- the packs

packs = pytest.mark.parametrize("file", policy_files(PACKS), ids=lambda file: file.stem)


@packs
def test_every_case_of_a_pack_holds(file):
    outcomes = run_cases(read_policy(file), load_policies())
    assert [f"{done.name}: {done.problem}" for done in outcomes if done.problem] == []
    assert outcomes


@packs
def test_no_pack_denies_on_a_payers_terms(file):
    assert all(fact.severity is not Severity.DENY for fact in read_policy(file).facts)


@packs
def test_a_pack_is_named_by_its_payer_and_says_where_its_facts_come_from(file):
    assert read_policy(file).payer == file.stem
    assert "docs/explanation/payer-facts.md" in file.read_text(encoding="utf-8")


@packs
def test_what_was_not_read_first_hand_or_has_no_date_only_informs(file):
    for fact in read_policy(file).facts:
        if not fact.source.first_hand or not fact.source.date_text:
            assert fact.severity is Severity.INFORM, fact.id


def test_compiled_packs_are_what_the_yaml_says():
    assert COMPILED.read_text(encoding="utf-8") == compiled_packs(), "run scripts/make_payer_packs.py"


def test_compiled_packs_read_back_as_the_same_facts():
    loaded = load_policies()
    for file in policy_files(PACKS):
        written = read_policy(file)
        assert loaded.by_payer[written.payer].facts == written.facts
        assert loaded.by_payer[written.payer].identifiers == written.identifiers


def test_every_blue_policy_names_its_company_and_is_recognised_by_no_bare_blue_cross():
    shelf = load_policies()
    blues = [policy for policy in shelf.by_payer.values() if policy.payer.startswith("bcbs-")]
    assert len(blues) >= 9
    assert all(policy.blue and policy.plan for policy in blues)
    for name in ("BLUE CROSS", "BLUE CROSS BLUE SHIELD", "BCBS", "ANTHEM"):
        found = shelf.recognise("", name, medicare=False)
        assert found.payer == ""
        assert found.blue


def test_the_table_of_facts_accounts_for_all_164_and_for_every_statement():
    text = FACTS_TABLE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (used|left out): (.*) \|$", text, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 165))
    named = {fact for _, outcome, rest in rows if outcome == "used" for fact in re.findall(r"`([^`]+)`", rest)}
    shipped = {fact.id for policy in load_policies().by_payer.values() for fact in policy.facts}
    elsewhere = set(re.findall(r"^- `([^`]+)`: ", text, re.MULTILINE))
    assert not named & elsewhere
    assert named | elsewhere == shipped
    used = sum(outcome == "used" for _, outcome, _ in rows)
    assert f"| all | 164 | {used} | {164 - used} |" in text


def test_the_policy_of_the_how_to_is_whole_and_its_cases_hold():
    (text,) = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    policy = policy_from(text, HOW_TO.name)
    assert [done.problem for done in run_cases(policy, policies_from([policy])) if done.problem] == []


def test_the_how_to_names_every_key_and_word_of_the_format():
    page = HOW_TO.read_text(encoding="utf-8")
    assert [kind for kind in Kind if f"`{kind}`" not in page] == []
    for word in ("bilateral_one_line_50", "among_ncci_pairs", "unless_with", "from_end_of_year", "taxonomies_not"):
        assert f"`{word}`" in page


# --- the format


def test_a_policy_reads_as_it_is_written():
    policy = policy_from(POLICY, "acme.yaml")
    (fact,) = policy.facts
    assert fact.kind is Kind.PRIOR_AUTHORIZATION
    assert "22225" in fact.codes
    assert "22230" not in fact.codes
    assert fact.in_force(dt.date(2026, 1, 1))
    assert not fact.in_force(dt.date(2025, 12, 31))
    assert [done.problem for done in run_cases(policy, policies_from([policy]))] == ["", ""]
    cited = fact.citation("acme")
    assert (cited.source, cited.locator, cited.valid_from) == ("payer-policy:acme", "acme-pa", dt.date(2026, 1, 1))
    assert "Manual, 2026-01-01 (effective), confidence high: https://acme.example" in cited.text


CITATION = POLICY[POLICY.index("    citation:") : POLICY.index("cases:")]
REFUSED = {
    "no citation": (POLICY.replace(CITATION, ""), ["line 7", "no citation", "add `citation:`"]),
    "no document": (POLICY.replace("document: Manual, ", ""), ["facts[0].citation", "no document"]),
    "nowhere to read it": (POLICY.replace('url: "https://acme.example", ', ""), ["add `url:` or `where:`"]),
    "unknown key": (
        POLICY.replace("severity: review", "severty: review"),
        ["line 11, facts[0].severty", "write `severity:`"],
    ),
    "key of nothing": (POLICY.replace("    text:", "    textt: x\n    text:"), ["line 12", "perhaps text"]),
    "unknown kind": (POLICY.replace("kind: prior_authorization", "kind: prior_auth"), ["line 8", "choose one of"]),
    "key of another kind": (POLICY.replace("    text:", "    days: 3\n    text:"), ["'days' is no key"]),
    "key twice": (POLICY.replace("    text:", "    kind: place\n    text:"), ["line 12", "stands twice"]),
    "code without quotes": (POLICY.replace('"11111"', "11111", 1), ["line 9", "codes[0]", "quotes"]),
    "no code": (POLICY.replace('"11111"', '"1111"', 1), ["'1111'", "no procedure code"]),
    "turned range": (POLICY.replace("22220-22229", "22229-22220"), ["is no range"]),
    "mixed range": (POLICY.replace("22220-22229", "22220-2222T"), ["is no range"]),
    "no date": (POLICY.replace("valid_from: 2026-01-01", "valid_from: 2026-02-30"), ["line 10", "no date"]),
    "ends before it begins": (POLICY.replace("    severity", "    valid_to: 2025-12-31\n    severity"), ["valid_to"]),
    "no sentence": (POLICY.replace("wants it.", "wants it"), ["full stop"]),
    "no codes": (POLICY.replace('    codes: ["11111", "22220-22229"]\n', ""), ["which services"]),
    "second-hand and review": (POLICY.replace("first_hand: true", "first_hand: false"), ["never more than inform"]),
    "undated and review": (
        POLICY.replace("date: 2026-01-01, date_kind: effective,\n", "\n"),
        ["line 11", "never more than inform"],
    ),
    "medium and deny": (
        POLICY.replace("confidence: high", "confidence: medium").replace("severity: review", "severity: deny"),
        ["never more than review"],
    ),
    "custom and review": (POLICY.replace("confidence: high", "confidence: convention"), ["never more than inform"]),
    "no case fires": (POLICY.replace("[{fact: acme-pa, rule: PAY001, severity: review, line: 1}]", "[]"), ["acme-pa"]),
    "no case is silent": (POLICY[: POLICY.index("  - name: authorized")], ["left alone"]),
    "case of another fact": (POLICY.replace("fact: acme-pa", "fact: acme-po"), ["line 16", "acme-po"]),
    "no cases": (POLICY[: POLICY.index("cases:")], ["no cases"]),
    "another schema": (POLICY.replace("payer_policy/1", "payer_policy/9"), ["write schema"]),
    "bad short name": (POLICY.replace("payer: acme", "payer: Acme Health"), ["line 2"]),
    "no YAML": (POLICY.replace("plan: all", "plan: [all"), ["not YAML"]),
    "a list": ("- a\n- b\n", ["no mapping"]),
    "empty": ("", ["no schema"]),
    "same id": (with_second("kind: not_payable", id_="acme-pa"), ["two facts 'acme-pa'"]),
    "says the same": (with_second("kind: prior_authorization"), ["line 15", "keep one"]),
    "contradicting styles": (
        with_second(
            "kind: modifier_style\n    style: distinct_59", instead="kind: modifier_style\n    style: distinct_x"
        ),
        ["contradicts 'acme-pa'"],
    ),
    "contradicting limits": (
        with_second(
            "kind: frequency\n    maximum: 2\n    period: 1 year",
            instead="kind: frequency\n    maximum: 1\n    period: 12 months",
        ),
        ["contradicts"],
    ),
    "bad period": (
        POLICY.replace("kind: prior_authorization", "kind: " + "frequency\n    maximum: 1\n    period: often"),
        ["no period"],
    ),
    "groups without any": (
        POLICY.replace(
            "kind: prior_authorization", "kind: " + "frequency\n    maximum: 1\n    period: day\n    counted: groups"
        ),
        ["groups"],
    ),
    "payable without an edit": (
        POLICY.replace("kind: prior_authorization", "kind: " + 'bundling\n    into: ["33333"]\n    payable: true'),
        ["instead_of_ncci"],
    ),
    "bundled into nothing": (POLICY.replace("kind: prior_authorization", "kind: " + "bundling"), ["into"]),
    "bad indicator": (POLICY.replace("    text", "    indicators: {bilateral: yes}\n    text"), ["list of digits"]),
    "unknown indicator": (POLICY.replace("    text", "    indicators: {mue: [1]}\n    text"), ["'mue'"]),
    "bad line of business": (
        POLICY.replace("    text", "    when: {lines_of_business: [medicare]}\n    text"),
        ["lines_of_business"],
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_faulty_policy_is_refused_with_its_line_and_what_to_do(fault):
    text, said = REFUSED[fault]
    assert text != POLICY
    with pytest.raises(InputError) as refused:
        policy_from(text, "acme.yaml")
    message = str(refused.value)
    assert message.startswith("acme.yaml")
    assert [part for part in said if part not in message] == [], message


def test_limits_over_different_periods_and_parted_dates_do_not_contradict():
    limits = with_second(
        "kind: frequency\n    maximum: 4\n    period: 12 months",
        instead="kind: frequency\n    maximum: 3\n    period: 6 months",
    )
    assert len(policy_from(limits, "acme.yaml", with_cases=False).facts) == 2
    parted = with_second("kind: prior_authorization").replace("2026-01-01\n", "2027-01-01\n", 1)
    first, rest = parted.split("  - id: acme-two", 1)
    parted = first.replace("valid_from: 2027-01-01", "valid_to: 2025-12-31") + "  - id: acme-two" + rest
    assert len(policy_from(parted, "acme.yaml", with_cases=False).facts) == 2


def test_a_case_that_does_not_hold_says_what_was_expected_and_what_was_found():
    text = POLICY.replace("severity: review, line: 1", "severity: deny, line: 1")
    policy = policy_from(text, "acme.yaml")
    first, second = run_cases(policy, policies_from([policy]))
    assert "expected fact acme-pa, rule PAY001, severity deny" in first.problem
    assert "not expected: acme-pa by PAY001" in first.problem
    assert first.line == 16
    assert second.problem == ""


def test_a_case_whose_claim_cannot_be_made_says_so():
    policy = policy_from(POLICY.replace('{hcpcs: "11111"}', '{hcpc: "11111"}', 1), "acme.yaml")
    assert "cannot be made" in run_cases(policy, policies_from([policy]))[0].problem


# --- whose claim it is


@pytest.mark.parametrize(
    ("payer_id", "name", "medicare", "payer"),
    [
        ("60054", "", False, "aetna"),
        ("60054", "AETNA", False, "aetna"),
        ("", "AETNA LIFE INSURANCE CO", False, "aetna"),
        ("54321", "AETNA", False, "aetna"),
        ("60054", "CIGNA", False, ""),
        ("60054", "AETNA BETTER HEALTH OF OHIO", False, ""),
        ("62308", "CIGNA HEALTHSPRING", False, ""),
        ("", "UNITEDHEALTHCARE", False, "uhc"),
        ("87726", "UNITED HEALTH CARE", False, "uhc"),
        ("87726", "UHC COMMUNITY PLAN OF OHIO", False, "uhc-community-plan"),
        ("", "NYS EMPIRE PLAN", False, "uhc-empire-plan"),
        ("", "EMPIRE BLUECROSS BLUESHIELD", False, "bcbs-anthem-new-york"),
        ("", "BCBS OF NEBRASKA", False, "bcbs-nebraska"),
        ("", "BLUE CROSS AND BLUE SHIELD OF NORTH CAROLINA", False, "bcbs-north-carolina"),
        ("", "BCBSNC", False, "bcbs-north-carolina"),
        ("", "BLUE CROSS OF OHIO", False, ""),
        ("12345", "MEDICARE", True, "medicare"),
        ("09102", "MEDICARE PART B FLORIDA", True, "medicare-first-coast"),
        ("09102", "ACME", False, ""),
        ("12345", "MEDICARE SUPPLEMENT", False, ""),
        ("12345", "ACME", False, ""),
        ("", "", False, ""),
    ],
)
def test_payers_are_recognised_with_care(payer_id, name, medicare, payer):
    assert load_policies().recognise(payer_id, name, medicare=medicare).payer == payer


def test_a_contractors_claims_are_held_to_what_medicare_asks_everywhere():
    found = load_policies().recognise("13102", "", medicare=True)
    assert [policy.payer for policy in found.policies] == ["medicare-ngs", "medicare"]


@pytest.mark.parametrize(
    ("name", "payer"),
    [("aetna", "aetna"), ("60054", "aetna"), ("Cigna", "cigna"), ("medicare", "medicare"), ("13102", "medicare-ngs")],
)
def test_a_payer_can_be_named_by_short_name_identifier_or_name(name, payer):
    assert load_policies().find(name).payer == payer


def test_a_payer_without_a_policy_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean aetna"):
        load_policies().find("aetnaa")


# --- the user's own


@pytest.fixture
def own(tmp_path):
    (tmp_path / "acme.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def test_a_file_and_a_folder_are_read_beside_the_packs(own):
    for given in (own, own / "acme.yaml"):
        shelf = load_policies([given])
        assert shelf.recognise("ACME1", "", medicare=False).payer == "acme"
        assert shelf.recognise("60054", "", medicare=False).payer == "aetna"


def test_the_environment_names_policies(own, monkeypatch):
    monkeypatch.setenv("CLEANCLAIM_POLICIES", str(own))
    assert "acme" in load_policies().by_payer


def test_a_policy_of_yours_takes_the_place_of_a_pack_and_it_is_said(own):
    text = POLICY.replace("payer: acme", "payer: aetna").replace("[ACME1]", '["60054"]')
    (own / "acme.yaml").write_text(text, encoding="utf-8")
    shelf = load_policies([own])
    assert [fact.id for fact in shelf.by_payer["aetna"].facts] == ["acme-pa"]
    assert shelf.notes == ("Your policy of aetna takes the place of the one that comes with cleanclaim.",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("plan: all", "plan: some"), "a policy of the payer 'acme' too"),
        (("payer: acme", "payer: other"), "has the identifier 'ACME1' too"),
        (("payer: acme", "payer: other\nparent: nobody"), "parent 'nobody' is no payer"),
        (("payer: acme", "payer: other\nparent: other"), "leads back to itself"),
    ],
)
def test_policies_that_cannot_be_told_apart_are_refused(own, change, said):
    (own / "more.yaml").write_text(POLICY.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        load_policies([own])


def test_a_path_without_policies_is_refused(tmp_path):
    with pytest.raises(InputError, match="no payer policy is there"):
        load_policies([tmp_path])


def test_compiled_packs_hold_no_cases():
    assert all("cases" not in values for values in json.loads(COMPILED.read_text(encoding="utf-8")).values())
