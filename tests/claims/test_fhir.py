from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimType, Setting
from cleanclaim.claims.readers.fhir import read
from cleanclaim.claims.readers.values import patient_key
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

ROOT = Path(__file__).parents[2]
IDR = ROOT.parent / "shared/data/claims/bfd_idr_sample"

CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
BLUE_BUTTON_HCPCS = "https://bluebutton.cms.gov/resources/codesystem/hcpcs"
POS = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
NDC = "http://hl7.org/fhir/sid/ndc"
NPI = "http://hl7.org/fhir/sid/us-npi"
ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
BLUE_BUTTON = "https://bluebutton.cms.gov/resources/variables/"


def concept(*codings: tuple[str, str]) -> dict:
    return {"coding": [{"system": system, "code": code} for system, code in codings]}


def coded(code: str) -> dict:
    return concept(("http://terminology.hl7.org/any", code))


def provider(npi: str) -> dict:
    return {"identifier": {"system": NPI, "value": npi}}


def member(sequence: int, role: str, npi: str, taxonomy: str = "") -> dict:
    entry = {"sequence": sequence, "role": coded(role), "provider": provider(npi)}
    if taxonomy:
        entry["qualification"] = concept(("http://nucc.org/provider-taxonomy", taxonomy))
    return entry


def diagnosis(sequence: int, code: str, *types: str, system: str = ICD10) -> dict:
    return {
        "sequence": sequence,
        "diagnosisCodeableConcept": concept((system, code)),
        **({"type": [coded(role) for role in types]} if types else {}),
    }


def dollars(value: float) -> dict:
    return {"value": value, "currency": "USD"}


def adjudicated(value: float, *codes: str) -> dict:
    return {"category": concept(*((ADJUDICATION, code) for code in codes)), "amount": dollars(value)}


def item(code: str = "43239", **more: object) -> dict:
    return {
        "sequence": 1,
        "productOrService": concept((CPT, code)),
        "servicedDate": "2026-07-01",
        "locationCodeableConcept": concept((POS, "11")),
        "quantity": {"value": 1},
        "net": dollars(128.4),
        "diagnosisSequence": [1],
    } | more


def claim(**more: object) -> dict:
    return {
        "resourceType": "Claim",
        "id": "c1",
        "identifier": [{"system": "urn:clinic", "value": "CLM-1"}],
        "status": "active",
        "use": "claim",
        "type": concept(("http://terminology.hl7.org/CodeSystem/claim-type", "professional")),
        "patient": {"reference": "Patient/p1"},
        "billablePeriod": {"start": "2026-07-01", "end": "2026-07-03"},
        "created": "2026-07-04T08:00:00-04:00",
        "provider": provider("1111111112"),
        "careTeam": [member(1, "primary", "2222222223")],
        "diagnosis": [diagnosis(1, "K22.2")],
        "item": [item()],
        "total": dollars(128.4),
    } | more


def benefit(**more: object) -> dict:
    lines = [item(net=None, adjudication=[adjudicated(96.4, "submitted"), adjudicated(29.46, "benefit")])]
    return (
        claim(resourceType="ExplanationOfBenefit", id="e1", item=lines, total=[adjudicated(96.4, "submitted")]) | more
    )


def bundle(*resources: dict) -> dict:
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": f"https://x.test/fhir/{r['resourceType']}/{r.get('id', '')}", "resource": r} for r in resources
        ],
    }


PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"type": coded("MR"), "value": "chart-7"}, {"type": coded("MB"), "value": "MEMBER9"}],
    "birthDate": "1960-01-02",
    "gender": "female",
}


def found(document: object) -> list[Claim | Reject]:
    return list(read(json.dumps(document).encode(), "a.json"))


def one(document: object) -> Claim:
    (result,) = found(document)
    assert isinstance(result, Claim), result
    return result


def refused(document: object) -> Reject:
    (result,) = found(document)
    assert isinstance(result, Reject), result
    return result


