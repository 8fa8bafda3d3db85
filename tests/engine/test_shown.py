"""No value that may name a patient is repeated: fields filled by mistake are told by their length."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from made import COMPLETE

from cleanclaim.engine.run import check_claims
from cleanclaim.engine.shown import has_shape, shown, some
from cleanclaim.render import json_report, jsonl_report, text_report
from cleanclaim.testing.inline import book_from, claim_from

NAMES = ("PENELOPEX", "19510317", "QZXNAME0001", "12 ELM STREET", "1951-03-17", "Penelope", "PENELOPE/ANN")
BOOKS = (book_from({}), book_from(COMPLETE), book_from({**COMPLETE, "mpfs": []}))
LINE_FIELDS = ("hcpcs", "code_system", "pos", "rendering_npi", "revenue_code", "rendering_taxonomy", "unit_basis")
CLAIM_FIELDS = (
    "billing_npi",
    "rendering_npi",
    "referring_npi",
    "attending_npi",
    "service_facility_npi",
    "billing_taxonomy",
    "frequency",
    "bill_type",
    "filing_indicator",
    "payer_id",
    "original_reference",
    "patient_key",
    "pos",
)
SOUND_LINE = {"hcpcs": "99213", "diagnosis_pointers": [1]}


def claims_with(name: str) -> list[dict[str, Any]]:
    """One claim for each field that can hold a name by mistake."""
    made: list[dict[str, Any]] = [{"lines": [SOUND_LINE | {field: name}, SOUND_LINE]} for field in LINE_FIELDS]
    made += [{"lines": [SOUND_LINE | {"modifiers": modifiers}]} for modifiers in ([name], [name, name], ["1P", name])]
    made += [{field: name, "lines": [SOUND_LINE]} for field in CLAIM_FIELDS]
    roles = ("principal", "other", "admitting", "external_cause")
    for role, system in product(roles, ("icd10cm", "icd9cm", "")):
        entry = {"code": name, "role": role, "system": system}
        made.append({"diagnoses": [entry, entry], "lines": [SOUND_LINE]})
    institutional = {"claim_type": "institutional", "bill_type": "13"}
    return [*made, *(claim | institutional for claim in made if "bill_type" not in claim)]


@pytest.mark.parametrize("book", BOOKS, ids=["empty", "complete", "no fee schedule"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_field_is_in_no_report(name, book):
    claims = [
        claim_from({"diagnoses": ["E119"], **given}, claim_id=f"C{at}") for at, given in enumerate(claims_with(name))
    ]
    report = check_claims(claims, book)
    assert report.findings
    for render in (text_report.render, json_report.render, jsonl_report.render):
        assert name not in render(report)
    dotted = f"{name[:3]}.{name[3:]}"
    assert dotted not in json_report.render(report)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("procedure", "99213"),
        ("procedure", "J1100"),
        ("procedure", "1111F"),
        ("procedure", "478331"),
        ("procedure", "731"),
        ("diagnosis", "E119"),
        ("diagnosis", "T2155XA"),
        ("diagnosis", "25000"),
        ("modifier", "59"),
        ("npi", "1234567890"),
        ("place of service", "11"),
        ("place of service", "1"),
        ("revenue code", "0450"),
        ("code system", "HC"),
    ],
)
def test_what_has_the_shape_of_its_field_is_shown(field, value):
    assert has_shape(field, value)
    assert shown(field, value) == value


@pytest.mark.parametrize("field", ["procedure", "diagnosis", "modifier", "npi", "place of service", "revenue code"])
@pytest.mark.parametrize("name", [*NAMES, "SMITH", "\uff19\uff19\uff12\uff11\uff13", "x" * 4000])
def test_what_has_not_is_told_by_its_length(field, name):
    assert shown(field, name) == f"a value of {len(name)} characters"


def test_an_absent_value_stays_absent():
    assert shown("npi", "") == ""


def test_units_are_never_written_with_an_exponent():
    line = {"hcpcs": "J7192", "units": Decimal(1234567)}
    facts = {"mue": [{"hcpcs": "J7192", "mue_value": 1}]}
    report = check_claims([claim_from({"lines": [line]})], book_from(facts))
    told = text_report.render(report)
    assert "1234567" in told
    assert "e+06" not in told
    assert "J7192: 1 unit, adjudication" in json_report.render(report)


def test_of_many_codes_the_first_few_are_named():
    assert some(["A", "B"]) == "A, B"
    assert some(["A", "B", "C", "D"], most=2) == "A, B and 2 more"
