"""What other fee schedules pay: laboratory tests, drugs, equipment.

Where a test names a real code, the figure is that of 2025Q1 as CMS published it: 83036 9.71, 84165 10.74, J1100 0.108,
J0558 17.368 at 16.673 % coinsurance, 90653 83.490, A4221 25.19, A4233-NU 0.51, A4239 267.92 and 311.74, B4034 3.84.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pricing.locality import locality_named, locality_of_zip
from cleanclaim.pricing.model import NATIONAL, Locality, PricedLine, Service, Terms
from cleanclaim.pricing.price import price
from cleanclaim.pricing.schedules import schedule_of
from cleanclaim.sources.catalog import load_catalog
from cleanclaim.testing.inline import book_from

DAY = dt.date(2025, 2, 15)
QUARTER = {"release": {"release": "2025Q1", "covers_from": dt.date(2025, 1, 1), "covers_to": dt.date(2025, 3, 31)}}
ALABAMA = Locality("Alabama", NATIONAL, "10112", "00", "AL")
NOWHERE = Locality("national", NATIONAL)


def row(**values: Any) -> dict[str, Any]:
    return values | QUARTER


def fee(hcpcs: str, amount: str, rural: str = "0.00", *, state: str = "AL", category: str = "SU", **modifiers: str):
    return row(hcpcs=hcpcs, state=state, fee=amount, rural_fee=rural, category=category, jurisdiction="D", **modifiers)


STATUS = {
    **dict.fromkeys(("83036", "82233", "84165", "82247", "88142", "36415", "A4428", "A0428", "90653", "99190"), "X"),
    **dict.fromkeys(("J1100", "J0558", "A9606"), "E"),
    "A4233": "P",
    "A4550": "B",
    "J2222": "N",
    "99213": "A",
}
BOOK: dict[str, list[dict[str, Any]]] = {
    "mpfs": [
        *(row(hcpcs=code, status_indicator=status, work_rvu="1.00", total_nonfacility="1.00", total_facility="1.00")
          for code, status in STATUS.items()),
        row(hcpcs="84165", modifier="26", work_rvu="1.00", total_nonfacility="1.00", total_facility="1.00"),
    ],
    "pos": [row(pos="11"), row(pos="22", facility=True)],
    "clfs": [
        row(hcpcs="83036", indicator="N", rate="9.71"),
        row(hcpcs="84165", indicator="N", rate="10.74"),
        row(hcpcs="82247", indicator="N", rate="5.02"),
        row(hcpcs="82247", indicator="N", rate="5.03", modifier="QW"),
        row(hcpcs="82233", indicator="L", rate="0.00"),
        row(hcpcs="0001U", indicator="N", rate="720.00"),
        row(hcpcs="0002U", indicator="N", rate="25.00", valid_from=dt.date(2025, 3, 1)),
        row(hcpcs="0003U", indicator="N", rate="25.00", modifier="QW"),
        row(hcpcs="99213", indicator="N", rate="1.00"),
    ],
    "asp": [
        row(hcpcs="J1100", dosage="1 MG", payment_limit="0.108", coinsurance="20.000"),
        row(hcpcs="J0558", dosage="100,000 UNITS", payment_limit="17.368", coinsurance="16.673"),
        row(hcpcs="A9606", dosage="1 microCurie", payment_limit="0.000", coinsurance="20.000"),
        row(hcpcs="90653", dosage="0.5 ML", payment_limit="83.490", coinsurance="0.000"),
        row(hcpcs="J9999", dosage="1 MG", payment_limit="1.000", coinsurance="-1"),
        row(hcpcs="J2222", dosage="1 MG", payment_limit="1.000", coinsurance="20"),
    ],
    "dmepos": [
        fee("A4221", "25.19", "28.41"),
        fee("A4221", "25.19", "28.15", state="AZ"),
        fee("A4233", "0.51", modifier="NU", category="IN"),
        fee("A4239", "267.92"),
        fee("A4239", "311.74", modifier="KF"),
        fee("E0601", "50.04", "91.18", modifier="RR", category="CR"),
        fee("E0100", "20.00", modifier="NU", category="IN"),
        fee("E0100", "15.00", modifier="UE", category="IN"),
        fee("E0100", "2.00", modifier="RR", category="IN"),
        fee("E0110", "9.00", modifier="NU", second_modifier="KF", category="IN"),
        fee("E0111", "0.00", "3.00"),
    ],
    "dmepos_pen": [fee("B4034", "3.84", "6.03", category="")],
}  # fmt: skip
OPENED = book_from(BOOK)
BARE = book_from({name: BOOK[name] for name in ("mpfs", "pos")})


def service(text: str, **more: Any) -> Service:
    named, _, units = text.partition("x")
    code, *modifiers = named.split("-")
    return Service(code, tuple(modifiers), Decimal(units or 1), **more)


def one(
    asked: str,
    book: OpenBook = OPENED,
    *,
    place: Locality = ALABAMA,
    pos: str = "11",
    day: dt.date = DAY,
    terms: Terms | None = None,
) -> PricedLine:
    return price(book.as_of(day), [service(asked)], place, pos=pos, terms=terms).lines[0]


@pytest.mark.parametrize(
    ("asked", "schedule", "paid", "locator"),
    [
        ("83036", "clfs", "9.71", "83036"),
        ("83036-QWx2", "clfs", "19.42", "83036"),
        ("82247", "clfs", "5.02", "82247"),
        ("82247-QW", "clfs", "5.03", "82247-QW"),
        ("82247-91-QW", "clfs", "5.03", "82247-QW"),
        ("0001U", "clfs", "720.00", "0001U"),
        ("84165", "clfs", "10.74", "84165"),
        ("J1100x4", "asp", "0.43", "J1100"),
        ("J1100x5", "asp", "0.54", "J1100"),
        ("J0558-JZx12", "asp", "208.42", "J0558"),
        ("90653", "asp", "83.49", "90653"),
        ("A4221", "dmepos", "25.19", "A4221 AL"),
        ("A4233-NUx100", "dmepos", "51.00", "A4233-NU AL"),
        ("A4239", "dmepos", "267.92", "A4239 AL"),
        ("A4239-KX-KF", "dmepos", "311.74", "A4239-KF AL"),
        ("E0601-RR-KH", "dmepos", "50.04", "E0601-RR AL"),
        ("E0100-UE", "dmepos", "15.00", "E0100-UE AL"),
        ("E0110-NU-KF", "dmepos", "9.00", "E0110-NU-KF AL"),
        ("B4034x30", "dmepos", "115.20", "B4034 AL"),
    ],
)
def test_a_loaded_schedule_pays_its_rate_for_every_unit(asked, schedule, paid, locator):
    line = one(asked)
    assert (line.allowed, line.schedule, line.reason) == (Decimal(paid), schedule, "")
    assert line.citations[0].locator == locator
    assert line.citations[0].release == "2025Q1"


def test_the_status_of_the_physician_fee_schedule_is_told_and_cited():
    line = one("83036")
    assert line.status_indicator == "X"
    assert [cited.source for cited in line.citations] == ["clfs", "mpfs-rvu"]
    assert one("E0601-RR").status_indicator == ""


@pytest.mark.parametrize("asked", ["99213", "84165-26"])
def test_what_the_physician_fee_schedule_pays_is_left_to_it(asked):
    assert one(asked).schedule == "mpfs"


@pytest.mark.parametrize(
    ("asked", "key", "why"),
    [
        ("82233", "carrier_priced", "contractor sets the price (laboratory indicator L)"),
        ("A9606", "carrier_priced", "no payment limit is published for it"),
        ("0002U", "not_on_schedule", "the clinical laboratory fee schedule has no price of it"),
        ("0003U", "modifier_missing", "has it with QW only"),
        (
            "88142",
            "not_on_schedule",
            "excluded from the physician fee schedule (status X); the clinical laboratory fee",
        ),
        ("J7777", "not_on_schedule", "average sales price) has no price of it"),
        ("L1111", "not_on_schedule", "the DMEPOS fee schedule has no price of it"),
        ("A0428", "other_schedule", "the ambulance fee schedule, which is not read"),
        ("E0601", "modifier_missing", "has fees with these modifiers only: RR"),
        ("E0110-NU", "modifier_missing", "has fees with these modifiers only: NU-KF"),
        ("E0100-NU-RR", "modifier_conflict", "a fee for each of NU, RR"),
        ("E0601-RR-KJ", "late_rental", "from the fourth month on (KJ)"),
        ("E0111", "no_fee", "for rural areas of AL only"),
        ("J2222", "non_covered", "status N"),
        ("A4550", "bundled", "status B"),
        ("A4233", "modifier_missing", "these modifiers only: NU"),
        ("99190", "excluded", "excluded from the fee schedule by law (status X)"),
    ],
)
def test_no_price_has_its_reason(asked, key, why):
    line = one(asked)
    assert (line.allowed, line.reason_key, why in line.reason) == (None, key, True)


@pytest.mark.parametrize(
    ("asked", "name", "source"),
    [
        ("83036", "the clinical laboratory fee schedule", "clfs"),
        ("36415", "the clinical laboratory fee schedule", "clfs"),
        ("0001U", "the clinical laboratory fee schedule", "clfs"),
        ("G0103", "the clinical laboratory fee schedule", "clfs"),
        ("J1100", "the drug pricing file (average sales price)", "asp"),
        ("90653", "the drug pricing file (average sales price)", "asp"),
        ("E0601-RR", "the DMEPOS fee schedule", "dmepos"),
        ("B4034", "the DMEPOS fee schedule", "dmepos"),
    ],
)
def test_a_schedule_that_is_not_loaded_is_named_with_where_to_get_it(asked, name, source):
    line = one(asked, BARE)
    assert (line.allowed, line.reason_key) == (None, "schedule_not_loaded")
    assert line.reason.endswith(
        f"codes of its kind are paid under {name}, which is not loaded; `cleanclaim data update {source}` says where "
        "to get it"
    )
    assert load_catalog()[source].how


def test_without_a_fee_schedule_a_code_of_five_digits_may_be_a_physicians():
    none = book_from({"pos": BOOK["pos"]})
    assert one("88305", none).reason_key == "no_data"
    assert one("J1100", none).reason_key == "schedule_not_loaded"


def test_supplies_that_may_be_bundled_say_so():
    assert "incident to a physician's service" in one("A4233-NU").notes[-1]
    assert one("A4233-NU", BARE).reason_key == "bundled"


def test_equipment_is_paid_by_state():
    arizona = Locality("Arizona", NATIONAL, "03102", "00", "AZ")
    assert one("A4221", place=arizona).citations[0].locator == "A4221 AZ"
    assert one("E0601-RR", place=arizona).reason_key == "not_on_schedule"
    line = one("A4221", place=NOWHERE)
    assert (line.reason_key, "give a locality or a ZIP code" in line.reason) == ("no_state", True)
    assert one("L1111", place=NOWHERE).reason_key == "not_on_schedule"


def test_a_zip_code_is_of_its_own_state_where_its_locality_lies_in_several():
    """The locality of Washington, DC, has suburbs in Maryland and Virginia; the index table calls it DC."""
    places = [row(mac="12202", locality="01", state="DC", work_gpci="1", pe_gpci="1", mp_gpci="1")]
    zips = [row(zip_code="20814", state="MD", carrier="12202", locality="01")]
    items = [fee("A4221", "1.00", state="DC"), fee("A4221", "2.00", state="MD")]
    day = book_from(BOOK | {"gpci": places, "zip_locality": zips, "dmepos": items}).as_of(DAY)
    for place, paid in ((locality_of_zip(day, "20814"), 2), (locality_named(day, "12202-01"), 1)):
        assert price(day, [service("A4221")], place, pos="11").total == paid


def test_what_is_listed_is_not_known_before_it_was_published():
    published = {"release": QUARTER["release"] | {"published": dt.date(2024, 12, 20)}}
    book = book_from(BOOK | {"dmepos": [fee("A4221", "1.00") | published]})
    for known_on, listed in ((dt.date(2024, 12, 1), False), (dt.date(2025, 1, 1), True), (None, True)):
        assert book.as_of(DAY, known_on).equipment_is_listed("A4221") is listed


def test_rural_fees_and_rentals_are_told_not_chosen():
    line = one("E0601-RR")
    assert [note.split(":")[0].split(" in former")[0] for note in line.notes] == [
        "The fee of AL",
        "In rural ZIP codes the fee is $91.18 a unit, and",
        "A capped rental",
    ]
    assert len(one("A4239").notes) == 1


def test_a_drug_in_a_facility_is_the_facilitys():
    assert "$0.108 for each billing unit of 1 MG" in one("J1100").notes
    assert not any("facility" in note for note in one("J1100").notes)
    assert any("facility" in note for note in one("J1100", pos="22").notes)


@pytest.mark.parametrize(
    ("asked", "pays"),
    [
        ("83036", "9.52"),  # all of it, less 2 %
        ("J1100x100", "8.47"),  # 10.80, less 20 %, less 2 %
        ("J0558x10", "141.83"),  # 173.68, less 16.673 %, less 2 %
        ("90653", "81.82"),  # a vaccine without coinsurance
        ("J9999x10", "7.84"),  # no coinsurance told: the usual one
        ("A4221", "19.75"),  # 25.19, less 20 %, less 2 %
    ],
)
def test_medicares_own_payment_is_by_the_coinsurance_of_the_schedule(asked, pays):
    assert one(asked, terms=Terms(sequestration=True)).medicare_pays == Decimal(pays)


@pytest.mark.parametrize("asked", ["83036", "J1100", "A4221"])
def test_terms_of_practitioners_do_not_touch_other_schedules(asked):
    line = one(asked, terms=Terms(participating=False, nonphysician=True))
    assert (line.allowed, line.steps, line.limiting_charge) == (one(asked).allowed, (), None)


def test_no_more_than_the_charge_is_allowed():
    asked = service("83036", charge=Decimal("5.00"))
    assert price(OPENED.as_of(DAY), [asked], ALABAMA, pos="11").total == Decimal("5.00")


def test_an_amount_of_another_quarter_is_stale():
    later = dt.date(2025, 7, 1)
    assert all(one(asked, day=later).stale for asked in ("83036", "J1100", "A4221", "0002U"))
    assert one("0002U", day=later).allowed == Decimal("25.00")


@given(st.sampled_from(["83036", "J1100", "A4221", "A4233-NU", "E0100-RR"]), st.integers(1, 500), st.integers(0, 50))
def test_more_units_never_pay_less_and_amounts_are_exact_to_the_cent(asked, units, more):
    fewer, many = one(f"{asked}x{units}").allowed, one(f"{asked}x{units + more}").allowed
    assert fewer is not None
    assert many is not None
    assert fewer <= many
    assert fewer == round(fewer, 2)


def test_the_kind_of_a_code_is_told_for_nothing_else():
    kinds = {"80053": "clfs", "0350U": "clfs", "0012M": "clfs", "J3490": "asp", "Q5101": "asp", "90715": "asp"}
    kinds |= {"A9579": "asp", "K0001": "dmepos", "L0120": "dmepos", "V2020": "dmepos", "A0425": "ambulance"}
    kinds |= dict.fromkeys(("99213", "90791", "90999", "G0008", "C1713", "A9150", "S0020", "0001A", "M0201"), "")
    assert {code: schedule_of(code) for code in kinds} == kinds