def line(**more: object):
    return one(claim(item=[item(**more)])).lines[0]


# --- a whole claim ------------------------------------------------------------------------------------------------


def test_a_claim_resource_is_read_with_every_element():
    got = one(claim())
    assert (got.claim_id, got.claim_type, got.setting) == ("CLM-1", ClaimType.PROFESSIONAL, Setting.PRACTITIONER)
    assert (got.billing_npi, got.rendering_npi, got.total_charge) == ("1111111112", "2222222223", Decimal("128.4"))
    assert (got.statement_from, got.statement_to, got.submitted_on) == (
        date(2026, 7, 1),
        date(2026, 7, 3),
        date(2026, 7, 4),
    )
    assert [(d.code, d.system, d.role) for d in got.diagnoses] == [("K222", "icd10cm", "principal")]
    (service,) = got.lines
    assert (service.hcpcs, service.code_system, service.units, service.charge) == ("43239", "HC", 1, Decimal("128.4"))
    assert (service.service_from, service.service_to, service.pos) == (date(2026, 7, 1), date(2026, 7, 1), "11")
    assert (service.diagnosis_pointers, service.rendering_npi) == ((1,), "2222222223")
    assert (got.file, got.byte, got.segment, service.segment) == ("a.json", 0, "Claim", "Claim.item[0]")


def test_an_explanation_of_benefit_gives_the_submitted_amounts():
    got = one(benefit())
    assert (got.total_charge, got.lines[0].charge) == (Decimal("96.4"), Decimal("96.4"))


def test_a_bundle_gives_patient_providers_and_payer_by_reference():
    organization = {
        "resourceType": "Organization",
        "id": "o1",
        "identifier": [{"system": "urn:tax", "value": "99"}, {"type": coded("npi"), "value": "3333333334"}],
    }
    payer = {"resourceType": "Organization", "id": "pay", "identifier": [{"value": "60054"}], "name": "Payer"}
    coverage = {"resourceType": "Coverage", "id": "cov", "payor": [{"reference": "Organization/pay"}]}
    role = {"resourceType": "PractitionerRole", "id": "r1", "practitioner": {"reference": "Practitioner/d1"}}
    doctor = {"resourceType": "Practitioner", "id": "d1", "identifier": [{"system": NPI, "value": "4444444445"}]}
    bill = claim(
        provider={"reference": "https://x.test/fhir/Organization/o1"},
        careTeam=[{"sequence": 1, "provider": {"reference": "PractitionerRole/r1"}}],
        insurance=[{"focal": False, "coverage": {"reference": "Coverage/none"}},
                   {"focal": True, "coverage": {"reference": "Coverage/cov"}, "preAuthRef": ["AUTH1"]}],
    )  # fmt: skip
    got = one(bundle(PATIENT, bill, organization, coverage, payer, role, doctor))
    assert (got.patient_birth_date, got.patient_sex) == (date(1960, 1, 2), "F")
    assert got.patient_key == patient_key("MEMBER9")
    assert (got.billing_npi, got.rendering_npi) == ("3333333334", "4444444445")
    assert (got.payer_id, got.payer_name, got.prior_authorization) == ("60054", "Payer", "AUTH1")
    assert (got.byte, got.segment) == (None, "Bundle.entry[1].resource")


def test_a_reference_that_searches_for_an_npi_gives_it():
    search = {"reference": f"Practitioner?identifier={NPI}|9999999991"}
    assert one(claim(provider=search)).billing_npi == "9999999991"
    assert one(claim(provider={"reference": "Organization?identifier=urn:other|9999999991"})).billing_npi == ""


def test_without_insurer_or_payor_the_coverage_names_the_payer():
    got = one(claim(insurance=[{"focal": True, "coverage": {"display": "Medicare"}}]))
    assert (got.payer_id, got.payer_name) == ("", "Medicare")


