"""What a service is worth by itself: the row that pays it, the formula, the cap on imaging, and why there is no price.

The figures of 76145 are those of PFREV25C.txt, those of 93990 of OPPSCAP_Oct.csv, the rows those of RVU25D and the
indices those of GPCI2025: all as CMS published them for 2025.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cleanclaim.errors import InputError
from cleanclaim.pricing.fee import NO_PRICE
from cleanclaim.pricing.locality import locality_named
from cleanclaim.pricing.model import PricedLine, Service
from cleanclaim.pricing.notation import service_from
from cleanclaim.pricing.price import price
from cleanclaim.testing.inline import book_from

DAY = dt.date(2025, 10, 15)
RELEASE = {"release": {"release": "RVU25D", "covers_from": dt.date(2025, 10, 1), "covers_to": dt.date(2025, 12, 31)}}


def row(hcpcs: str, work: str, expense: str, malpractice: str, **more: Any) -> dict[str, Any]:
    total = str(Decimal(work) + Decimal(expense) + Decimal(malpractice))
    return {
        "hcpcs": hcpcs,
        "work_rvu": work,
        "pe_rvu_facility": expense,
        "pe_rvu_nonfacility": expense,
        "mp_rvu": malpractice,
        "total_facility": total,
        "total_nonfacility": total,
        "conversion_factor": "32.3465",
        **more,
        **RELEASE,
    }


def cap(expense: str, malpractice: str) -> dict[str, str]:
    return {"opps_pe_facility": expense, "opps_pe_nonfacility": expense, "opps_mp": malpractice, "pc_tc_indicator": "1"}


def indices(mac: str, locality: str, work: str, expense: str, malpractice: str) -> dict[str, Any]:
    at = {"work_gpci": work, "pe_gpci": expense, "mp_gpci": malpractice}
    return {"mac": mac, "locality": locality, "state": "AL", "locality_name": "SOMEWHERE", **at, **RELEASE}


BOOK = {
    "mpfs": [
        row("76145", "0.00", "29.03", "0.51", pc_tc_indicator="3", na_facility=True),
        row("93990", "0.50", "3.74", "0.10", multiple_procedure="6", na_facility=True, **cap("3.37", "0.10")),
        row("93990", "0.50", "0.11", "0.07", multiple_procedure="6", modifier="26", pc_tc_indicator="1"),
        row("93990", "0.00", "3.63", "0.03", multiple_procedure="6", modifier="TC", **cap("3.26", "0.03")),
        row("70000", "1.00", "2.00", "0.10", pc_tc_indicator="1"),
        row("70000", "1.00", "0.50", "0.05", modifier="26", pc_tc_indicator="1"),
        row("70000", "0.00", "0.00", "0.00", modifier="TC", pc_tc_indicator="1", status_indicator="C"),
        row("45378", "3.00", "2.00", "0.50"),
        row("45378", "1.50", "1.00", "0.25", modifier="53"),
        row("22222", "0.00", "0.00", "0.00", status_indicator="R"),
        row("11719", "0.17", "0.25", "0.01", status_indicator="R"),
        row("96372", "0.17", "0.25", "0.01", pc_tc_indicator="5"),
        row("97110", "0.45", "0.43", "0.01", pc_tc_indicator="7"),
        row("85060", "0.45", "0.22", "0.03", pc_tc_indicator="8"),
        *(row(f"3000{status}", "1.00", "1.00", "1.00", status_indicator=status) for status in sorted(NO_PRICE)),
    ],
    "pos": [
        {"pos": "11"} | RELEASE,
        *({"pos": pos, "facility": True} | RELEASE for pos in ("19", "21", "22", "23", "24", "51", "61")),
    ],
    "gpci": [
        indices("10112", "00", "1.000", "0.869", "0.575"),
        indices("02102", "01", "1.500", "1.081", "0.592"),
        indices("01182", "18", "1.042", "1.194", "0.690"),
    ],
}
OPENED = book_from(BOOK)


def one(text: str, place: str = "national", pos: str = "11") -> PricedLine:
    day = OPENED.as_of(DAY)
    return price(day, [service_from(text)], locality_named(day, place), pos=pos).lines[0]


@pytest.mark.parametrize(
    ("place", "amount"), [("10112-00", "825.49"), ("02102-01", "1024.85"), ("01182-18", "1132.57")]
)
@pytest.mark.parametrize("pos", ["11", "22"])
def test_amount_is_the_one_that_cms_computed(place, amount, pos):
    line = one("76145", place, pos)
    assert (line.base, line.allowed, line.steps) == (Decimal(amount), Decimal(amount), ())


@pytest.mark.parametrize(
    ("place", "whole", "technical"),
    [("10112-00", "112.76", "92.19"), ("02102-01", "144.01", "114.57"), ("01182-18", "149.24", "126.58")],
)
def test_technical_part_is_capped_alone_and_in_the_global(place, whole, technical):
    for text, amount in (("93990", whole), ("93990-TC", technical)):
        line = one(text, place)
        assert line.allowed == Decimal(amount)
        assert [step.key for step in line.steps] == ["opps_cap"]
        assert line.base is not None
        assert line.base > line.allowed
    assert one("93990-26", place).steps == ()


def test_cap_cites_the_technical_row_and_says_both_amounts():
    (step,) = one("93990", "10112-00").steps
    assert step.citation.locator == "93990-TC"
    assert step.why.endswith("$92.19 instead of $102.59")


def test_units_multiply_the_rounded_fee():
    line = one("76145x3", "10112-00")
    assert line.fee is not None
    assert (line.fee.amount, line.allowed) == (Decimal("825.49"), Decimal("2476.47"))


def test_global_whose_technical_part_the_contractor_prices_is_not_divided():
    line = one("70000")
    assert (line.allowed, line.steps) == (Decimal("100.27"), ())


def test_each_modifier_with_a_row_of_its_own_takes_it():
    assert one("45378-53").base == Decimal("88.95")
    assert one("45378").base == Decimal("177.91")
    assert one("93990-26").base == Decimal("22.00")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("93990-26-TC", "modifier_conflict"),
        ("76145-26", "modifier_not_allowed"),
        ("76145-TC", "modifier_not_allowed"),
        ("70000-TC", "carrier_priced"),
        ("22222", "no_rvu"),
        ("99990", "not_on_schedule"),
        *((f"3000{status}", key) for status, (key, _) in sorted(NO_PRICE.items()) if status not in "XEP"),
    ],
)
def test_no_price_has_its_reason_and_no_amount(text, key):
    line = one(text)
    assert (line.allowed, line.reason_key) == (None, key)
    assert line.reason
    assert line.steps == ()


def test_place_where_it_is_rarely_done_is_noted_and_priced():
    assert any(
        note.startswith("Rarely or never done at a facility place (NA)") for note in one("76145", pos="22").notes
    )
    assert not one("76145", pos="11").notes


def test_global_of_a_diagnostic_service_in_a_facility_is_noted():
    said = "In a facility the practitioner is paid the professional part only, which is billed with 26."
    assert said in one("93990", pos="22").notes
    assert said not in one("93990", pos="11").notes
    assert said not in one("93990-26", pos="22").notes


@pytest.mark.parametrize("pos", ["19", "21", "22", "23"])
def test_service_of_the_practitioners_staff_is_not_paid_for_a_hospitals_patient(pos):
    for line in (one("96372", pos=pos), one(f"96372@pos{pos}")):
        assert (line.allowed, line.base, line.reason_key) == (None, None, "incident_to_in_hospital")
        assert f"place of service {pos}" in line.reason
        assert "Attachment A, PC/TC indicator 5" in [cited.locator for cited in line.citations]


@pytest.mark.parametrize("pos", ["11", "24"])
def test_service_of_the_practitioners_staff_is_paid_elsewhere(pos):
    assert one("96372", pos=pos).allowed == Decimal("13.91")


@pytest.mark.parametrize(
    ("pos", "amount"), [("11", None), ("22", None), ("21", "22.64"), ("51", "22.64"), ("61", "22.64")]
)
def test_reading_of_an_abnormal_smear_is_paid_for_hospital_inpatients_only(pos, amount):
    line = one("85060", pos=pos)
    assert line.allowed == (None if amount is None else Decimal(amount))
    assert line.reason_key == ("inpatients_only" if amount is None else "")


def test_therapy_in_a_hospital_says_who_is_not_paid_for_it():
    assert any("therapist in independent practice" in note for note in one("97110", pos="22").notes)
    assert not one("97110", pos="24").notes
    assert one("97110", pos="22").allowed == one("97110").allowed


def test_technical_service_in_a_facility_and_restricted_coverage_are_noted():
    assert (
        "In a facility what is technical is paid to the facility, not to the practitioner."
        in one("76145", pos="22").notes
    )
    assert one("11719").notes == (
        "Restricted coverage (status R): paid only where the conditions of its coverage are met.",
    )


@pytest.mark.parametrize("units", ["0", "-1", "NaN", "Infinity"])
def test_units_must_be_a_number_above_0(units):
    day = OPENED.as_of(DAY)
    with pytest.raises(InputError, match=r"76145: \S+ units; give a number above 0"):
        price(day, [Service("76145", units=Decimal(units))], locality_named(day, "national"), pos="11")


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
@pytest.mark.parametrize(("field", "named"), [("charge", "charge"), ("minutes", "number of minutes")])
def test_charge_and_minutes_must_be_numbers_that_are_not_below_0(field, named, amount):
    day = OPENED.as_of(DAY)
    service = replace(Service("76145"), **{field: Decimal(amount)})
    with pytest.raises(InputError, match=f"76145: a {named} of {amount}; give a number of 0 or above"):
        price(day, [service], locality_named(day, "national"), pos="11")
