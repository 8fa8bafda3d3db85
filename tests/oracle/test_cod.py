"""COD held to a slow reading of the record layout, the HCPCS dates and RULES: code in force, status of the row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import world_fee_schedule as world
from hypothesis import given, settings

CENT = Decimal("0.01")


def code_fault(made, line):
    """Unknown, ended or not yet in force, by the lists that speak for the code on the day."""
    code, day = line.hcpcs, line.service_from
    on_fee_schedule = any(row["hcpcs"] == code for row in made.get("mpfs", []))
    fee_release = made.get("mpfs_release")
    if code[0].isalpha():
        release = made.get("hcpcs_release")
        row = next((row for row in made.get("hcpcs", []) if row["hcpcs"] == code), None)
        if release is None:
            return None
        speaks = row is not None or release.get("whole", True)
        of_its_quarter = release["covers_to"] >= day
        if row is not None and row["valid_from"] and day < row["valid_from"]:
            fault = "COD003"
        elif row is not None and row["valid_to"] and day > row["valid_to"]:
            fault = "COD002"
        elif row is None and speaks and of_its_quarter and code[0] != "D" and not on_fee_schedule:
            fault = "COD001"
        else:
            fault = None
        newer_fee_schedule = on_fee_schedule and fee_release["covers_to"] >= day and not of_its_quarter
        return None if newer_fee_schedule else fault
    if fee_release is None or on_fee_schedule or code.endswith("U"):
        return None
    # The fee schedule is the list of CPT codes in its own quarter only.
    whole = fee_release.get("whole", True) and fee_release["covers_from"] == dt.date(2026, 7, 1)
    return "COD001" if whole else None


def status_fault(claims, made, claim, line):
    row = world.row_of(made, line)
    if row is None or not world.may_be_medicare(claim) or world.is_measure(made, line):
        return None
    if line.charge is not None and line.charge <= CENT:
        return None
    others = [world.row_of(made, other) for other in world.same_day(claims, claim, line)]
    beside_paid = any(other is not None and other["status_indicator"] in "AR" for other in others)
    faults = {"B": "COD004", "I": "COD005", "C": "COD010" if line.hcpcs == UNLISTED else "COD011"}
    if not {"GA", "GY", "GZ", "Q7", "Q8", "Q9"} & set(line.modifiers):
        faults["R"] = "COD009"
    if "GY" not in line.modifiers:
        faults["N"] = "COD006"
    if beside_paid:
        faults["T"] = "COD008"
        if line.pos != "12":
            faults["P"] = "COD007"
    return faults.get(row["status_indicator"])


@settings(max_examples=100, deadline=None)
@given(
    claims=world.claims(("11111", "3044F", "G1111", "G1111", "J1111", "D1111", "1111U")),
    made=world.facts({"11111": "A", "22222": "A", "G1111": "A"}),
)
def test_codes_are_in_force_as_the_lists_and_dates_say(claims, made):
    wrong = {
        (fault, claim.claim_id, line.line_no)
        for claim, line in world.lines_of(claims)
        if (fault := code_fault(made, line)) is not None
    }
    found = {finding for finding in world.found("COD", claims, made) if finding[0] <= "COD003"}
    assert found == wrong


UNLISTED = "17999"
CODES = {"11111": "AARX", "22222": "BCINT", UNLISTED: "CCA", "A1111": "PPTJ", "3044F": "IM"}


@settings(max_examples=150, deadline=None)
@given(
    claims=world.claims(
        CODES,
        ((), (), (), ("26",), ("TC",), ("GY",), ("GY",), ("Q8",), ("GA", "26")),
        ("100.00", "100.00", "0.02", "0.01", None),
    ),
    made=world.facts(CODES, "01"),
)
def test_statuses_are_read_as_the_layout_says(claims, made):
    wrong = {
        (fault, claim.claim_id, line.line_no)
        for claim, line in world.lines_of(claims)
        if world.is_practitioner(claim) and (fault := status_fault(claims, made, claim, line)) is not None
    }
    found = {finding for finding in world.found("COD", claims, made) if finding[0] > "COD003"}
    assert found == wrong