def test_a_contained_patient_is_known_by_number_or_by_name_and_birth_date_or_not_at_all():
    def key(**patient: object) -> str:
        contained = {"resourceType": "Patient", "id": "p"} | patient
        return one(claim(patient={"reference": "#p"}, contained=[contained])).patient_key

    named = {"name": [{"family": "Doe", "given": ["Jane"]}]}
    assert key(identifier=[{"value": "M1"}]) == patient_key("M1")
    assert key(birthDate="1960-01-02") == key(**named) == ""
    assert key(birthDate="1960-01-02", **named) not in {"", key(birthDate="1961-01-02", **named)}


def test_the_same_patient_has_one_key_whether_reference_is_relative_or_not():
    assert one(claim()).patient_key == patient_key("Patient/p1")
    assert one(claim(patient={"identifier": {"value": "M1"}})).patient_key == patient_key("M1")
    assert one(claim(patient={})).patient_key == ""


@pytest.mark.parametrize(
    ("code", "claim_type"),
    [
        ("professional", ClaimType.PROFESSIONAL),
        ("vision", ClaimType.PROFESSIONAL),
        ("institutional", ClaimType.INSTITUTIONAL),
        ("oral", ClaimType.DENTAL),
        ("pharmacy", ClaimType.PHARMACY),
    ],
)
def test_the_claim_type_is_the_resources(code, claim_type):
    assert one(claim(type=concept(("x", "71"), ("y", code)))).claim_type is claim_type


def test_the_identifier_typed_as_unique_claim_id_names_the_claim_before_others():
    identifiers = [{"value": "OTHER"}, {"type": coded("uc"), "value": "UNIQUE"}]
    assert one(claim(identifier=identifiers)).claim_id == "UNIQUE"
    assert one(claim(identifier=[])).claim_id == "c1"


# --- diagnoses ----------------------------------------------------------------------------------------------------


def test_pointers_follow_the_sequence_and_not_the_order_in_the_file():
    got = one(claim(diagnosis=[diagnosis(7, "R13.10"), diagnosis(3, "K22.2")], item=[item(diagnosisSequence=[7, 3])]))
    assert [d.code for d in got.diagnoses] == ["K222", "R1310"]
    assert got.lines[0].diagnosis_pointers == (2, 1)


def test_a_pointer_to_no_diagnosis_points_behind_the_list_and_never_at_another():
    got = one(
        claim(diagnosis=[diagnosis(1, "K22.2"), diagnosis(3, "R13.10")], item=[item(diagnosisSequence=[2, 3, 9])])
    )
    assert got.lines[0].diagnosis_pointers == (3, 2, 9)


def test_diagnosis_types_become_roles_and_one_with_two_of_them_is_listed_for_each():
    got = one(
        claim(
            diagnosis=[
                diagnosis(1, "R07.9", "admitting", "principal"),
                diagnosis(2, "W19", "externalcauseofinjury"),
                diagnosis(3, "R10.9", "patientreasonforvisit"),
                diagnosis(4, "K22.2", "secondary"),
            ]
        )
    )
    assert [(d.code, d.role) for d in got.diagnoses] == [
        ("R079", "principal"),
        ("K222", "other"),
        ("R079", "admitting"),
        ("W19", "external_cause"),
        ("R109", "reason_for_visit"),
    ]


def test_icd_9_icd_10_and_other_systems_are_told_apart():
    systems = [ICD10, "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-9-cm", "http://snomed.info/sct"]
    got = one(claim(diagnosis=[diagnosis(n, "K22.2", system=system) for n, system in enumerate(systems, 1)]))
    assert [d.system for d in got.diagnoses] == ["icd10cm", "icd10cm", "icd9cm", ""]


def test_a_diagnosis_by_reference_is_looked_up_and_keeps_its_place_when_it_is_not_there():
    condition = {
        "resourceType": "Condition",
        "id": "k",
        "code": concept(("http://snomed.info/sct", "1"), (ICD10, "K22.2")),
    }
    entries = [
        {"sequence": 1, "diagnosisReference": {"reference": "Condition/gone"}},
        {"sequence": 2, "diagnosisReference": {"reference": "Condition/k"}},
    ]
    got = one(bundle(claim(diagnosis=entries, item=[item(diagnosisSequence=[2])]), condition))
    assert [(d.code, d.system) for d in got.diagnoses] == [("", ""), ("K222", "icd10cm")]
    assert got.lines[0].diagnosis_pointers == (2,)


