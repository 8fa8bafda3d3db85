"""SARIF: valid by the published schema, and its results, rules and locations agree with the report."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from forms import made
from jsonschema import Draft4Validator
from reports import BUNDLED, EMPTY, FULL, HOSTILE, hostile

from cleanclaim.render.sarif_report import uri
from cleanclaim.rules.registry import find_rule
from cleanclaim.types import Place, Reject, Report, Severity

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))


def log(report: Report) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(made(report, "sarif"))
    return written


def run(report: Report) -> dict[str, Any]:
    [only] = log(report)["runs"]
    assert isinstance(only, dict)
    return only


def faults(document: Any) -> list[str]:
    return [error.message for error in Draft4Validator(SCHEMA).iter_errors(document)]


@pytest.mark.parametrize("report", [FULL, EMPTY, hostile(HOSTILE), hostile("")], ids=["full", "empty", "bad", "blank"])
def test_the_log_is_valid_by_the_schema_of_sarif_2_1_0(report):
    assert faults(log(report)) == []


def test_the_schema_would_tell_a_wrong_log():
    wrong = copy.deepcopy(log(FULL))
    wrong["runs"][0]["results"][0]["level"] = "deny"
    del wrong["runs"][0]["tool"]["driver"]["name"]
    assert len(faults(wrong)) == 2


def test_severities_are_levels():
    levels = {result["ruleId"]: result["level"] for result in run(FULL)["results"] if not result["suppressions"]}
    assert levels == {"PTP001": "error", "PTP004": "warning", "DUP001": "note"}


def test_every_result_points_at_its_rule_and_its_file():
    whole = run(FULL)
    for result in whole["results"]:
        assert whole["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert whole["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]


def test_a_finding_tells_its_byte_and_its_claim_line():
    [result] = [result for result in run(FULL)["results"] if result["ruleId"] == "PTP001"]
    [location] = result["locations"]
    assert location["physicalLocation"]["region"] == {"byteOffset": 1042, "message": {"text": "SV1"}}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "26463774/2", "kind": "element"}]
    assert result["properties"]["amount_at_risk"] == "1029.06"


def test_a_rule_of_ours_brings_its_documentation():
    described = {rule["id"]: rule for rule in run(FULL)["tool"]["driver"]["rules"]}["PTP001"]
    loaded = find_rule("PTP001")
    assert described["shortDescription"]["text"] == loaded.summary
    assert "## How to fix" in described["help"]["markdown"]
    assert described["defaultConfiguration"] == {"level": "error"}


def test_a_rule_we_do_not_have_is_told_as_its_finding_tells_it():
    foreign = replace(BUNDLED, rule="ZZZ999", name="of-another", severity=Severity.REVIEW)
    [described] = run(replace(FULL, findings=(foreign,), set_aside=()))["tool"]["driver"]["rules"]
    assert described["id"] == "ZZZ999"
    assert described["shortDescription"] == {"text": "of-another"}
    assert described["defaultConfiguration"] == {"level": "warning"}


def test_what_is_set_aside_is_suppressed_and_nothing_else_is():
    results = run(FULL)["results"]
    assert [len(result["suppressions"]) for result in results] == [0, 0, 0, 1, 1]
    assert results[3]["suppressions"][0] == {
        "kind": "external",
        "status": "accepted",
        "justification": "agreed with the payer",
        "properties": {"by": "suppression", "source": "claims.ignore.yaml", "entry": "3", "expires": "2027-01-31"},
    }


def test_what_was_not_read_is_an_error_of_the_invocation():
    [invocation] = run(FULL)["invocations"]
    assert [note["level"] for note in invocation["toolExecutionNotifications"]] == ["error", "error", "note"]
    assert invocation["executionSuccessful"] is True
    nothing_read = Report((), (), (), (Reject("a", 0, "ISA", "why"),), 0)
    assert run(nothing_read)["invocations"][0]["executionSuccessful"] is False


def test_verdicts_and_what_was_not_checked_are_properties_of_the_run():
    properties = run(FULL)["properties"]
    assert {claim["claim"]: claim["verdict"] for claim in properties["claims"]}["S-1"] == "stale"
    assert properties["summary"]["amount_at_risk"] == "1029.06"


def fingerprint(finding: Any) -> str:
    [result] = run(replace(FULL, findings=(finding,), set_aside=()))["results"]
    return str(result["partialFingerprints"]["claimFinding/v1"])


def test_a_fingerprint_stays_when_the_file_moves_and_changes_with_the_fault():
    moved = replace(BUNDLED, at=Place("other.837", 7, "SV1"), message="in other words")
    assert fingerprint(moved) == fingerprint(BUNDLED)
    others = [replace(BUNDLED, line=3), replace(BUNDLED, claim="X"), replace(BUNDLED, codes=("74360", "43215"))]
    assert len({fingerprint(finding) for finding in [BUNDLED, *others]}) == 4


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("claims/a.837", "claims/a.837"),
        ("/data/a b.837", "file:///data/a%20b.837"),
        ("a.zip!b:c.837", "a.zip!b%3Ac.837"),
        ("ä#?.837", "%C3%A4%23%3F.837"),
    ],
)
def test_a_file_is_named_by_a_uri(file, expected):
    assert uri(file) == expected


def test_brackets_and_braces_of_a_claims_file_are_no_links_and_no_placeholders():
    text = run(hostile("[x](http://a) {0} \\"))["results"][0]["message"]["text"]
    assert text.startswith("\\[x\\](http://a) {{0}} \\\\")
