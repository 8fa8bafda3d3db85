"""Claims that a table can hold, and writers that put them into CSV, JSON lines and Parquet.

The writers know only the documented column names, not the reader. All patients and providers are synthetic.
"""

from __future__ import annotations

import csv
import io
import json
import string
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType, Diagnosis
from cleanclaim.claims.readers.values import patient_key

UPPER = string.ascii_uppercase + string.digits
days = st.dates(date(1930, 1, 1), date(2030, 12, 31))
amounts = st.decimals(0, 99999, places=2)


def is_told(text: str) -> bool:
    """What databases write for nothing is read as nothing."""
    return text.upper() != "NULL"


identifiers = st.text(UPPER + "-", min_size=1, max_size=12).filter(is_told)
npis = st.one_of(st.just(""), st.text(string.digits, min_size=10, max_size=10))
notes = st.one_of(
    st.just(""),
    st.text(string.ascii_letters + ' ,;|\t"\n', max_size=30).map(str.strip).filter(is_told),
)
icd_codes = st.from_regex(r"[A-TV-Z][0-9][0-9A-B][0-9]{0,4}", fullmatch=True)
modifiers = st.lists(st.text(UPPER, min_size=2, max_size=2), max_size=4).map(tuple)
hcpcs_codes = st.from_regex(r"[A-V0-9][0-9]{3}[0-9A-Z]", fullmatch=True)
"""Codes of the right form; whether they exist is not the readers' business."""


@st.composite
def lines(draw, number: int, diagnoses: int, *, institutional: bool) -> ClaimLine:
    first = draw(st.one_of(st.none(), days))
    drug = draw(st.booleans())
    return ClaimLine(
        line_no=number,
        hcpcs=draw(hcpcs_codes),
        modifiers=draw(modifiers),
        units=draw(st.one_of(st.none(), st.decimals(0, 999, places=2))),
        unit_basis=draw(st.sampled_from(["UN", "MJ"])),
        charge=draw(st.one_of(st.none(), amounts)),
        service_from=first,
        service_to=first and draw(st.one_of(st.just(first), days)),
        pos="" if institutional else draw(st.sampled_from(["11", "22", "02"])),
        revenue_code=draw(st.sampled_from(["0360", "0001"])) if institutional else "",
        diagnosis_pointers=tuple(draw(st.lists(st.integers(1, diagnoses), max_size=4))) if diagnoses else (),
        rendering_npi=draw(npis),
        ndc="00000000001" if drug else "",
        ndc_units=draw(st.decimals(0, 99, places=1)) if drug else None,
        ndc_unit_basis="ML" if drug else "",
        note=draw(notes),
        control_number=draw(st.one_of(st.just(""), identifiers)),
    )


@st.composite
def claims(draw, claim_id: str) -> Claim:
    institutional = draw(st.booleans())
    codes = draw(st.lists(icd_codes, max_size=12))
    roles = ["principal"] + ["other"] * (len(codes) - 1)
    diagnoses = [
        Diagnosis(code, role=role, present_on_admission=draw(st.sampled_from(["", "Y", "N"])))
        for code, role in zip(codes, roles, strict=False)
    ]
    if institutional and draw(st.booleans()):
        diagnoses.append(Diagnosis(draw(icd_codes), role="admitting"))
        diagnoses.append(Diagnosis(draw(icd_codes), role="reason_for_visit"))
        diagnoses.append(Diagnosis(draw(icd_codes), role="external_cause"))
    count = draw(st.integers(1, 4))
    return Claim(
        claim_id=claim_id,
        claim_type=ClaimType.INSTITUTIONAL if institutional else ClaimType.PROFESSIONAL,
        lines=tuple(draw(lines(n, len(codes), institutional=institutional)) for n in range(1, count + 1)),
        diagnoses=tuple(diagnoses),
        patient_key=draw(st.one_of(st.just(""), identifiers.map(patient_key))),
        patient_birth_date=draw(st.one_of(st.none(), days)),
        patient_sex=draw(st.sampled_from(["", "M", "F", "U"])),
        payer_id=draw(st.one_of(st.just(""), identifiers)),
        payer_name=draw(notes),
        filing_indicator=draw(st.sampled_from(["", "MB", "CI"])),
        billing_npi=draw(npis),
        billing_taxonomy=draw(st.sampled_from(["", "207RG0100X"])),
        referring_npi=draw(npis),
        attending_npi=draw(npis),
        service_facility_npi=draw(npis),
        total_charge=draw(st.one_of(st.none(), amounts)),
        bill_type="13" if institutional else "",
        frequency=draw(st.sampled_from(["1", "7"])) if institutional else "",
        original_reference=draw(st.one_of(st.just(""), identifiers)),
        prior_authorization=draw(st.one_of(st.just(""), identifiers)),
        statement_from=draw(st.one_of(st.none(), days)),
        statement_to=draw(st.one_of(st.none(), days)),
        admission_date=draw(st.one_of(st.none(), days)),
        submitted_on=draw(st.one_of(st.none(), days)),
        note=draw(notes),
        segment="",
    )