def test_present_on_admission_is_kept():
    assert (
        one(claim(diagnosis=[diagnosis(1, "K22.2") | {"onAdmission": coded("y")}])).diagnoses[0].present_on_admission
        == "Y"
    )


# --- lines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codings", "hcpcs", "system", "ndc"),
    [
        ([(CPT, "43239")], "43239", "HC", ""),
        ([(HCPCS, "j2270")], "J2270", "HC", ""),
        ([(BLUE_BUTTON_HCPCS, "J2270")], "J2270", "HC", ""),
        ([("urn:oid:2.16.840.1.113883.6.12", "43239")], "43239", "HC", ""),
        ([("", "43239")], "43239", "HC", ""),
        ([("http://www.ada.org/cdt", "D0120")], "D0120", "AD", ""),
        ([("https://www.cms.gov/x/HIPPSCodes", "1AFKS")], "1AFKS", "HP", ""),
        ([("http://codesystem.x12.org/005010/1365", "3")], "3", "ZZ", ""),
        ([("http://snomed.info/sct", "1"), (CPT, "43239"), (NDC, "00000000001")], "43239", "HC", "00000000001"),
        ([(NDC, "00000000001")], "", "HC", "00000000001"),
        ([("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable")], "", "HC", ""),
    ],
)
def test_a_procedure_is_known_by_its_code_system(codings, hcpcs, system, ndc):
    got = line(productOrService=concept(*codings))
    assert (got.hcpcs, got.code_system, got.ndc) == (hcpcs, system, ndc)


def test_modifiers_are_read_in_order_and_other_codes_are_none():
    modifiers = [
        concept((HCPCS, "59")),
        concept((f"{BLUE_BUTTON}rev_cntr_ndc_qty_qlfr_cd", "GG")),
        concept((CPT, "lt")),
    ]
    assert line(modifier=modifiers).modifiers == ("59", "LT")


def test_minutes_are_told_from_units():
    assert line(quantity={"value": 45, "unit": "min"}).unit_basis == "MJ"
    assert (line(quantity={"value": 2.5}).units, line(quantity=None).units) == (Decimal("2.5"), None)


def test_a_charge_is_the_net_or_price_times_units():
    assert line(net=dollars(10.1)).charge == Decimal("10.1")
    assert line(net=None, unitPrice=dollars(10.1), quantity={"value": 3}).charge == Decimal("30.3")
    assert line(net=None, unitPrice=dollars(10.1), quantity={"value": 3}, factor=0.5).charge == Decimal("15.15")
    assert line(net=None).charge is None


def test_submitted_amounts_that_differ_leave_the_charge_unknown_but_a_rate_is_no_charge():
    rate = adjudicated(5, "submitted", f"{BLUE_BUTTON}rev_cntr_rate_amt")
    assert line(net=None, adjudication=[rate, adjudicated(9, "submitted")]).charge == 9
    assert line(net=None, adjudication=[adjudicated(8, "submitted"), adjudicated(9, "submitted")]).charge is None


def test_a_service_period_is_first_and_last_day():
    got = line(servicedDate=None, servicedPeriod={"start": "2026-07-01T09:00:00Z", "end": "2026-07-03"})
    assert (got.service_from, got.service_to) == (date(2026, 7, 1), date(2026, 7, 3))
    got = line(servicedDate=None, servicedPeriod={"end": "2026-07-03"})
    assert (got.service_from, got.service_to) == (None, date(2026, 7, 3))


