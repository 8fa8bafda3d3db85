"""Every rule's own cases, from the YAML beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import cleanclaim.rules
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import all_rules, find_rule
from support.inline import book_from, claims_from

RULES = Path(cleanclaim.rules.__file__).parent


def cases() -> list[Any]:
    found = []
    for path in sorted(RULES.glob("*/*.cases.yaml")):
        code = path.name.removesuffix(".cases.yaml")
        of_rule = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [pytest.param(code, case, id=f"{code}: {case['name']}") for case in of_rule]
    return found


@pytest.mark.parametrize(("code", "case"), cases())
def test_case(code: str, case: dict[str, Any]) -> None:
    # A rule that explains others is only seen beside them, so its cases may name the rules to run.
    chosen = [find_rule(name) for name in case.get("rules", [code])]
    report = check_claims(claims_from(case), book_from(case.get("book", {})), rules=chosen)
    found = [finding for finding in report.findings if finding.rule == case.get("reported_as", code)]
    assert len(found) == len(case["expect"]), [finding.message for finding in found]
    for finding, expected in zip(found, case["expect"], strict=True):
        for name, value in expected.items():
            if name == "message_has":
                assert value in finding.message
                continue
            if name in {"fix_has", "fix_lacks"}:
                assert (value in finding.fix.text) is (name == "fix_has")
                continue
            actual = getattr(finding, name)
            assert (list(actual) if isinstance(actual, tuple) else actual) == value, name
    if "verdict" in case:
        assert report.claims[0].verdict == case["verdict"]


@pytest.mark.parametrize("loaded", all_rules(), ids=lambda loaded: loaded.rule.code)
def test_rule_has_cases_that_fire_and_cases_that_stay_silent(loaded):
    path = RULES / loaded.rule.family.lower() / f"{loaded.rule.code}.cases.yaml"
    outcomes = {bool(case["expect"]) for case in yaml.safe_load(path.read_text(encoding="utf-8"))}
    assert outcomes == {True, False}
