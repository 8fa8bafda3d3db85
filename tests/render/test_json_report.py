"""The JSON reports: exactly the keys of the contract, and the same facts in both forms."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from reports import BUNDLED, EMPTY, FULL
from schema import SCHEMA, faults

from cleanclaim.engine.pair import pair
from cleanclaim.engine.run import check_claims
from cleanclaim.render import json_report, jsonable, jsonl_report
from cleanclaim.testing.inline import book_from, claim_from
from cleanclaim.types import Place, Report

KINDS = {"claim": "claims", "finding": "findings", "set_aside": "set_aside", "reject": "rejects", "file": "files"}


def document(report: Report) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json_report.render(report))
    return made


def test_the_report_has_the_keys_of_the_contract_and_no_others():
    assert faults(document(FULL), "report") == []
    assert faults(document(EMPTY), "report") == []


@pytest.mark.parametrize("key", SCHEMA["$defs"]["report"]["required"])
def test_the_schema_would_tell_a_missing_key(key):
    made = document(FULL)
    del made[key]
    assert faults(made, "report") == [f"$: '{key}' is a required property"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("summary", "amount_at_risk"), 12.5),
        (("summary", "findings"), "2"),
        (("claims", 0, "verdict"), "ok"),
        (("findings", 0, "line"), 0),
        (("findings", 0, "extra"), 1),
        (("findings", 1, "citations", 0, "valid_to"), "12/31/2026"),
        (("findings", 1, "adjustment", "carc"), 236),
    ],
)
def test_the_schema_would_tell_a_wrong_value(path, value):
    made = document(FULL)
    at = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert faults(made, "report")


def test_a_whole_finding_is_written_as_the_contract_shows_it():
    assert jsonable.finding(BUNDLED) == {
        "rule": "PTP001",
        "name": "bundled-procedure-pair",
        "severity": "deny",
        "claim": "26463774",
        "line": 2,
        "related_lines": [1],
        "related_claims": [],
        "codes": ["74360", "43214"],
        "message": BUNDLED.message,
        "fix": {"action": "remove-line", "safety": "review", "text": BUNDLED.fix.text, "changes": []},
        "adjustment": {"group": "CO", "carc": "236", "rarc": ["M80", "N20"], "appealable": True},
        "appeal": {"worth": "rarely", "why": "No modifier is allowed, so the record cannot turn it.", "needs": []},
        "documentation": ["that 43214 was not done"],
        "amount_at_risk": "1029.06",
        "allowed_at_risk": "29.06",
        "allowed_reason": "",
        "citations": [
            {
                "source": "ncci-ptp-practitioner",
                "release": "2024Q3",
                "locator": "43214/74360",
                "valid_from": None,
                "valid_to": "2026-12-31",
                "text": BUNDLED.citations[0].text,
            },
            {
                "source": "ncci-policy-manual",
                "release": "2026",
                "locator": "I.E",
                "valid_from": None,
                "valid_to": None,
                "text": "indicator 0: no modifier bypasses the edit",
            },
        ],
        "at": {"file": "claims/a.837", "byte": 1042, "segment": "SV1"},
    }


def test_the_summary_adds_up():
    summary = document(FULL)["summary"]
    verdicts = [summary[name] for name in ("clean", "denied", "review", "not_checked", "stale")]
    assert sum(verdicts) == summary["claims"] == 5
    assert summary == {
        "claims": 5,
        "lines": 12,
        "rejected": 1,
        "clean": 1,
        "denied": 1,
        "review": 1,
        "not_checked": 1,
        "stale": 1,
        "findings": 3,
        "set_aside": 2,
        "amount_at_risk": "1029.06",
        "allowed_at_risk": "29.06",
        "priced_lines": 1,
        "unpriced_lines": 1,
        "priced_by": {"service_zip": 0, "billing_zip": 1, "national": 0},
    }


def test_totals_stand_by_rule_payer_provider_and_code():
    totals = document(FULL)["totals"]
    assert list(totals) == ["by_rule", "by_payer", "by_provider", "by_code"]
    assert totals["by_rule"][0] == {
        "rule": "PTP001",
        "name": "bundled-procedure-pair",
        "claims": 1,
        "findings": 1,
        "amount_at_risk": "1029.06",
        "allowed_at_risk": "29.06",
        "priced_lines": 1,
        "unpriced_lines": 1,
    }
    assert [entry["payer"] for entry in totals["by_payer"]] == ["00123", ""]
    assert [entry["npi"] for entry in totals["by_provider"]] == ["1992999015", ""]
    assert [(entry["code"], entry["allowed_at_risk"]) for entry in totals["by_code"]] == [
        ("99421", None),
        ("74360", "29.06"),
        ("20610", "0.00"),
    ]


def test_a_reject_names_its_claim_only_when_it_could_be_read():
    first, second = document(FULL)["rejects"]
    assert first["claim"] == "LOST-1"
    assert "claim" not in second


def test_json_lines_say_the_same_in_the_same_order():
    whole = document(FULL)
    records = [json.loads(line) for line in jsonl_report.render(FULL).splitlines()]
    kinds = [record.pop("kind") for record in records]
    assert kinds[0] == "book"
    assert kinds[-1] == "summary"
    assert records[0] == {name: whole[name] for name in ("schema", "book", "notes")}
    assert records[-1] == whole["summary"]
    for kind, key in KINDS.items():
        of_kind = [record for record, its_kind in zip(records, kinds, strict=True) if its_kind == kind]
        assert of_kind == whole[key]
        assert [faults(record, kind) for record in of_kind] == [[]] * len(of_kind)
    totals = [record for record, kind in zip(records, kinds, strict=True) if kind == "total"]
    assert totals == [{"by": by[3:], **total} for by, entries in whole["totals"].items() for total in entries]
    assert len(records) == 2 + len(totals) + sum(len(whole[key]) for key in KINDS.values())


@pytest.mark.parametrize("render", [json_report.render, jsonl_report.render])
def test_any_name_of_a_file_or_claim_can_be_written_in_any_encoding(render):
    report = replace(FULL, findings=(replace(BUNDLED, claim="Ñ\udcff\x00", at=Place("a\udcff.837")),))
    assert render(report).encode("ascii")


def test_the_real_reports_keep_the_contract():
    book = book_from(
        {
            "ptp": [{"column_one": "11111", "column_two": "22222"}],
            "mue": [{"hcpcs": "11111", "mue_value": 1}],
            "icd10cm": [{"icd10cm": "E11", "billable": False}],
        }
    )
    claims = [
        claim_from({"diagnoses": ["E11", "X"], "lines": [{"hcpcs": "11111", "units": 3}, {"hcpcs": "22222"}]}),
        claim_from({"lines": [{"hcpcs": "BAD", "service_date": None, "charge": None}], "total_charge": None}),
        claim_from({"claim_type": "institutional", "bill_type": "11", "lines": []}),
    ]
    assert faults(document(check_claims(claims, book)), "report") == []


@pytest.mark.parametrize("codes", [("11111", "22222"), ("11111", "33333"), ("11111", "99999")])
def test_a_pair_answer_has_the_keys_of_the_contract_and_no_others(codes):
    book = book_from(
        {
            "ptp": [{"column_one": "11111", "column_two": code} for code in ("22222", "44444")]
            + [{"column_one": "33333", "column_two": "44444"}]
        }
    )
    made = json.loads(json.dumps(jsonable.pair(pair(book, *codes, dt.date(2026, 7, 15)))))
    assert faults(made, "pair") == []
    assert (made["column_one"], made["column_two"]) == codes


def test_plain_values_are_those_of_the_contract():
    given = [dt.date(2026, 7, 1), Decimal(3), (Decimal("1.5"), None), "x", 2]
    assert jsonable.plain(given) == ["2026-07-01", "3.00", ["1.50", None], "x", 2]