def test_a_line_without_date_has_the_day_of_a_one_day_claim_and_none_of_a_longer_one():
    undated = [item(servicedDate=None)]
    assert one(claim(item=undated)).lines[0].service_from is None
    assert one(claim(item=undated, billablePeriod={"start": "2026-07-01", "end": "2026-07-01"})).lines[
        0
    ].service_from == date(2026, 7, 1)


def test_a_date_known_to_the_month_is_no_service_date():
    assert line(servicedDate="2026-07").service_from is None


def test_a_line_has_the_rendering_provider_it_names_and_else_the_claims():
    team = [
        member(1, "primary", "1111111112"),
        member(2, "performing", "2222222223", "207RG0100X"),
        member(3, "rendering", "3333333334"),
        member(4, "referring", "4444444445"),
        member(5, "attending", "5555555556"),
    ]
    got = one(claim(careTeam=team, item=[item(careTeamSequence=[1, 2]), item(), item(careTeamSequence=[4])]))
    assert [service.rendering_npi for service in got.lines] == ["2222222223", "3333333334", "3333333334"]
    assert got.lines[0].rendering_taxonomy == "207RG0100X"
    assert (got.rendering_npi, got.referring_npi, got.attending_npi) == ("3333333334", "4444444445", "5555555556")


def test_details_with_procedure_codes_are_the_lines_of_their_group():
    package = item(
        productOrService=concept(("urn:packages", "EGD-SET")),
        detail=[
            {"sequence": 1, "productOrService": concept((CPT, "43239")), "net": dollars(100)},
            {
                "sequence": 2,
                "productOrService": concept(("urn:packages", "PATH")),
                "subDetail": [{"sequence": 1, "productOrService": concept((CPT, "88305")), "net": dollars(28.4)}],
            },
        ],
    )
    got = one(claim(item=[package, item("99213")]))
    assert [(x.line_no, x.hcpcs, x.charge) for x in got.lines] == [
        (1, "43239", 100),
        (2, "88305", Decimal("28.4")),
        (3, "99213", Decimal("128.4")),
    ]
    assert [x.service_from for x in got.lines] == [date(2026, 7, 1)] * 3
    assert got.lines[1].segment == "Claim.item[0].detail[1].subDetail[0]"


def test_a_group_with_a_code_of_its_own_is_a_line_without_charge():
    group = item("99213", detail=[{"sequence": 1, "productOrService": concept((CPT, "43239")), "net": dollars(128.4)}])
    assert [(x.hcpcs, x.charge) for x in one(claim(item=[group])).lines] == [
        ("99213", None),
        ("43239", Decimal("128.4")),
    ]


def test_a_detail_that_names_only_the_drug_is_no_line():
    drug = {"sequence": 1, "productOrService": concept((NDC, "00000000001")), "quantity": {"value": 2.5}}
    (got,) = one(claim(item=[item("J2270", detail=[drug])])).lines
    assert (got.hcpcs, got.ndc, got.ndc_units, got.charge) == ("J2270", "00000000001", Decimal("2.5"), Decimal("128.4"))


# --- institutional claims -----------------------------------------------------------------------------------------


def institutional(**more: object) -> dict:
    lines = [item(revenue=concept(("https://www.nubc.org/CodeSystem/RevenueCodes", "360")))]
    return claim(type=coded("institutional"), item=lines) | more


def supporting(category: str, **more: object) -> dict:
    return {"sequence": 1, "category": coded(category)} | more


def test_type_of_bill_and_admission_stand_in_supporting_information():
    got = one(
        institutional(
            supportingInfo=[
                supporting("typeofbill", code=concept(("https://www.nubc.org/CodeSystem/TypeOfBill", "0131"))),
                supporting("admissionperiod", timingPeriod={"start": "2026-06-30", "end": "2026-07-02"}),
            ]
        )
    )
    assert (got.bill_type, got.frequency, got.setting) == ("13", "1", Setting.OUTPATIENT)
    assert (got.admission_date, got.lines[0].revenue_code) == (date(2026, 6, 30), "0360")


