"""FHIR: valid R4 resources, denials where a payer would put them, and no patient."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from forms import made
from pydantic import ValidationError
from reports import BUNDLED, EMPTY, FULL, HOSTILE, WHOLE_CLAIM, hostile

from cleanclaim.render.fhir_report import CARC, GROUP, RARC
from cleanclaim.types import ClaimResult, Place, Report, Verdict


def bundle(report: Report) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(made(report, "fhir"))
    return written


def resources(report: Report, kind: str = "ClaimResponse") -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle(report).get("entry", ())]
    return [resource for resource in found if resource["resourceType"] == kind]


def response(report: Report, claim: str) -> dict[str, Any]:
    [only] = [one for one in resources(report) if one["request"]["identifier"]["value"] == claim]
    return only


@pytest.mark.parametrize("report", [FULL, EMPTY, hostile(HOSTILE), hostile("")], ids=["full", "empty", "bad", "blank"])
def test_the_bundle_is_valid_by_the_models_of_fhir(report):
    assert Bundle.model_validate(bundle(report)).type == "collection"


def test_the_models_would_tell_a_wrong_bundle():
    wrong = bundle(FULL)
    del wrong["entry"][0]["resource"]["patient"]
    with pytest.raises(ValidationError):
        Bundle.model_validate(wrong)


def test_every_claim_has_its_response_and_an_id_of_its_own():
    ids = [entry["fullUrl"] for entry in bundle(FULL)["entry"]]
    assert len(set(ids)) == len(ids) == 6
    assert {one["request"]["identifier"]["value"] for one in resources(FULL)} == {claim.claim for claim in FULL.claims}


def test_a_denial_stands_under_its_line_with_its_codes():
    [item] = [item for item in response(FULL, "26463774")["item"] if item["itemSequence"] == 2]
    [adjudication] = item["adjudication"]
    codes = {(coding["system"], coding["code"]) for coding in adjudication["reason"]["coding"]}
    assert {(GROUP, "CO"), (CARC, "236"), (RARC, "M80"), (RARC, "N20")} <= codes
    assert {coding["code"] for coding in adjudication["category"]["coding"]} == {"deny", "denialreason"}
    assert adjudication["amount"] == {"value": 1029.06, "currency": "USD"}


def test_only_a_deny_finding_is_called_a_denial():
    claim = response(FULL, "26463774")
    [review] = [item for item in claim["item"] if item["itemSequence"] == 1]
    assert [coding["code"] for coding in review["adjudication"][0]["category"]["coding"]] == ["review"]


def test_every_item_names_the_notes_that_tell_what_to_do():
    claim = response(FULL, "26463774")
    notes = {note["number"]: note["text"] for note in claim["processNote"]}
    [item] = [item for item in claim["item"] if item["itemSequence"] == 2]
    [note] = [notes[number] for number in item["noteNumber"]]
    assert "To do: Remove 74360" in note
    assert "The record must show: that 43214 was not done." in note
    assert "ncci-ptp-practitioner 2024Q3, 43214/74360" in note


def test_a_finding_on_the_whole_claim_or_on_a_line_fhir_cannot_count_stands_on_the_claim():
    assert len(response(FULL, "B-1")["adjudication"]) == 1
    uncounted = replace(WHOLE_CLAIM, line=0)
    claim = response(replace(FULL, findings=(uncounted,)), "B-1")
    assert "item" not in claim
    assert len(claim["adjudication"]) == 1


def test_what_could_not_be_checked_makes_the_outcome_partial():
    assert response(FULL, "B-1")["outcome"] == "partial"
    assert [error["itemSequence"] for error in response(FULL, "B-1")["error"][:2]] == [2, 2]
    assert response(FULL, "26463774")["outcome"] == "complete"


def test_no_response_names_a_patient():
    for claim in resources(FULL):
        assert claim["patient"] == {
            "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]
        }


def test_a_forecast_is_not_called_a_payers_decision():
    assert {claim["use"] for claim in resources(FULL)} == {"predetermination"}


def test_rejects_and_notes_are_issues_of_one_outcome():
    [outcome] = resources(FULL, "OperationOutcome")
    assert [(issue["severity"], issue["code"]) for issue in outcome["issue"]] == [
        ("error", "structure"),
        ("error", "structure"),
        ("information", "informational"),
    ]
    assert outcome["issue"][0]["diagnostics"] == "c.837, byte 1234, CLM, claim LOST-1"
    assert resources(EMPTY, "OperationOutcome") == []


def test_two_claims_of_one_number_share_a_response_that_says_so():
    claims = tuple(
        ClaimResult("A", "f", verdict, amount_at_risk=Decimal(5)) for verdict in (Verdict.REVIEW, Verdict.DENIED)
    )
    [claim] = resources(Report((), claims, (replace(BUNDLED, claim="A", at=Place("f")),), (), 2))
    assert claim["disposition"] == "Forecast: denied; 1 finding; 2 claims bear this number."
    assert claim["total"][0]["amount"]["value"] == 10.0
