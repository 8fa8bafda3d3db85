"""Anesthesia: units, who did what, and dollars, on made base units; the conversion factors are those of ANES2025.

The base units of the published list of 2022 are used where a test names a real code: 01402 has 7, 00562 20, 01953 1,
01996 3, 01999 0.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.index.lookup import OpenBook
from cleanclaim.pricing.anesthesia import DIRECTION, ROLES, is_anesthesia
from cleanclaim.pricing.locality import locality_named
from cleanclaim.pricing.model import NATIONAL, Indices, Locality, PricedLine, Service, Terms
from cleanclaim.pricing.price import price
from cleanclaim.testing.inline import book_from

DAY = dt.date(2025, 7, 15)
YEAR = {"release": {"release": "2025", "covers_from": dt.date(2025, 1, 1), "covers_to": dt.date(2025, 12, 31)}}
UNITS = {"01402": 7, "00562": 20, "01953": 1, "01996": 3, "01999": 0}
ALABAMA = Locality("Alabama", Indices(Decimal(1), Decimal("0.869"), Decimal("0.575")), "10112", "00", "AL")
NOWHERE = Locality("national", NATIONAL)
CODES: list[dict[str, Any]] = [{"hcpcs": code, "status_indicator": "J"} | YEAR for code in (*UNITS, "01404")]
BOOK: dict[str, list[dict[str, Any]]] = {
    "mpfs": [*CODES, {"hcpcs": "01990", "status_indicator": "I"} | YEAR],
    "pos": [{"pos": "22", "facility": True} | YEAR],
    "base_units": [{"hcpcs": code, "base_units": units} | YEAR for code, units in UNITS.items()],
    "anesthesia": [
        {"factor": "20.317800"} | YEAR,
        {"mac": "10112", "locality": "00", "factor": "19.310000"} | YEAR,
    ],
}
OPENED = book_from(BOOK)


def service(text: str = "01402-AA", minutes: str | None = "129", units: int = 1) -> Service:
    code, *modifiers = text.split("-")
    return Service(code, tuple(modifiers), Decimal(units), minutes=None if minutes is None else Decimal(minutes))


def one(
    *asked: Any,
    book: OpenBook = OPENED,
    place: Locality = ALABAMA,
    day: dt.date = DAY,
    terms: Terms | None = None,
    **more: Any,
) -> PricedLine:
    return price(book.as_of(day), [service(*asked, **more)], place, pos="22", terms=terms).lines[0]


def without(name: str) -> OpenBook:
    return book_from({table: rows for table, rows in BOOK.items() if table != name})


def test_the_worked_example_of_01402_and_129_minutes():
    """7 base units and 129 minutes: 8.6 time units, 15.6 units (ASA, Anesthesia Payment Basics 3)."""
    line = one()
    assert dict(line.units) == {"base": 7, "time": Decimal("8.6"), "total": Decimal("15.6")}
    assert line.allowed == Decimal("301.24")  # 15.6 x 19.31 = 301.236
    assert (line.schedule, line.status_indicator, line.steps) == ("anesthesia", "J", ())
    assert line.notes == ("(7 base units + 8.6 time units) x $19.31 = $301.24",)
    assert [cited.source for cited in line.citations] == [
        *("mpfs-rvu", "anesthesia-base-units", "claims-processing-manual", "mpfs-anesthesia"),
    ]
    assert line.citations[-1].locator == "10112-00"
    assert line.citations[-1].text.endswith("10112-00: $19.31 for an anesthesia unit")


def test_national_amounts_use_the_national_factor():
    assert one(place=NOWHERE).allowed == Decimal("316.96")  # 15.6 x 20.3178


@pytest.mark.parametrize(
    ("minutes", "time"),
    [("1", "0.1"), ("7", "0.5"), ("17", "1.1"), ("15", "1.0"), ("22", "1.5"), ("23", "1.5"), ("0.75", "0.1")],
)
def test_time_is_divided_by_15_minutes_to_one_decimal(minutes, time):
    assert dict(one(minutes=minutes).units)["time"] == Decimal(time)


@pytest.mark.parametrize(
    ("modifier", "paid", "key"),
    [
        ("AA", "301.24", None),
        ("QZ", "301.24", None),
        ("QK", "150.62", "medical_direction"),
        ("QY", "150.62", "medical_direction"),
        ("QX", "150.62", "medical_direction"),
    ],
)
def test_who_directs_and_who_is_directed_get_half(modifier, paid, key):
    line = one(f"01402-{modifier}")
    assert line.allowed == Decimal(paid)
    assert [(step.key, step.factor) for step in line.steps] == ([(key, Decimal("0.50"))] if key else [])
    assert all(modifier in step.why and step.citation.source == "us-code" for step in line.steps)


def test_direction_and_work_together_are_paid_as_one_service_alone():
    for code in UNITS:
        whole, parts = one(f"{code}-AA").allowed, [one(f"{code}-{modifier}").allowed for modifier in ("QK", "QX")]
        assert whole is None or abs(sum(part for part in parts if part is not None) - whole) <= Decimal("0.01")


@pytest.mark.parametrize(("present", "paid", "time"), [(False, "57.93", 0), (True, "77.24", 1)])
def test_supervision_of_more_than_four_is_three_units_and_one_more_for_induction(present, paid, time):
    line = one("00562-AD", minutes="600", terms=Terms(present_at_induction=present))
    assert line.allowed == Decimal(paid)
    assert dict(line.units) == {"base": 3, "time": time, "total": 3 + time}


def test_supervision_needs_neither_base_units_nor_minutes():
    assert one("01404-AD", minutes=None, book=without("base_units")).allowed == Decimal("57.93")


@pytest.mark.parametrize("modifiers", ["QS", "P1", "P5", "P6", "G8", "23", "QS-P3"])
def test_physical_status_and_monitored_care_change_nothing(modifiers):
    line = one(f"01402-AA-{modifiers}")
    assert (line.allowed, line.steps) == (Decimal("301.24"), ())


@pytest.mark.parametrize("code", ["01953", "01996"])
def test_codes_without_time_are_paid_by_their_base_units_for_each_unit(code):
    line = one(f"{code}-AA", minutes=None, units=2)
    assert dict(line.units) == {"base": 2 * UNITS[code], "time": 0, "total": 2 * UNITS[code]}
    assert line.allowed == (2 * UNITS[code] * Decimal("19.31"))
    assert len(line.notes) == 1
    assert "30 minutes are not counted" in one(f"{code}-AA", minutes="30").notes[0]
    assert one(f"{code}-AA", minutes="30").allowed == UNITS[code] * Decimal("19.31")


def test_units_do_not_multiply_what_is_paid_by_time():
    line = one(units=129)
    assert line.allowed == Decimal("301.24")
    assert line.notes[0] == "Anesthesia is paid by its minutes: the 129 units are not counted."


@pytest.mark.parametrize(
    ("asked", "key", "why"),
    [
        (("01402", "129"), "anesthesia_role", "one of AA, QZ, QK, QY, QX, AD has to say"),
        (("01402-QS-P3", "129"), "anesthesia_role", "one of AA"),
        (("01402-AA-QK", "129"), "modifier_conflict", "AA and QK contradict each other"),
        (("01402-AA", None), "no_time", "no minutes are given"),
        (("01402-AA", "0"), "no_time", "no minutes are given"),
        (("01404-AA", "129"), "no_base_units", "does not have 01404"),
        (("01999-AA", "129"), "carrier_priced", "0 base units"),
        (("01990-AA", "129"), "not_valid", "Medicare"),
        (("01995-AA", "129"), "not_on_schedule", "no row for 01995"),
    ],
)
def test_no_price_has_its_reason(asked, key, why):
    line = one(*asked)
    assert (line.allowed, line.reason_key, why in line.reason) == (None, key, True)


@pytest.mark.parametrize(
    ("missing", "key", "why"),
    [
        ("base_units", "no_base_units", "`cleanclaim data update anesthesia-base-units` says where"),
        ("anesthesia", "no_anesthesia_factor", "with the relative value files, as ANES2025.csv"),
    ],
)
def test_a_table_that_is_not_loaded_is_named(missing, key, why):
    line = one(book=without(missing))
    assert (line.allowed, line.reason_key, why in line.reason) == (None, key, True)


@pytest.mark.parametrize("modifier", ROLES)
def test_a_day_before_the_parameters_of_anesthesia_has_no_price_and_no_fault(modifier):
    always = [{"pos": "22", "facility": True, "release": {"covers_from": None, "covers_to": None}}]
    line = one(f"01402-{modifier}", day=dt.date(1993, 1, 1), book=book_from(BOOK | {"pos": always}))
    assert (line.allowed, line.reason_key) == (None, "no_anesthesia_factor")


def test_a_locality_without_a_factor_is_named():
    line = one(place=Locality("Elsewhere", NATIONAL, "99999", "01", "XX"))
    assert (line.reason_key, "locality 99999-01" in line.reason) == ("no_anesthesia_factor", True)


def test_without_any_fee_schedule_the_code_itself_tells():
    assert one(book=without("mpfs")).allowed == Decimal("301.24")


def test_an_amount_by_the_factors_of_another_year_is_stale():
    assert one(day=dt.date(2026, 2, 1)).stale
    assert not one().stale


@pytest.mark.parametrize("table", ["mpfs", "base_units", "anesthesia"])
def test_one_table_of_another_year_makes_the_amount_stale(table):
    ended = {"release": YEAR["release"] | {"covers_to": dt.date(2025, 6, 30)}}
    book = book_from(BOOK | {table: [values | ended for values in BOOK[table]]})
    assert one(book=book).stale
    assert one(book=book).allowed == Decimal("301.24")


def test_the_codes_of_anesthesia_are_00100_to_01999():
    known = {
        "00100": True,
        "01999": True,
        "00099": False,
        "02000": False,
        "0100T": False,
        "0100": False,
        "001000": False,
    }
    assert {code: is_anesthesia(code) for code in known} == known


def test_a_qualifying_participant_is_paid_by_the_other_factor_of_2026():
    """The factors of Alabama in ANES2026: 19.63 and 19.53 dollars."""
    rows = [{"mac": "10112", "locality": "00", "factor": "19.530000", "factor_qualifying_apm": "19.630000"} | YEAR]
    book = book_from(BOOK | {"anesthesia": rows})
    assert one(book=book).allowed == Decimal("304.67")  # 15.6 x 19.53
    assert one(book=book, terms=Terms(qualifying_apm=True)).allowed == Decimal("306.23")  # 15.6 x 19.63
    assert one(terms=Terms(qualifying_apm=True)).allowed == Decimal("301.24")


def test_who_does_not_participate_is_paid_95_percent_and_no_practitioners_share_is_taken():
    line = one(terms=Terms(participating=False, nonphysician=True))
    assert [step.key for step in line.steps] == ["nonparticipating"]
    assert line.allowed == Decimal("286.18")


def test_no_more_than_the_charge_is_allowed():
    asked = Service("01402", ("AA",), minutes=Decimal(129), charge=Decimal("200.00"))
    assert price(OPENED.as_of(DAY), [asked], ALABAMA, pos="22").total == Decimal("200.00")


def test_several_services_say_what_one_session_is_paid():
    told = price(OPENED.as_of(DAY), [service("01402-AA"), service("00562-AA")], ALABAMA, pos="22").lines
    assert all("only that with the most base units is paid" in line.notes[-1] for line in told)
    with_add_on = price(OPENED.as_of(DAY), [service("01402-AA"), service("01953-AA")], ALABAMA, pos="22").lines
    assert not any("Several" in note for line in with_add_on for note in line.notes)


@given(st.sampled_from(ROLES), st.integers(1, 900), st.integers(0, 60))
def test_more_time_never_pays_less_and_direction_never_more_than_the_work(role, minutes, longer):
    def paid(modifier: str, time: int) -> Decimal:
        allowed = one(f"00562-{modifier}", minutes=str(time)).allowed
        assert allowed is not None
        return allowed

    assert paid(role, minutes) <= paid(role, minutes + longer)
    assert paid(role, minutes) <= paid("AA", minutes)
    assert role not in DIRECTION or paid(role, minutes) * 2 - paid("AA", minutes) <= Decimal("0.01")


@pytest.mark.published
def test_the_published_factors_price_every_locality(published: Path, tmp_path: Path):
    """Every factor of ANES2025 through a loaded book; base units as the published list lays them out."""
    units = tmp_path / "CY_2022_Anesthesia_Base_Units.txt"
    units.write_text("CODE\t2022\n\tBASE\n\tUNIT\n" + "".join(f"{code}\t{many}\n" for code, many in UNITS.items()))
    names = ("mpfs/rvu25d/ANES2025.csv", "mpfs/rvu25d/GPCI2025.csv", "codesets/place_of_service.csv")
    store = BookStore(tmp_path / "book")
    done = load_paths(store, [units, *(published / name for name in names)])
    assert [outcome.reason for outcome in done if outcome.release is None] == []
    day = OpenBook.open(store.folder, with_starter=False).as_of(DAY)
    queens = price(day, [service()], locality_named(day, "13292-04"), pos="22").lines[0]
    assert queens.allowed == Decimal("352.56")  # 15.6 x 22.60
    assert "ANES2025.csv, row 79" in queens.citations[-1].text
    for row in (published / names[0]).read_text().splitlines()[1:]:
        mac, number, *_, factor = row.split(",")
        if mac:
            place = locality_named(day, f"{mac.strip()}-{number.strip()}")
            line = price(day, [service("01996-QZ", None)], place, pos="22").lines[0]
            assert line.allowed == 3 * Decimal(factor.strip())