def test_cms_files_split_the_type_of_bill_and_put_units_into_an_extension():
    def variable(name: str, code: str) -> dict:
        return {"url": f"{BLUE_BUTTON}{name}", "valueCoding": {"system": f"{BLUE_BUTTON}{name}", "code": code}}

    lines = [
        item(
            "J2270",
            extension=[{"url": f"{BLUE_BUTTON}rev_cntr_unit_cnt", "valueQuantity": {"value": 111}}],
            quantity={"value": 77},
            productOrService=concept((BLUE_BUTTON_HCPCS, "J2270")) | {"extension": [
                {"url": NDC, "valueCoding": {"system": NDC, "code": "00000000001"}}]},
        )
    ]  # fmt: skip
    got = one(
        institutional(
            item=lines,
            extension=[variable("clm_srvc_clsfctn_type_cd", "3")],
            facility={"extension": [variable("clm_fac_type_cd", "1")]},
            supportingInfo=[supporting("typeofbill", code=concept((f"{BLUE_BUTTON}clm_freq_cd", "7")))],
        )
    )
    assert (got.bill_type, got.frequency, got.setting) == ("13", "7", Setting.OUTPATIENT)
    assert (got.lines[0].units, got.lines[0].ndc_units, got.lines[0].ndc) == (111, 77, "00000000001")


def test_a_replaced_claim_is_named():
    related = [{"relationship": coded("prior"), "reference": {"value": "ICN9"}}]
    assert one(claim(related=related)).original_reference == "ICN9"


# --- containers ---------------------------------------------------------------------------------------------------


def ndjson(*resources: dict) -> bytes:
    return b"".join(json.dumps(resource).encode() + b"\n" for resource in resources)


def test_ndjson_is_read_line_by_line_and_references_reach_across_lines():
    content = ndjson(PATIENT, claim(), claim(identifier=[{"value": "CLM-2"}]))
    first, second = read(content, "a.ndjson")
    assert content[first.byte :].startswith(b'{"resourceType": "Claim"')
    assert (first.claim_id, second.claim_id, second.segment) == ("CLM-1", "CLM-2", "line 3: Claim")
    assert first.patient_sex == "F"


def test_a_list_of_resources_is_read():
    assert [x.claim_id for x in found([claim(), claim(identifier=[{"value": "CLM-2"}])])] == ["CLM-1", "CLM-2"]


def test_references_of_one_bundle_do_not_reach_into_another():
    other = PATIENT | {"gender": "male", "identifier": [{"value": "OTHER"}]}
    first, second = read(ndjson(bundle(PATIENT, claim()), bundle(other, claim())), "a")
    assert (first.patient_sex, second.patient_sex) == ("F", "M")


def test_a_bundle_in_a_bundle_is_opened():
    assert one(bundle(bundle(claim()))).segment == "Bundle.entry[0].resource.entry[0].resource"


def test_an_explanation_of_benefit_beside_its_claim_is_no_second_claim():
    answer = benefit(claim={"reference": "Claim/c1"})
    assert [type(x).__name__ for x in found(bundle(claim(), answer))] == ["Claim"]
    assert one(bundle(claim(), answer)).segment == "Bundle.entry[0].resource"
    assert one(bundle(answer)).claim_id == "CLM-1"
    assert one(bundle(benefit(claim=["Claim/c1"]))).claim_id == "CLM-1"


def test_resources_that_go_with_claims_are_passed_over_and_unknown_ones_are_reported():
    results = found(bundle(PATIENT, {"resourceType": "Claimed"}, claim()))
    assert [type(x) for x in results] == [Reject, Claim]
    assert (results[0].claims, results[0].segment) == (0, "Bundle.entry[1].resource")
    assert "nearest: Claim" in results[0].reason


def test_an_entry_without_resource_is_reported():
    document = bundle(claim())
    document["entry"].insert(0, {"fullUrl": "x"})
    assert [(type(x), x.segment) for x in found(document)] == [
        (Reject, "Bundle.entry[0]"),
        (Claim, "Bundle.entry[1].resource"),
    ]


