"""What a claim's payer and type of bill change."""

from __future__ import annotations

import pytest

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from
from cleanclaim.types import Verdict

FACTS = {
    "ptp": [{"column_one": "11111", "column_two": "22222", "modifier_indicator": 0}],
    "ptp_outpatient": [{"column_one": "11111", "column_two": "22222", "modifier_indicator": 0}],
    "mue_outpatient": [{"hcpcs": "11111", "mue_value": 9}, {"hcpcs": "22222", "mue_value": 9}],
    "aoc": [{"add_on": "33333", "primary": "11111"}],
    "mpfs": [{"hcpcs": "11111"}, {"hcpcs": "22222", "status_indicator": "B"}],
}
PAIR = [{"hcpcs": "11111"}, {"hcpcs": "22222"}]


def institutional(bill_type, lines=PAIR, **fields):
    claim = claim_from({"claim_type": "institutional", "bill_type": bill_type, "lines": lines, **fields})
    return check_claims([claim], book_from(FACTS), rules=select_rules(["PTP", "MUE", "ADD", "COD"]))


@pytest.mark.parametrize("bill_type", ["12", "32", "72", "81", ""])
def test_a_bill_type_whose_edits_are_unsettled_is_never_clean(bill_type):
    report = institutional(bill_type, [{"hcpcs": "11111"}])
    (claim,) = report.claims
    assert claim.verdict is Verdict.NOT_CHECKED
    assert {"PTP", "MUE", "ADD"} <= {gap.what for gap in claim.not_checked}


def test_an_inpatient_claim_is_not_held_to_procedure_edits():
    (claim,) = institutional("11", [{"hcpcs": "11111"}]).claims
    assert "PTP" not in {gap.what for gap in claim.not_checked}


@pytest.mark.parametrize("bill_type", ["11", "13", "72"])
def test_a_code_that_does_not_exist_is_denied_on_every_kind_of_claim(bill_type):
    found = institutional(bill_type, [{"hcpcs": "12345"}]).findings
    assert "COD001" in {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("fields", "judged"),
    [
        ({"filing_indicator": "MB"}, True),
        ({"payer_name": "MEDICARE PART B OHIO"}, True),
        ({"payer_name": "BLUE CROSS OF OHIO"}, False),
        ({"payer_name": "ACME MEDICARE ADVANTAGE"}, False),
        ({"filing_indicator": "CI", "payer_name": "MEDICARE SUPPLEMENT"}, False),
        ({}, True),
    ],
)
def test_medicare_status_binds_medicare_and_claims_that_name_no_payer(fields, judged):
    claim = claim_from({"lines": [{"hcpcs": "22222"}], "payer_id": "", **fields})
    found = {finding.rule for finding in check_claims([claim], book_from(FACTS)).findings}
    assert ("COD004" in found) is judged


@pytest.mark.parametrize(("filing", "carc"), [("MB", "236"), ("CI", "97"), ("", "236")])
def test_another_payer_answers_a_pair_with_97(filing, carc):
    claim = claim_from({"lines": PAIR, "filing_indicator": filing})
    (finding,) = [found for found in check_claims([claim], book_from(FACTS)).findings if found.rule == "PTP001"]
    assert finding.adjustment is not None
    assert finding.adjustment.carc == carc