claim_lists = st.lists(identifiers, min_size=1, max_size=4, unique=True).flatmap(
    lambda ids: st.tuples(*(claims(claim_id) for claim_id in ids))
)

_SPECIAL = {
    "admitting": "dx_admitting",
    "reason_for_visit": "dx_reason_for_visit_1",
    "external_cause": "dx_external_cause_1",
}


def placeless(claim: Claim) -> Claim:
    """The claim without file, byte and segment, for comparing."""
    bare = tuple(replace(line, byte=None, segment="") for line in claim.lines)
    return replace(claim, lines=bare, file="", byte=None, segment="")


def rows(claim: Claim) -> list[dict[str, object]]:
    """One row per line under the documented column names. ``patient_id`` is whatever has this key: the reader
    hashes it, so the tests give it the key itself and compare with the key's key (``rekeyed``)."""
    plain = {field.name: getattr(claim, field.name) for field in fields(Claim)}
    shared: dict[str, object] = {
        name: plain[name]
        for name in (
            "claim_id patient_birth_date patient_sex payer_id payer_name filing_indicator billing_npi "
            "billing_taxonomy referring_npi attending_npi service_facility_npi total_charge frequency "
            "original_reference prior_authorization statement_from statement_to admission_date submitted_on"
        ).split()
    }
    shared |= {"claim_type": str(claim.claim_type), "patient_id": claim.patient_key, "claim_note": claim.note}
    shared |= {"bill_type": claim.bill_type}
    for number, diagnosis in enumerate((d for d in claim.diagnoses if d.role in {"principal", "other"}), 1):
        shared |= {f"dx_{number}": diagnosis.code, f"dx_poa_{number}": diagnosis.present_on_admission}
    shared |= {_SPECIAL[d.role]: d.code for d in claim.diagnoses if d.role in _SPECIAL}
    return [shared | _line(line) for line in claim.lines]


def _line(line: ClaimLine) -> dict[str, object]:
    return {
        "line_no": line.line_no,
        "hcpcs": line.hcpcs,
        "units": line.units,
        "unit_basis": line.unit_basis,
        "charge": line.charge,
        "service_date": line.service_from,
        "service_to": line.service_to,
        "pos": line.pos,
        "revenue_code": line.revenue_code,
        "dx_pointers": ",".join(map(str, line.diagnosis_pointers)),
        "rendering_npi": line.rendering_npi,
        "ndc": line.ndc,
        "ndc_units": line.ndc_units,
        "ndc_unit_basis": line.ndc_unit_basis,
        "line_note": line.note,
        "line_control_number": line.control_number,
        **{f"modifier_{number}": code for number, code in enumerate(line.modifiers, 1)},
    }


def rekeyed(claim: Claim) -> Claim:
    """What the reader makes of ``rows(claim)`` or ``nested(claim)``: the patient's key is the hash of what stood
    there."""
    return replace(claim, patient_key=patient_key(claim.patient_key))


def columns(table: list[dict[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for row in table for name in row))


def to_csv(table: list[dict[str, object]], delimiter: str = ",", end: str = "\n", quoting: int = 0) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns(table), delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writeheader()
    writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in table)
    return out.getvalue().encode()


def to_jsonl(objects: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(item, default=_jsonable).encode() + b"\n" for item in objects)


def _jsonable(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def to_parquet(table: list[dict[str, object]]) -> bytes:
    out = io.BytesIO()
    names = columns(table)
    pq.write_table(pa.table({name: [row.get(name) for row in table] for name in names}), out)
    return out.getvalue()


def nested(claim: Claim) -> dict[str, object]:
    """A whole claim as JSON, under the field names of the model."""
    skip = {"file", "byte", "segment", "envelope_faults"}
    plain = {field.name: getattr(claim, field.name) for field in fields(Claim) if field.name not in skip}
    plain["lines"] = [_fields(line) for line in claim.lines]
    plain["diagnoses"] = [_fields(diagnosis) for diagnosis in claim.diagnoses]
    return plain


def _fields(record: ClaimLine | Diagnosis) -> dict[str, object]:
    return {
        field.name: getattr(record, field.name) for field in fields(record) if field.name not in {"byte", "segment"}
    }