def test_an_empty_bundle_has_no_claims():
    assert found({"resourceType": "Bundle", "type": "searchset", "total": 0}) == []


# --- what cannot be read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "segment"),
    [
        ({"item": []}, "Claim.item"),
        ({"item": {}}, "Claim.item"),
        ({"item": ["x"]}, "Claim.item[0]"),
        ({"item": [{"sequence": 1}]}, "Claim.item[0]"),
        ({"item": [item(quantity={"value": -1})]}, "Claim.item[0].quantity.value"),
        ({"item": [item(quantity={"value": "many"})]}, "Claim.item[0].quantity.value"),
        ({"item": [item(net={"value": 1, "currency": "CAD"})]}, "Claim.item[0].net.currency"),
        ({"item": [item(servicedDate="soon")]}, "Claim.item[0].servicedDate"),
        ({"item": [item(diagnosisSequence=[0])]}, "Claim.item[0].diagnosisSequence[0]"),
        ({"item": [item(diagnosisSequence=1)]}, "Claim.item[0].diagnosisSequence"),
        ({"item": [item(modifier=[{"coding": [{"code": ["59"]}]}])]}, "Claim.item[0].modifier[0].coding[0].code"),
        ({"type": coded("barter")}, "Claim.type"),
        ({"status": "entered-in-error"}, "Claim.status"),
        ({"use": "preauthorization"}, "Claim.use"),
        ({"patient": "p1"}, "Claim.patient"),
        ({"billablePeriod": {"start": "31/12/2026"}}, "Claim.billablePeriod.start"),
        (
            {"supportingInfo": [supporting("typeofbill", code=coded("Dummy"))]},
            "Claim.supportingInfo[0].code",
        ),
    ],
)
def test_a_claim_that_cannot_be_read_is_one_reject_with_its_path(changes, segment):
    reject = refused(claim(**changes))
    assert (reject.claim, reject.segment, reject.byte, reject.claims) == ("CLM-1", segment, 0, 1)
    inside = found(bundle(claim(identifier=[{"value": "GOOD"}]), claim(**changes)))
    assert [type(x) for x in inside] == [Claim, Reject]
    assert inside[1].segment == segment.replace("Claim", "Bundle.entry[1].resource", 1)


def test_a_claim_without_any_name_is_a_reject():
    assert refused(claim(identifier=[], id=None)).segment == "Claim.identifier"


def test_a_third_version_item_is_named_as_such():
    old = {"sequence": 1, "service": concept((CPT, "43239"))}
    assert "R4 is needed" in refused(claim(item=[old])).reason


def test_a_broken_ndjson_line_is_one_reject_with_its_byte():
    lines = ndjson(claim(), claim(), claim()).splitlines(keepends=True)
    lines[1] = lines[1][:-5] + b"\n"
    results = list(read(b"".join(lines), "a"))
    assert [type(x) for x in results] == [Claim, Reject, Claim]
    assert (results[1].byte, results[1].segment, results[1].claims) == (len(lines[0]), "line 2", 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'<Claim xmlns="http://hl7.org/fhir"/>', "XML"),
        (b'{"resourceType": "Claim", "id": ', "not valid JSON"),
        (b"", "not valid JSON"),
        (b"3", "not a JSON object"),
        (b'{"resourceType": "Patient", "id": "p"}', "a FHIR Patient"),
        (b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Coverage"}}]}', "a FHIR Coverage"),
        (
            b'[{"resourceType": "Patient"}, {"resourceType": "Patient"}, {"resourceType": "Claims"}]',
            "2 x a FHIR Patient; 1 x resourceType 'Claims'",
        ),
        (b'{"resourceType": "Jane Doe, 1960"}', "resourceType 'AAAA AAA, 9999'"),
        (b'{"resourceType": "ExplanationOfBenefitBase"}', "nearest: ExplanationOfBenefit"),
        (b'{"id": "x"}', "without resourceType"),
        (b'{"resourceType": "Bundle", "entry": {}}', "a list was expected"),
        (b'{"resourceType": "Claim", "id": 1, "id": 2}', "twice"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_fhir_claim_is_one_clear_error(content, says):
    with pytest.raises(UnreadableFile, match=r"^a\.json: ") as error:
        list(read(content, "a.json"))
    assert says in str(error.value)


def test_no_message_holds_what_the_file_says_of_the_patient():
    secret = {"reference": ["Jane Doe 1960-01-02"], "display": "Jane Doe"}
    reject = refused(claim(patient=secret, item=[item(quantity={"value": "Jane Doe"})]))
    assert "Jane" not in repr(reject)
    assert "1960" not in repr(reject)


DOCUMENT = bundle(
    PATIENT, institutional(supportingInfo=[supporting("admissionperiod", timingDate="2026-07-01")]), benefit()
)
JUNK = st.sampled_from(
    [None, "", "x", 0, -1, 1.5, True, [], {}, [None], [[]], ["x"], {"reference": "#x"}, {"coding": 3}]
)


def paths(value: object, path: tuple = ()) -> list[tuple]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, child in children for found in paths(child, (*path, key)))]


