"""The denial each rule predicts: codes that exist and may be used so, and what public pages say of real denials."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import all_rules
from cleanclaim.testing.inline import book_from, claims_from
from cleanclaim.types import Finding, Severity

EXAMPLES = yaml.safe_load(Path(__file__).with_name("denial_examples.yaml").read_text(encoding="utf-8"))
PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "denials.md").read_text(encoding="utf-8")

NEED_A_REMARK = frozenset("16 96 129 148 201 226 227 234 237 250 251 252 267 307".split())
"""CARCs that must come with a RARC that is no alert (their text says so)."""
ALERTS = frozenset({"N620"})
"""The RARCs we predict that are alerts."""
GROUP_OF = {"18": "OA"}
"""CARCs whose text allows one group code only."""
NO_DENIAL = {
    "FMT012": "no denial is predicted",
    "COD010": "never a denial",
    "MOD052": "no denial is expected",
    "MOD053": "no denial is expected",
}
"""Rules of which no payer's denial follows though they do more than inform, and the words of their Limits for it."""

predicting = [loaded.rule for loaded in all_rules() if loaded.rule.adjustment is not None]
cases = [
    pytest.param(example, case, id=f"{example['number']}: {case['rule']}")
    for example in EXAMPLES
    for case in example.get("cases", ())
]


def denial_of(finding: Finding) -> list[str]:
    assert finding.adjustment is not None
    return [finding.adjustment.group, finding.adjustment.carc, *finding.adjustment.rarc]


def agrees(denial: list[str], ours: list[str]) -> bool:
    """Group and CARC are the same where the page gives them, and none of its RARCs is missing."""
    return (denial[:2] == ours[:2] or denial[:2] == ["", ""]) and set(denial[2:]) <= set(ours[2:])


# --- the rules


@pytest.mark.parametrize("loaded", all_rules(), ids=lambda loaded: loaded.rule.code)
def test_a_rule_without_a_denial_informs_or_says_why(loaded):
    if loaded.rule.adjustment is None and loaded.rule.severity is not Severity.INFORM:
        assert NO_DENIAL[loaded.rule.code] in " ".join(loaded.sections["Limits"].split())


def test_no_reason_is_given_for_a_rule_that_predicts_a_denial():
    assert not {rule.code for rule in predicting} & NO_DENIAL.keys()


@pytest.mark.parametrize("rule", predicting, ids=lambda rule: rule.code)
def test_a_denial_has_the_shape_of_its_codes_and_the_remark_its_carc_asks_for(rule):
    denial = rule.adjustment
    assert denial.group in {"CO", "PR", "OA", "PI"}
    assert re.fullmatch(r"[0-9]{1,3}|[ABPWY][0-9]{1,2}", denial.carc)
    assert all(re.fullmatch(r"(M|MA|N)[0-9]{1,3}", remark) for remark in denial.rarc)
    assert len(set(denial.rarc)) == len(denial.rarc)
    assert denial.group == GROUP_OF.get(denial.carc, denial.group)
    if denial.carc in NEED_A_REMARK:
        assert set(denial.rarc) - ALERTS


def published_codes(folder: Path, name: str) -> dict[str, str]:
    with (folder / "codesets" / f"{name}_codes.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["description"] for row in csv.DictReader(file)}


def test_every_code_predicted_is_published_and_in_use(published):
    carcs, rarcs = (published_codes(published, name) for name in ("carc", "rarc"))
    # The export at hand lacks the letter series of the CARCs (B16 among ours).
    assert not [code for code in carcs if not code.isdigit()], "the letters are there: check them too"
    used = {rule.adjustment.carc for rule in predicting}
    remarks = {remark for rule in predicting for remark in rule.adjustment.rarc}
    assert {carc for carc in used if carc.isdigit()} <= carcs.keys()
    assert remarks <= rarcs.keys()
    ended = [code for code in used & carcs.keys() if "Stop: " in carcs[code]]
    ended += [code for code in remarks if "Stop: " in rarcs[code]]
    assert ended == []


def test_the_codes_said_to_need_a_remark_or_to_be_alerts_are_those_published(published):
    carcs, rarcs = (published_codes(published, name) for name in ("carc", "rarc"))
    asking = {code for code, text in carcs.items() if "At least one Remark Code must be provided" in text}
    in_use = {code for code in asking if "Stop: " not in carcs[code]}
    assert in_use <= NEED_A_REMARK
    assert asking >= {rule.adjustment.carc for rule in predicting} & NEED_A_REMARK
    remarks = {remark for rule in predicting for remark in rule.adjustment.rarc}
    assert {remark for remark in remarks if rarcs[remark].startswith("Alert:")} == ALERTS & remarks
    assert all("OA" in carcs[carc] for carc in GROUP_OF)


# --- the examples of public pages


@pytest.mark.parametrize(("example", "case"), cases)
def test_the_claim_of_an_example_is_denied_as_its_page_says_or_the_difference_is_explained(
    example: dict[str, Any], case: dict[str, Any]
) -> None:
    report = check_claims(claims_from(case), book_from(case.get("book", {})))
    found = [finding for finding in report.findings if finding.rule == case["rule"]]
    assert len(found) == 1, [finding.rule for finding in report.findings]
    assert denial_of(found[0]) == case["ours"]
    if "differs" not in example:
        assert agrees(example["denial"], case["ours"])


def test_a_difference_is_explained_only_where_there_is_one():
    for example in EXAMPLES:
        assert ("cases" in example) is not ("not_checked" in example)
        if "differs" in example:
            assert not all(agrees(example["denial"], case["ours"]) for case in example["cases"])


def test_the_examples_are_those_collected(published):
    with (published / "payers" / "denial_examples.csv").open(encoding="utf-8") as file:
        collected = [[row["group"], row["carc"], *row["rarc"].split()] for row in csv.DictReader(file)]
    assert [example["denial"] for example in EXAMPLES] == collected


def shown(codes: list[str]) -> str:
    group, carc, *remarks = codes
    return " ".join([f"{group}-{carc}"] * bool(carc) + remarks)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["number"])
def test_the_page_on_denials_shows_every_example(example):
    answers = "; ".join(f"{case['rule']}: {shown(case['ours'])}" for case in example.get("cases", ())) or "no rule"
    verdict = example.get("differs") or example.get("not_checked") or "the same"
    row = f"| {example['number']} | {example['situation']} | {shown(example['denial'])} | {answers} | {verdict} |"
    assert row in PAGE


def test_the_page_on_denials_counts_the_examples():
    seen = [example for example in EXAMPLES if "cases" in example]
    different = [example for example in seen if "differs" in example]
    counted = (
        f"Of the {len(EXAMPLES)}, {len(seen)} situations can be seen on a claim: in {len(seen) - len(different)} the "
        f"prediction is the same, in {len(different)} it differs as said. The other {len(EXAMPLES) - len(seen)} "
        "depend on what no claim shows."
    )
    assert counted in " ".join(PAGE.split())
