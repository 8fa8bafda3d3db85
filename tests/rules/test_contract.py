"""What every rule promises, tested for each of them for nothing."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import string
from pathlib import Path
from typing import Any

import pytest
import yaml

import cleanclaim.rules
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.model import CODE, HEADINGS, LoadedRule, Scope
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import Severity
from support.inline import book_from, claim_from, claims_from

RULES = Path(cleanclaim.rules.__file__).parent
every_rule = pytest.mark.parametrize("loaded", all_rules(), ids=lambda loaded: loaded.rule.code)


def firing_cases(loaded: LoadedRule) -> list[dict[str, Any]]:
    path = RULES / loaded.rule.family.lower() / f"{loaded.rule.code}.cases.yaml"
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [case for case in found if case["expect"] and "rules" not in case]


@every_rule
def test_documentation_has_the_fixed_headings_in_order(loaded):
    assert tuple(loaded.sections) == HEADINGS
    assert all(loaded.sections.values())
    assert loaded.summary.endswith(".")


@every_rule
def test_code_and_name_are_well_formed(loaded):
    assert CODE.fullmatch(loaded.rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", loaded.rule.name)


def test_codes_and_names_are_unique():
    codes = [loaded.rule.code for loaded in all_rules()]
    names = [loaded.rule.name for loaded in all_rules()]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)


@every_rule
def test_deny_rests_on_a_table_row_or_a_cited_document(loaded):
    cited = [citation for citation in loaded.rule.citations if citation.source != "convention"]
    if loaded.rule.severity is Severity.DENY:
        assert loaded.rule.tables or cited
    assert loaded.rule.tables or loaded.rule.citations, "a rule without any authority"


MANUAL = Path(__file__).parents[3] / "shared" / "data" / "ncci" / "policy_manual_medicare_2026.txt"


@every_rule
def test_citations_of_the_manual_name_an_item(loaded):
    for citation in loaded.rule.citations:
        if citation.source == "ncci-policy-manual":
            assert re.fullmatch(r"(Introduction|[IVX]+)(\.[A-Z]+(\.\d+)?(\.?[a-z])?)*", citation.locator), citation


@every_rule
def test_check_is_a_pure_function_of_numbers(loaded):
    """No call but to small functions of the rules package, no text, no loop over claims: it can be compiled."""
    tree = ast.parse(inspect.getsource(loaded.check))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Import | ast.ImportFrom | ast.Global | ast.Try | ast.With | ast.JoinedStr)
    parameters = list(inspect.signature(loaded.check).parameters)
    expected = {
        Scope.LINE: ["line"],
        Scope.PAIR: ["edit", "one", "two"],
        Scope.DIAGNOSIS: ["dx"],
        Scope.CLAIM: ["claim"],
    }
    assert parameters == expected[loaded.rule.scope]


@every_rule
def test_message_and_fix_are_sentences(loaded):
    for text in (loaded.rule.message, loaded.rule.fix.text):
        assert text.rstrip().endswith("."), text
        list(string.Formatter().parse(text))
    assert loaded.rule.fix.safety in {"safe", "review"}


@every_rule
def test_empty_input_gives_an_empty_report(loaded):
    report = check_claims([], book_from({}), rules=[loaded])
    assert report.findings == ()
    assert report.claims == ()


@every_rule
def test_order_of_lines_does_not_change_what_is_found(loaded):
    for case in firing_cases(loaded):
        claims, book = claims_from(case), book_from(case.get("book", {}))
        turned = [dataclasses.replace(claim, lines=tuple(reversed(claim.lines))) for claim in claims]
        before = check_claims(claims, book, rules=[loaded]).findings
        after = check_claims(turned, book, rules=[loaded]).findings
        assert len(before) == len(after), case["name"]


@every_rule
def test_unrelated_claims_change_nothing(loaded):
    for case in firing_cases(loaded):
        claims, book = claims_from(case), book_from(case.get("book", {}))
        strangers = [
            claim_from({"patient_key": f"stranger {number}", "lines": [{"hcpcs": "99213"}], "diagnoses": ["I10"]})
            for number in range(3)
        ]
        alone = check_claims(claims, book, rules=[loaded]).findings
        together = check_claims([strangers[0], *claims, *strangers[1:]], book, rules=[loaded]).findings
        own = {claim.claim_id for claim in claims}
        of_strangers = check_claims(strangers, book, rules=[loaded]).findings
        assert len(together) == len(alone) + len(of_strangers), case["name"]
        assert {finding.message for finding in alone} <= {f.message for f in together if f.claim in own}


@every_rule
def test_removing_the_lines_found_clears_the_finding(loaded):
    """What a finding stands on is the line it names: without that line it is gone."""
    for case in firing_cases(loaded):
        claims, book = claims_from(case), book_from(case.get("book", {}))
        found = check_claims(claims, book, rules=[loaded]).findings
        named = {(finding.claim, finding.line) for finding in found if finding.line is not None}
        if not named or loaded.rule.scope in {Scope.CLAIM, Scope.DIAGNOSIS}:
            continue
        kept = [
            dataclasses.replace(
                claim, lines=tuple(line for line in claim.lines if (claim.claim_id, line.line_no) not in named)
            )
            for claim in claims
        ]
        again = check_claims(kept, book, rules=[loaded]).findings
        assert not {(finding.claim, finding.line) for finding in again} & named, case["name"]
