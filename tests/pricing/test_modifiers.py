"""What a line's own modifiers do to its price: every modifier and every indicator, on made rows with round fees."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.errors import InputError
from cleanclaim.index.lookup import OpenBook
from cleanclaim.pricing import fee
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import NATIONAL, Line, Locality, Priced, PricedLine, Rate, Service, Terms
from cleanclaim.pricing.modifiers import adjust
from cleanclaim.pricing.price import price
from cleanclaim.testing.inline import book_from

DAY = dt.date(2026, 7, 15)
ALWAYS = {"covers_from": dt.date(2010, 1, 1), "covers_to": dt.date(2030, 12, 31)}
NOWHERE = Locality("national", NATIONAL)


def row(hcpcs: str = "11111", fee: str = "100.00", **values: Any) -> dict[str, Any]:
    """A row of the fee schedule that pays ``fee`` in both settings."""
    rvu = {"work_rvu": fee, "total_nonfacility": fee, "total_facility": fee, "conversion_factor": "1.0000"}
    return {"hcpcs": hcpcs, "release": ALWAYS} | rvu | values


def parts(technical: str = "80.00", professional: str = "20.00", **values: Any) -> list[dict[str, Any]]:
    """A diagnostic service with its two parts, whose fees are made of practice expense and of work."""
    both = str(Decimal(technical) + Decimal(professional))
    made = []
    for modifier, work, expense, total in (
        ("", professional, technical, both),
        ("TC", "0.00", technical, technical),
        ("26", professional, "0.00", professional),
    ):
        expenses = {"work_rvu": work, "pe_rvu_nonfacility": expense, "pe_rvu_facility": expense}
        totals = {"total_nonfacility": total, "total_facility": total}
        made.append(row(modifier=modifier, pc_tc_indicator="1", **(expenses | totals | values)))
    return made


def made_book(*rows: Mapping[str, Any]) -> OpenBook:
    released = {"covers_from": dt.date(1980, 1, 1), "covers_to": dt.date(2030, 12, 31)}
    places = [{"pos": place, "facility": place == "22", "release": released} for place in ("11", "22")]
    return book_from({"mpfs": list(rows), "pos": places})


def service(text: str, **more: Any) -> Service:
    """``11111-50x2``: code, modifiers, units."""
    named, _, units = text.partition("x")
    code, *modifiers = named.split("-")
    return Service(code, tuple(modifiers), Decimal(units or 1), **more)


def priced(
    *services: str | Service, rows: list[dict[str, Any]], pos: str = "11", day: dt.date = DAY, **terms: bool
) -> Priced:
    asked = [service(asked) if isinstance(asked, str) else asked for asked in services]
    return price(made_book(*rows).as_of(day), asked, NOWHERE, pos=pos, terms=Terms(**terms))


def one(text: str | Service, pos: str = "11", day: dt.date = DAY, **values: Any) -> PricedLine:
    """One line priced by one row with ``values``."""
    return priced(text, rows=[row(**values)], pos=pos, day=day).lines[0]


def allowed(answer: Priced) -> list[str]:
    return ["-" if line.allowed is None else str(line.allowed) for line in answer.lines]


def steps(line: PricedLine) -> list[tuple[str, str]]:
    return [(step.key, str(step.factor)) for step in line.steps]


# --- both sides


@pytest.mark.parametrize(
    ("indicator", "billed", "paid"),
    [
        ("0", ["11111-50"], ["100.00"]),
        ("0", ["11111-LT", "11111-RT"], ["100.00", "0.00"]),
        ("0", ["11111-LT-RT"], ["100.00"]),
        ("0", ["11111x2"], ["200.00"]),
        ("0", ["11111", "11111"], ["100.00", "100.00"]),
        ("1", ["11111-50"], ["150.00"]),
        ("1", ["11111-50x2"], ["150.00"]),
        ("1", ["11111-50x3"], ["450.00"]),
        ("1", ["11111-LT", "11111-RT"], ["100.00", "50.00"]),
        ("1", ["11111-RT", "11111-LT-59"], ["50.00", "100.00"]),
        ("1", ["11111-RT", "11111-LT-51"], ["50.00", "100.00"]),
        ("1", ["11111-LT-RT"], ["150.00"]),
        ("1", ["11111-LT-RTx2"], ["150.00"]),
        ("1", ["11111x2"], ["150.00"]),
        ("1", ["11111x3"], ["300.00"]),
        ("1", ["11111", "11111"], ["100.00", "50.00"]),
        ("1", ["11111", "11111", "11111"], ["100.00", "50.00", "100.00"]),
        ("1", ["11111-LTx2", "11111-RTx2"], ["200.00", "100.00"]),
        ("1", ["11111-LTx2", "11111-RT"], ["200.00", "100.00"]),
        ("1", ["11111-LTx2", "11111-RT", "11111-LT"], ["200.00", "50.00", "100.00"]),
        ("2", ["11111-50"], ["100.00"]),
        ("2", ["11111-50x2"], ["100.00"]),
        ("2", ["11111-LT", "11111-RT"], ["100.00", "0.00"]),
        ("2", ["11111x2"], ["100.00"]),
        ("2", ["11111", "11111"], ["100.00", "0.00"]),
        ("3", ["11111-50"], ["200.00"]),
        ("3", ["11111-50x2"], ["200.00"]),
        ("3", ["11111-LT", "11111-RT"], ["100.00", "100.00"]),
        ("3", ["11111-LT-RT"], ["200.00"]),
        ("3", ["11111x2"], ["200.00"]),
        ("3", ["11111", "11111"], ["100.00", "100.00"]),
        ("9", ["11111-50"], ["100.00"]),
        ("9", ["11111-LT", "11111-RT"], ["100.00", "100.00"]),
        ("9", ["11111x2"], ["200.00"]),
        ("", ["11111-50"], ["100.00"]),
    ],
)
def test_both_sides_pay_what_the_bilateral_indicator_says_however_they_are_billed(indicator, billed, paid):
    assert allowed(priced(*billed, rows=[row(bilateral=indicator)])) == paid


@pytest.mark.parametrize("indicator", list("0123"))
@pytest.mark.parametrize(
    "billed",
    [
        ["11111-LT"],
        ["11111-RT"],
        ["11111-LTx2"],
        ["11111-LT", "11111-LT-59"],
        ["11111", "11111-59"],
        ["11111", "11111-XS"],
        ["11111", "11111-76"],
        ["11111-F1", "11111-F6"],
        ["11111-59x2"],
        ["11111-LT", "11111-RT-79"],
        ["11111-LT", "11111-RT-80"],
        ["11111-LT", "22222-RT"],
    ],
)
def test_one_side_twice_and_what_a_modifier_tells_apart_is_not_both_sides(indicator, billed):
    rows = [row(code, bilateral=indicator, assistant="2") for code in ("11111", "22222")]
    for line in priced(*billed, rows=rows).lines:
        share = Decimal("0.16") if line.service.bears("80") else Decimal(1)
        assert line.allowed == line.service.units * 100 * share
        assert "bilateral" not in [step.key for step in line.steps]


def test_lines_at_different_places_are_not_the_two_sides_of_one_procedure():
    left, right = service("11111-LT", pos="11"), service("11111-RT", pos="22")
    assert allowed(priced(left, right, rows=[row(bilateral="1")])) == ["100.00", "100.00"]


def test_a_step_for_both_sides_says_the_share_and_cites_the_indicator():
    (line,) = priced("11111-50", rows=[row(bilateral="1")]).lines
    (step,) = line.steps
    assert (step.key, step.factor, step.amount) == ("bilateral", Decimal("1.50"), Decimal("150.00"))
    assert "150 %" in step.why
    assert (step.citation.source, step.citation.locator) == ("mpfs-record-layout", "Bilateral Surgery, 1")
    assert "2 units" not in step.why
    assert "2 units are the two sides" in one("11111x2", bilateral="1").steps[0].why
    assert "2 units" not in one("11111-50x3", bilateral="1").steps[0].why


@pytest.mark.parametrize(("indicator", "share"), [("0", "0"), ("1", "0.50"), ("2", "0")])
def test_the_line_of_the_other_side_names_the_line_that_has_the_fee(indicator, share):
    answer = priced("11111-RT", "11111-LT", rows=[row(bilateral=indicator)])
    right, left = answer.lines
    assert left.steps == ()
    (step,) = right.steps
    assert (step.key, step.factor) == ("bilateral", Decimal(share))
    assert f"bilateral indicator {indicator}" in step.why
    assert "line 2 has" in step.why


@pytest.mark.parametrize(
    ("indicator", "says"),
    [("0", "paid as one"), ("2", "for both sides already"), ("9", "does not apply"), ("", "no bilateral indicator")],
)
def test_where_50_changes_nothing_a_note_says_why_and_no_step_is_made(indicator, says):
    line = one("11111-50", bilateral=indicator)
    assert line.steps == ()
    assert any(says in note for note in line.notes)
    assert len(line.citations) >= 1


def test_50_with_more_than_one_unit_says_how_the_units_are_read():
    assert "2 are taken for the two sides" in one("11111-50x2", bilateral="1").notes[0]
    assert "3 are taken for as many procedures" in one("11111-50x3", bilateral="1").notes[0]
    assert one("11111-50", bilateral="1").notes == ()


def test_two_units_that_may_be_two_procedures_on_one_side_say_how_they_are_read():
    assert "read as both sides" in one("11111x2", bilateral="1").notes[0]
    assert one("11111-LT-RTx2", bilateral="1").notes == ()
    assert one("11111x2", bilateral="3").notes == ()


def adjusted(*texts: str, rows: list[dict[str, Any]], day: dt.date = DAY) -> list[Line]:
    """The lines as the stages after this one find them."""
    context = Context(made_book(*rows).as_of(day), NOWHERE, Terms())
    lines = [Line(number, service(text), Rate.NONFACILITY) for number, text in enumerate(texts, start=1)]
    for line in lines:
        fee.start(line, context)
    adjust(lines, context)
    return lines


@pytest.mark.parametrize("indicator", list("0123"))
def test_later_stages_are_told_that_two_lines_are_one_procedure_and_how_often_the_fee_is_in_each(indicator):
    left, right = adjusted("11111-LT", "11111-RT", rows=[row(bilateral=indicator)])
    assert (left.other_side, right.other_side) == (right, left)
    together = indicator != "3"
    assert (left.charged_with, right.charged_with) == ((right, left) if together else (None, None))
    times = {"0": "0", "1": "0.5", "2": "0", "3": "1"}[indicator]
    assert (left.times, right.times) == (1, Decimal(times))
    (both,) = adjusted("11111-50", rows=[row(bilateral=indicator)])
    assert both.both_sides
    assert both.times == left.times + right.times


def test_more_procedures_than_one_on_both_sides_are_not_told_to_be_one():
    left, right = adjusted("11111-LTx2", "11111-RTx2", rows=[row(bilateral="1")])
    assert (left.both_sides, right.both_sides) == (False, False)
    assert (left.other_side, right.other_side) == (right, left)
    assert (left.charged_with, right.charged_with) == (right, left)
    assert (left.times, right.times) == (2, 1)
    (both,) = adjusted("11111-50x3", rows=[row(bilateral="1")])
    assert not both.both_sides
    assert both.times == Decimal("4.5")


@pytest.mark.parametrize("indicator", list("0123"))
@settings(max_examples=50)
@given(cents=st.integers(1, 999_999))
def test_two_lines_pay_to_the_cent_what_one_line_with_50_pays(indicator, cents):
    rows = [row(fee=f"{cents / 100:.2f}", bilateral=indicator)]
    total = priced("11111-50", rows=rows).total
    assert priced("11111-LT", "11111-RT", rows=rows).total == total
    if indicator != "0":
        assert priced("11111x2", rows=rows).total == total
        assert priced("11111", "11111", rows=rows).total == total


@pytest.mark.parametrize(
    ("indicator", "charges", "total"),
    [
        ("0", ("100.00", "100.00"), "125.00"),  # the record layout's own example
        ("2", ("100.00", "100.00"), "125.00"),  # likewise
        ("0", ("20.00", "300.00"), "125.00"),
        ("0", ("20.00", "30.00"), "50.00"),
        ("1", ("20.00", "300.00"), "187.50"),
        ("1", ("20.00", "100.00"), "120.00"),
        ("1", ("20.00", None), "187.50"),
        ("3", ("60.00", "300.00"), "185.00"),
    ],
)
def test_both_sides_together_pay_no_more_than_both_charges(indicator, charges, total):
    sides = [
        service(f"11111-{side}", charge=None if charge is None else Decimal(charge))
        for side, charge in zip(("LT", "RT"), charges, strict=True)
    ]
    for order in (sides, sides[::-1]):
        answer = priced(*order, rows=[row(fee="125.00", bilateral=indicator)])
        assert str(answer.total) == total
        for line in answer.lines:
            assert line.service.charge is None or line.allowed <= line.service.charge


def test_of_three_lines_those_with_the_higher_charges_are_the_two_sides():
    asked = [service("11111-LT", charge=Decimal("5.00")), service("11111-LT"), service("11111-RT")]
    assert allowed(priced(*asked, rows=[row(bilateral="1")])) == ["5.00", "100.00", "50.00"]


def test_the_cap_of_imaging_grows_with_both_sides():
    rows = parts(bilateral="1", opps_pe_nonfacility="40.00")
    paid = {
        billed: priced(*billed, rows=rows).total
        for billed in (("11111-50",), ("11111x2",), ("11111-LT", "11111-RT"), ("11111", "11111"))
    }
    assert set(paid.values()) == {Decimal("90.00")}  # (40 capped + 20) x 1.5


# --- who operated


@pytest.mark.parametrize(
    ("indicator", "paid", "reason", "note"),
    [
        ("0", "None", "co_surgeons_not_permitted", ""),
        ("1", "62.50", "", "only with documentation"),
        ("2", "62.50", "", "different specialties"),
        ("9", "None", "co_surgeons_not_permitted", ""),
        ("", "None", "co_surgeons_not_permitted", ""),
    ],
)
def test_each_of_two_surgeons_is_paid_half_of_125_percent_where_they_are_permitted(indicator, paid, reason, note):
    line = one("11111-62", co_surgeon=indicator)
    assert (str(line.allowed), line.reason_key) == (paid, reason)
    assert any(note in said for said in line.notes) or not note
    assert steps(line) == ([] if reason else [("co_surgeon", "0.625")])


@pytest.mark.parametrize(
    ("indicator", "reason"),
    [
        ("0", "team_not_permitted"),
        ("1", "by_report"),
        ("2", "by_report"),
        ("9", "team_not_permitted"),
        ("", "team_not_permitted"),
    ],
)
def test_a_surgical_team_has_no_price_of_the_schedule(indicator, reason):
    line = one("11111-66", team_surgeon=indicator)
    assert (line.allowed, line.reason_key, line.steps) == (None, reason, ())


@pytest.mark.parametrize("modifier", ["80", "81", "82", "AS"])
@pytest.mark.parametrize(
    ("indicator", "is_paid", "note"),
    [("0", True, "only with documentation"), ("1", False, ""), ("2", True, ""), ("9", False, ""), ("", False, "")],
)
def test_an_assistant_is_paid_16_percent_and_one_who_is_no_physician_85_percent_of_it(
    modifier, indicator, is_paid, note
):
    line = one(f"11111-{modifier}", assistant=indicator)
    share = "0.136" if modifier == "AS" else "0.16"
    assert steps(line) == ([("assistant", share)] if is_paid else [])
    assert line.allowed == (Decimal(share) * 100 if is_paid else None)
    assert line.reason_key == ("" if is_paid else "assistant_not_paid")
    assert any(note in said for said in line.notes) or not note


@pytest.mark.parametrize(
    ("modifier", "column", "named"),
    [("62", "co_surgeon", "co-surgeons"), ("66", "team_surgeon", "team surgery"), ("80", "assistant", "assistant at")],
)
@pytest.mark.parametrize("indicator", ["0", "1", "2", "9", ""])
def test_the_row_is_cited_with_the_indicator_that_decided(modifier, column, named, indicator):
    cited = one(f"11111-{modifier}", **{column: indicator}).citations
    assert any(named in one.text and one.text.endswith(indicator or "not stated") for one in cited)


def test_as_with_80_is_one_assistant_who_is_no_physician():
    assert steps(one("11111-AS-80", assistant="2")) == [("assistant", "0.136")]


def test_as_has_the_share_of_who_is_no_physician_in_it_already():
    rows = [row(assistant="2")]
    assert allowed(priced("11111-AS", rows=rows, nonphysician=True)) == ["13.60"]
    assert allowed(priced("11111-80", rows=rows, nonphysician=True)) == ["13.60"]  # 16.00 x 85 %


# --- which part of the package

SHARES = {"pre_op": "0.10", "intra_op": "0.69", "post_op": "0.21"}


@pytest.mark.parametrize("days", ["010", "090"])
def test_54_pays_before_and_in_the_operation_55_the_care_after_it(days):
    rows = [row(global_days=days, **SHARES)]
    answer = priced("11111-54", rows=rows)
    assert [steps(line) for line in answer.lines] == [[("surgical_care_only", "0.79")]]
    assert allowed(answer) == ["79.00"]
    after = priced("11111-55", rows=rows).lines[0]
    assert steps(after) == [("postoperative_care_only", "0.21")]
    assert str(after.allowed) == "21.00"
    assert any("say how many" in note for note in after.notes)
    assert "shares before 0.10, in 0.69, after 0.21" in answer.lines[0].steps[0].citation.text
    assert "10 % before and 69 % in the operation" in answer.lines[0].steps[0].why
    assert "21 % of the fee" in after.steps[0].why


def test_the_technical_part_shrinks_with_the_days_of_care():
    rows = parts(global_days="090", **SHARES)
    line = priced(service("11111-55-FX", postoperative_days=45), rows=rows).lines[0]
    assert [str(step.amount) for step in line.steps] == ["21.00", "10.50", "8.82"]  # 80 and 20, x .21 / 2, 80 x .8


@pytest.mark.parametrize(
    ("days", "given_days", "paid"), [("090", 60, "14.00"), ("090", 30, "7.00"), ("010", 3, "6.30")]
)
def test_care_after_the_operation_that_was_shared_is_paid_by_its_days(days, given_days, paid):
    line = one(service("11111-55", postoperative_days=given_days), global_days=days, **SHARES)
    assert str(line.allowed) == paid
    assert [step.key for step in line.steps] == ["postoperative_care_only", "postoperative_days"]
    assert f"{given_days} of its {int(days)} days" in line.steps[-1].why


def test_all_days_of_care_after_the_operation_are_the_whole_share():
    line = one(service("11111-55", postoperative_days=90), global_days="090", **SHARES)
    assert (str(line.allowed), len(line.steps), line.notes) == ("21.00", 1, ())


@pytest.mark.parametrize(("days", "given_days"), [("090", 91), ("090", 0), ("010", 11), ("010", -1)])
def test_days_that_the_package_does_not_have_are_refused(days, given_days):
    with pytest.raises(InputError, match=f"11111-55: {given_days} postoperative days; 11111 has {int(days)}"):
        one(service("11111-55", postoperative_days=given_days), global_days=days, **SHARES)


@pytest.mark.parametrize("modifier", ["54", "55"])
@pytest.mark.parametrize("days", ["000", "XXX", "YYY", "ZZZ", "MMM", ""])
def test_a_code_without_10_or_90_days_has_no_package_to_divide(modifier, days):
    line = one(f"11111-{modifier}", global_days=days)
    assert (line.allowed, line.reason_key) == (None, "no_global_package")
    assert f"global {days or 'not stated'}" in line.reason


@pytest.mark.parametrize("modifier", ["54", "55", "78"])
def test_a_package_of_which_no_shares_are_published_is_not_divided(modifier):
    line = one(f"11111-{modifier}", global_days="090")
    assert (line.allowed, line.reason_key) == (None, "no_shares")


def test_shares_that_cancel_each_other_by_addition_and_subtraction_are_shares():
    shares = {"pre_op": "0.50", "intra_op": "0.25", "post_op": "0.25"}
    assert str(one("11111-54", global_days="090", **shares).allowed) == "75.00"
    assert str(one("11111-55", global_days="090", **shares | {"pre_op": "0.00"}).allowed) == "25.00"


def test_care_before_the_operation_is_paid_with_it_and_not_by_itself():
    line = one("11111-56", global_days="090", **SHARES)
    assert (line.allowed, line.reason_key) == (None, "paid_with_surgery")
    assert "54" in line.reason


@pytest.mark.parametrize("days", ["010", "090"])
def test_a_return_to_the_operating_room_is_paid_the_intraoperative_share(days):
    line = one("11111-78", global_days=days, **SHARES)
    assert (str(line.allowed), steps(line)) == ("69.00", [("return_to_operating_room", "0.69")])


@pytest.mark.parametrize("days", ["000", "XXX", "ZZZ"])
def test_a_return_with_a_code_that_has_no_care_before_and_after_is_paid_in_full(days):
    line = one("11111-78", global_days=days)
    assert (str(line.allowed), line.steps) == ("100.00", ())
    assert any("in full" in note and f"global {days}" in note for note in line.notes)


# --- how much was done


def test_a_reduced_service_is_paid_by_report():
    line = one("11111-52")
    assert (line.allowed, line.reason_key) == (None, "by_report")


def test_a_stopped_procedure_is_paid_by_its_own_row_or_by_report():
    own = [row(), row(fee="50.00", modifier="53")]
    assert allowed(priced("11111-53", rows=own)) == ["50.00"]
    assert priced("11111-53", rows=own).lines[0].steps == ()
    line = one("11111-53")
    assert (line.allowed, line.reason_key) == (None, "by_report")


def test_more_work_than_usual_is_the_fee_with_a_note_that_more_may_be_paid():
    line = one("11111-22")
    assert (str(line.allowed), line.steps) == ("100.00", ())
    assert any("above the fee" in note for note in line.notes)


@pytest.mark.parametrize(("modifier", "paid"), [("73", "50.00"), ("74", "100.00")])
def test_a_facility_that_stopped_is_paid_half_before_and_all_after_anesthesia(modifier, paid):
    line = one(f"11111-{modifier}", pos="22")
    assert str(line.allowed) == paid
    assert any("facility's modifiers" in note for note in line.notes)
    assert steps(line) == ([("stopped_before_anesthesia", "0.50")] if modifier == "73" else [])


@pytest.mark.parametrize("modifier", ["73", "74"])
def test_a_facilitys_modifier_at_no_facility_has_no_price(modifier):
    line = one(f"11111-{modifier}", pos="11")
    assert (line.allowed, line.reason_key) == (None, "facility_modifier")


# --- what the law takes off last


@pytest.mark.parametrize(
    ("code", "modifier", "day", "share"),
    [
        ("71046", "FX", "2016-12-31", None),
        ("71046", "FX", "2017-01-01", "0.80"),
        ("71046", "FX", "2026-07-15", "0.80"),
        ("71046", "FY", "2017-12-31", None),
        ("71046", "FY", "2018-01-01", "0.93"),
        ("71046", "FY", "2022-12-31", "0.93"),
        ("71046", "FY", "2023-01-01", "0.90"),
        ("70450", "CT", "2015-12-31", None),
        ("70450", "CT", "2016-01-01", "0.95"),
        ("70450", "CT", "2016-12-31", "0.95"),
        ("70450", "CT", "2017-01-01", "0.85"),
        ("75574", "CT", "2026-07-15", "0.85"),
        ("71046", "CT", "2026-07-15", None),
        ("70449", "CT", "2026-07-15", None),
        ("75575", "CT", "2026-07-15", None),
    ],
)
def test_outdated_imaging_equipment_takes_its_share_off_the_technical_part_by_date(code, modifier, day, share):
    on = dt.date.fromisoformat(day)
    rows = [made | {"hcpcs": code} for made in parts()]
    taken = Decimal(share or 1)
    whole = priced(f"{code}-{modifier}", rows=rows, day=on).lines[0]
    assert whole.allowed == 20 + 80 * taken
    assert steps(whole) == ([] if share is None else [("equipment", share)])
    assert all(f"{(1 - taken) * 100:.0f} % off" in step.why for step in whole.steps)
    assert whole.notes or share is not None
    assert priced(f"{code}-TC-{modifier}", rows=rows, day=on).lines[0].allowed == 80 * taken
    reading = priced(f"{code}-26-{modifier}", rows=rows, day=on).lines[0]
    assert (str(reading.allowed), reading.steps) == ("20.00", ())
    assert reading.notes


def test_film_and_plates_on_one_line_both_take_off():
    line = priced("11111-FX-FY", rows=parts()).lines[0]
    assert steps(line) == [("equipment", "0.80"), ("equipment", "0.90")]
    assert str(line.allowed) == "77.60"  # 20 + 80 x 0.8 x 0.9


def test_equipment_is_cut_after_the_cap_on_imaging():
    line = priced("11111-FX", rows=parts(opps_pe_nonfacility="40.00")).lines[0]
    assert [step.key for step in line.steps] == ["opps_cap", "equipment"]
    assert str(line.allowed) == "52.00"  # 20 + 40 x 0.8


def test_a_code_that_is_technical_altogether_is_cut_as_a_whole():
    assert str(one("11111-FX", pc_tc_indicator="3").allowed) == "80.00"


def test_equipment_takes_nothing_off_a_service_without_technical_part():
    line = one("11111-FX")
    assert (str(line.allowed), line.steps) == ("100.00", ())
    assert any("tells no technical part" in note for note in line.notes)


@pytest.mark.parametrize(("modifier", "plan"), [("CQ", "GP"), ("CO", "GO")])
def test_therapy_by_an_assistant_is_paid_85_percent_from_2022(modifier, plan):
    before = one(f"11111-{modifier}-{plan}", day=dt.date(2021, 12, 31))
    assert (str(before.allowed), before.steps) == ("100.00", ())
    line = one(f"11111-{modifier}-{plan}", day=dt.date(2022, 1, 1))
    assert (str(line.allowed), steps(line)) == ("85.00", [("therapy_assistant", "0.85")])
    assert not any("must stand beside" in note for note in line.notes)
    assert any(f"beside {plan}" in note for note in one(f"11111-{modifier}").notes)


@pytest.mark.parametrize(("indicator", "is_cut"), [(name, name in "059") for name in "012345679"])
def test_only_what_can_be_therapy_is_cut_for_a_therapists_assistant(indicator, is_cut):
    line = one("11111-CQ-GP", multiple_procedure=indicator)
    assert str(line.allowed) == ("85.00" if is_cut else "100.00")
    assert is_cut or any("not as therapy" in note for note in line.notes)


# --- contradictions, and what changes nothing


@pytest.mark.parametrize(
    "modifiers",
    """50-LT RT-50 62-66 62-80 AS-62 66-82 54-80 55-AS 56-81 54-55 54-56 55-56 78-54 55-78 56-78 78-58 79-78 58-79 22-52
    53-22 52-53 73-74 53-73 74-53 CQ-CO""".split(),
)
def test_modifiers_that_contradict_each_other_leave_no_price(modifiers):
    indicators = {"bilateral": "1", "assistant": "2", "co_surgeon": "2", "team_surgeon": "2", "global_days": "090"}
    line = one(f"11111-{modifiers}", **indicators, **SHARES)
    assert (line.allowed, line.reason_key, line.steps) == (None, "modifier_conflict", ())
    assert all(modifier in line.reason for modifier in modifiers.split("-"))


@pytest.mark.parametrize(
    ("modifiers", "paid"),
    [
        ("50-62", "93.75"),
        ("50-80", "24.00"),
        ("50-54", "118.50"),
        ("50-55", "31.50"),
        ("62-54", "49.38"),
        ("50-62-54", "74.06"),
        ("80-78", "11.04"),
        ("51-54", "79.00"),
    ],
)
def test_modifiers_that_go_together_multiply_sides_first_then_who_then_how_much(modifiers, paid):
    indicators = {"bilateral": "1", "assistant": "2", "co_surgeon": "2", "global_days": "090"}
    line = one(f"11111-{modifiers}", **indicators, **SHARES)
    assert str(line.allowed) == paid
    order = ["bilateral", "co_surgeon", "assistant", "surgical_care_only", "return_to_operating_room"]
    keys = [step.key for step in line.steps if step.key in order]
    assert keys == sorted(keys, key=order.index)


@pytest.mark.parametrize(
    "modifier", "24 25 27 32 33 51 57 58 59 63 76 77 79 91 95 XE XS XP XU LT RT E1 FA T5 GA GP KX GT PT".split()
)
def test_a_modifier_that_only_informs_makes_no_step(modifier):
    line = one(f"11111-{modifier}", bilateral="1", global_days="090", **SHARES)
    assert (str(line.allowed), line.steps, line.notes) == ("100.00", (), ())


def test_a_line_without_price_stays_as_the_fee_schedule_left_it():
    line = one("11111-50-80", status_indicator="C")
    assert (line.allowed, line.reason_key, line.steps) == (None, "carrier_priced", ())


def test_indicators_are_those_of_the_row_that_pays():
    rows = parts(bilateral="0")
    rows[2]["bilateral"] = "3"
    assert allowed(priced("11111-26-50", rows=rows)) == ["40.00"]
    assert allowed(priced("11111-TC-50", rows=rows)) == ["80.00"]


def test_every_step_says_why_and_where_it_can_be_read():
    indicators = {"bilateral": "1", "assistant": "2", "co_surgeon": "2", "global_days": "090"}
    billed = ["11111-50", "11111-62", "11111-80", "11111-AS", "11111-54", "11111-55", "11111-78", "11111-CQ"]
    for text in billed:
        line = one(text, **indicators, **SHARES)
        assert line.steps
        for step in line.steps:
            assert step.why[0].isupper()
            assert step.citation.source
            assert step.citation.release
            assert step.citation.locator


@pytest.mark.parametrize("texts", [["11111-50"], ["11111-LT", "11111-RT"], ["11111-62"], ["11111-80"], ["11111-AS"]])
def test_on_a_day_of_which_no_share_is_known_there_is_no_price(texts):
    rows = [row(bilateral="1", assistant="2", co_surgeon="2", release={"covers_from": dt.date(1980, 1, 1)})]
    for line in adjusted(*texts, rows=rows, day=dt.date(1985, 5, 5)):
        assert (line.amount, line.reason_key) == (None, "no_parameter")
        assert "1985-05-05" in line.reason


def test_what_a_facility_that_stopped_was_paid_before_2000_is_not_known():
    line = one("11111-73", pos="22", day=dt.date(2000, 7, 31), release={"covers_from": dt.date(1995, 1, 1)})
    assert (line.allowed, line.reason_key) == (None, "no_parameter")


# --- every code of a published file

STATUS, FACILITY, BILATERAL, ASSISTANT, CO_SURGEON = 3, 8, 19, 20, 21
WORK, MALPRACTICE, DAYS, PRE, INTRA, POST, FACTOR = 5, 10, 14, 15, 16, 17, 24
CENT = Decimal("0.01")


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, "ROUND_HALF_UP")


def by_the_record_layout(cells: list[str], modifier: str) -> Decimal | None:
    """What a facility's place pays nationally, from the cells of a row and the words of the layout; None: no price."""
    fee = half_up(sum(Decimal(cells[at]) for at in (WORK, FACILITY, MALPRACTICE)) * Decimal(cells[FACTOR]))
    pre, intra, post = (Decimal(cells[at]) for at in (PRE, INTRA, POST))
    divided = cells[DAYS] in {"010", "090"}
    share = {
        "": Decimal(1),
        "50": {"1": Decimal("1.5"), "3": Decimal(2)}.get(cells[BILATERAL], Decimal(1)),
        "62": Decimal(125) / 200 if cells[CO_SURGEON] in {"1", "2"} else Decimal(0),
        "80": Decimal(16) / 100 if cells[ASSISTANT] in {"0", "2"} else Decimal(0),
        "AS": Decimal(16 * 85) / 10_000 if cells[ASSISTANT] in {"0", "2"} else Decimal(0),
        "54": pre + intra if divided else Decimal(0),
        "55": post if divided else Decimal(0),
        "78": intra if divided else Decimal(1),
    }[modifier]
    return half_up(fee * share) if share else None