@given(st.sampled_from(paths(DOCUMENT)[1:]), JUNK)
@settings(max_examples=400)
def test_any_element_of_the_wrong_kind_costs_at_most_its_own_claim(path, junk):
    document = copy.deepcopy(DOCUMENT)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = junk
    try:
        results = found(document)
    except UnreadableFile:
        assert path[0] in {"resourceType", "entry"}
        return
    assert all(isinstance(x, Claim | Reject) for x in results)
    # Entry 1 is a claim and entry 2 another: what is done to one does not touch the other.
    for number in (1, 2):
        if path[:2] != ("entry", number) and path[:1] == ("entry",) and len(path) > 1:
            place = f"Bundle.entry[{number}].resource"
            assert sum(1 for x in results if x.segment == place and isinstance(x, Claim)) == 1 or path[1] == 0


@given(st.data())
@settings(max_examples=200)
def test_one_damaged_byte_of_ndjson_loses_no_claim_of_another_line(data):
    content = bytearray(ndjson(*(claim(identifier=[{"value": f"CLM-{n}"}]) for n in range(4))))
    at = data.draw(st.integers(0, len(content) - 1).filter(lambda at: content[at] != 0x0A))
    touched = content[:at].count(b"\n")
    content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != 0x0A))
    results = list(read(bytes(content), "a"))
    assert len(results) == 4
    names = [x.claim_id if isinstance(x, Claim) else x.claim for x in results]
    assert [name for n, name in enumerate(names) if n != touched] == [f"CLM-{n}" for n in range(4) if n != touched]


@given(st.binary(max_size=200))
def test_any_bytes_end_in_claims_rejects_or_one_clear_error(content):
    for prefix in (b"", b'{"resourceType":"Claim",', b'{"resourceType":"Bundle","entry":['):
        try:
            results = list(read(prefix + content, "a"))
        except UnreadableFile:
            continue
        assert all(isinstance(x, Claim | Reject) for x in results)


@pytest.mark.published
@pytest.mark.skipif(not IDR.is_dir(), reason="needs the CMS BFD samples in ../shared/data")
def test_the_cms_idr_records_are_refused_as_what_they_are():
    """They are the input of CMS's mapping to FHIR, under its own resource types, and no FHIR resources."""
    samples = sorted(IDR.glob("*.json"))
    assert samples
    for sample in samples:
        kind = json.loads(sample.read_text(encoding="utf-8")).get("resourceType")
        assert kind not in {"Claim", "ExplanationOfBenefit"}
        with pytest.raises(UnreadableFile, match="FHIR R4 Claim or ExplanationOfBenefit is needed") as error:
            list(read(sample.read_bytes(), sample.name))
        if sample.name.startswith("EOB"):
            assert "nearest: ExplanationOfBenefit" in str(error.value)
