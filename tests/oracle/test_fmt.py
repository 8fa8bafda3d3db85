"""The FMT rules held to a plain reading of the 837 guides and of 45 CFR 162.406."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

RULES = select_rules(["FMT"])
BOOK = book_from({})
DAYS = st.sampled_from([None, dt.date(2026, 7, 14), dt.date(2026, 7, 15), dt.date(2026, 7, 16)])
NPIS = st.sampled_from(
    ["", "1992999015", "1992999016", "2992999013", "7778889999", "123456789", "19929990150", "199299901X"]
)

LINES = st.fixed_dictionaries(
    {
        "hcpcs": st.sampled_from(
            ["99213", "00731", "0001A", "4324F", "0042T", "0001U", "J7192", "478331", "731", "9921X", "KAGD1", ""]
        ),
        "code_system": st.sampled_from(["HC", "HC", "HC", "ER"]),
        "units": st.sampled_from([None, "0", "0.00", "0.5", "1", "3", "2.0", "1.25"]),
        "unit_basis": st.sampled_from(["UN", "MJ", "DA"]),
        "charge": st.sampled_from([None, "0.00", "100.00", "12.25", "12.25", "-0.02", "-12.25"]),
        "service_date": DAYS,
        "service_to": DAYS,
        "revenue_code": st.sampled_from(["", "0450", "0022", "0001"]),
        "rendering_npi": NPIS,
        "modifiers": st.lists(st.sampled_from(["59", "LT", "RT"]), max_size=3),
        "segment": st.sampled_from(["SV1", "SV2", "row 2"]),
    }
)


@st.composite
def claims(draw: Any) -> Claim:
    kind, bill_type = draw(st.sampled_from([("professional", ""), ("institutional", "13"), ("institutional", "11")]))
    lines = draw(st.lists(LINES, min_size=1, max_size=3))
    codes = [f"A{number:03}" for number in range(draw(st.sampled_from([0, 1, 12, 13])))]
    real = sum((Decimal(line["charge"] or 0) for line in lines), Decimal(0))
    values = {
        "claim_type": kind,
        "bill_type": bill_type,
        "lines": lines,
        "diagnoses": codes,
        "total_charge": draw(st.sampled_from([None, real, real, real + Decimal("0.01"), Decimal("100.00")])),
        "statement_from": draw(DAYS),
        "statement_to": draw(DAYS),
        "envelope_faults": draw(st.sampled_from([(), (), ("SE01 does not agree",)])),
    }
    values |= {name: draw(NPIS) for name in ("billing_npi", "referring_npi", "attending_npi", "service_facility_npi")}
    return claim_from(values)


def impossible(npi: str) -> bool:
    """45 CFR 162.406: ten digits, the last a check digit; the first is 1 or 2. Luhn over 80840 and the NPI."""
    if npi == "":
        return False
    if len(npi) != 10 or not npi.isdigit() or npi[0] not in "12":
        return True
    total = 0
    for place, digit in enumerate(reversed("80840" + npi)):
        doubled = int(digit) * 2 if place % 2 == 1 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 != 0


def has_shape_of_a_code(code: str) -> bool:
    if len(code) != 5:
        return False
    first, middle, last = code[0], code[1:4], code[4]
    if not middle.isdigit():
        return False
    if first.isdigit():
        return last.isdigit() or last in "AFMTU"
    return "A" <= first <= "Z" and last.isdigit()


def bills_a_hcpcs_code(line: ClaimLine) -> bool:
    return line.code_system == "HC" and line.hcpcs != "" and line.revenue_code not in {"0022", "0023", "0024"}


def from_an_837(lines: tuple[ClaimLine, ...]) -> bool:
    return all(line.segment in {"SV1", "SV2"} for line in lines)


def npi_faults(claim: Claim) -> Iterator[str]:
    if impossible(claim.billing_npi):
        yield "FMT002"
    if impossible(claim.referring_npi):
        yield "FMT003"
    if impossible(claim.attending_npi):
        yield "FMT004"
    if impossible(claim.service_facility_npi):
        yield "FMT005"


def claim_faults(claim: Claim) -> Iterator[str]:
    charges = [line.charge for line in claim.lines if line.revenue_code != "0001"]
    known = [charge for charge in charges if charge is not None]
    adds_up = claim.total_charge is None or not charges or len(known) < len(charges) or sum(known) == claim.total_charge
    if not adds_up and sum(known) >= 0 and (claim.total_charge or 0) >= 0:  # a negative line is told of itself
        yield "FMT007"
    if from_an_837(claim.lines) and len(claim.diagnoses) == 0:
        yield "FMT010"
    if from_an_837(claim.lines) and claim.claim_type == "professional" and len(claim.diagnoses) > 12:
        yield "FMT011"
    if claim.envelope_faults:
        yield "FMT012"
    if claim.statement_from and claim.statement_to and claim.statement_to < claim.statement_from:
        yield "FMT015"


def no_units(line: ClaimLine) -> bool:
    if line.units is None:
        return from_an_837((line,))
    return line.units == 0 and bills_a_hcpcs_code(line)


def line_faults(claim: Claim, line: ClaimLine) -> Iterator[str]:
    first = next(other for other in claim.lines if other.rendering_npi == line.rendering_npi)
    if impossible(line.rendering_npi) and line is first:
        yield "FMT001"
    if bills_a_hcpcs_code(line) and not has_shape_of_a_code(line.hcpcs):
        yield "FMT006"
    if no_units(line):
        yield "FMT008"
    if claim.claim_type == "professional" and line.service_from is None:
        yield "FMT009"
    if line.service_from and line.service_to and line.service_to < line.service_from:
        yield "FMT013"
    if len(line.modifiers) != len(set(line.modifiers)):
        yield "FMT014"
    yield from amount_faults(claim, line)


def amount_faults(claim: Claim, line: ClaimLine) -> Iterator[str]:
    if line.charge is not None and line.charge < 0:
        yield "FMT016"
    if line.charge is None and from_an_837((line,)):
        yield "FMT018"
    if claim.claim_type == "institutional" and line.revenue_code == "" and from_an_837((line,)):
        yield "FMT020"
    if part_of_a_procedure(line):
        yield "FMT017"


def part_of_a_procedure(line: ClaimLine) -> bool:
    """A CPT procedure, five digits or four and A, that is no anesthesia; minutes are no units."""
    code = line.hcpcs
    procedure = len(code) == 5 and code[:4].isdigit() and (code[4].isdigit() or code[4] == "A")
    if not procedure or (code.isdigit() and 100 <= int(code) <= 1999):
        return False
    return line.unit_basis != "MJ" and line.units is not None and line.units > 0 and line.units != int(line.units)


def expected(claim: Claim) -> set[tuple[str, int | None]]:
    found: set[tuple[str, int | None]] = {(rule, None) for rule in (*npi_faults(claim), *claim_faults(claim))}
    return found | {(rule, line.line_no) for line in claim.lines for rule in line_faults(claim, line)}


@settings(max_examples=300, deadline=None)
@given(claims())
def test_format_faults_are_those_of_the_guides(claim):
    report = check_claims([claim], BOOK, rules=RULES)
    assert {(finding.rule, finding.line) for finding in report.findings} == expected(claim)


@settings(max_examples=60, deadline=None)
@given(st.integers(48, 53), st.booleans(), st.booleans())
def test_a_claim_has_no_more_lines_than_its_form(count, professional, x12):
    segment = {True: "SV1" if professional else "SV2", False: "row 2"}[x12]
    line = {"hcpcs": "99213", "segment": segment, "revenue_code": "0450"}
    kind = {} if professional else {"claim_type": "institutional", "bill_type": "13"}
    claim = claim_from({"lines": [line] * count, **kind})
    found = check_claims([claim], BOOK, rules=select_rules(["FMT019"])).findings
    assert bool(found) == (x12 and count > (50 if professional else 999))


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0, max_value=99_999_999), st.integers(min_value=0, max_value=9), st.integers(0, 9))
def test_one_wrong_digit_in_an_npi_is_always_found(middle, place, change):
    stem = f"1{middle:08}"
    npi = next(stem + last for last in "0123456789" if not impossible(stem + last))
    mistyped = npi[:place] + str((int(npi[place]) + change) % 10) + npi[place + 1 :]
    claim = claim_from({"lines": [{"hcpcs": "99213", "rendering_npi": mistyped}]})
    found = check_claims([claim], BOOK, rules=select_rules(["FMT001"])).findings
    assert bool(found) == (mistyped != npi)