@pytest.mark.published
def test_codes_of_rvu25d_are_paid_by_their_indicators(published: Path, published_book: OpenBook) -> None:
    """Every third row without modifier, with each surgical modifier, held against its own cells. All of them hold."""
    day, prices = published_book.as_of(dt.date(2025, 10, 15)), 0
    with (published / "mpfs" / "rvu25d" / "PPRRVU2025_Oct.csv").open(encoding="latin-1", newline="") as file:
        rows = [
            cells for cells in csv.reader(file) if len(cells[0]) == 5 and cells[1] == "" and cells[STATUS] in set("ART")
        ]
    for cells in rows[::3]:
        code = cells[0]
        (plain,) = price(day, [Service(code)], NOWHERE, pos="21").lines
        if plain.allowed is None or any(step.key == "opps_cap" for step in plain.steps):
            continue
        for modifier in ("", "50", "62", "80", "AS", "54", "55", "78"):
            asked = Service(code, (modifier,) if modifier else ())
            (line,) = price(day, [asked], NOWHERE, pos="21").lines
            assert line.allowed == by_the_record_layout(cells, modifier), asked.name
            prices += line.allowed is not None
    assert len(rows) > 7_000
    assert prices > 8_000


# --- who is liable


@pytest.mark.parametrize(("modifier", "day", "noted"), [("GY", DAY, True), ("GZ", DAY, True), ("GA", DAY, False)])
def test_a_modifier_by_which_medicare_denies_the_line_is_told_and_changes_no_amount(modifier, day, noted):
    answer = price(made_book(row()).as_of(day), [service(f"11111-{modifier}")], NOWHERE, pos="11")
    line = answer.lines[0]
    assert (line.allowed, line.steps) == (Decimal("100.00"), ())
    assert [note.partition(" ")[0] for note in line.notes] == ([modifier] if noted else [])


def test_denial_by_gz_is_told_from_the_day_it_was_ordered():
    noted = [
        price(made_book(row()).as_of(day), [service("11111-GZ")], NOWHERE, pos="11").lines[0].notes
        for day in (dt.date(2011, 6, 30), dt.date(2011, 7, 1))
    ]
    assert [bool(notes) for notes in noted] == [False, True]


def test_film_takes_nothing_off_a_global_only_test_whether_or_not_it_is_ranked():
    """Its technical part is told to rank it, and the fee schedule does not divide it."""
    kind = {"multiple_procedure": "6", "pc_tc_indicator": "4"}
    rows = [
        row("93224", **kind),
        row("93225", "40.00", **(kind | {"pc_tc_indicator": "3"})),
        row("93226", "20.00", **(kind | {"pc_tc_indicator": "3"})),
    ]
    for asked in (["93224-FX"], ["93224-FX", "93226"]):
        services = [service(one) for one in asked]
        line = price(made_book(*rows).as_of(DAY), services, NOWHERE, pos="11").lines[0]
        assert line.allowed == Decimal("100.00")
        assert "FX takes nothing off: the fee schedule tells no technical part of 93224." in line.notes
