"""What is true of every price, whatever the services: on the real rows of RVU25D and on made rows."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cleanclaim.index.lookup import DayBook
from cleanclaim.pricing.locality import locality_named
from cleanclaim.pricing.model import NATIONAL, Indices, Locality, Priced, PricedLine, Service, Terms
from cleanclaim.pricing.price import price
from cleanclaim.testing.inline import book_from
from cleanclaim.types import CENT

DAY = dt.date(2025, 10, 15)
PLACES = ("11", "22", "24")
NOWHERE = Locality("national", NATIONAL)
UNEVEN = Locality("made", Indices(Decimal("1.017"), Decimal("0.869"), Decimal("0.575")))

COLLIDING = (
    "45378 45380 45384 45385 43235 43239 43249 20610 64483 64484 27447 49505 22554 22551 73721 73560 70551 72148 71046 "
    "93306 93880 92133 92134 97110 97140 97530 99213 76641 66984 31231 31237 52000 11042 17000 17003 12001 36415"
).split()
"""Real codes that meet each other's rules: endoscopy families, both sides, several procedures, imaging, therapy."""
REDUCTIONS = (
    "52",
    "53",
    "54",
    "55",
    "56",
    "62",
    "66",
    "78",
    "80",
    "81",
    "82",
    "AS",
    "26",
    "TC",
    "73",
    "FX",
    "CT",
    "CQ",
)
"""Modifiers of a service that is less than the whole of it."""
MODIFIERS = (
    *[(), (), (), (), ("50",), ("LT",), ("RT",), ("59",), ("LT", "59"), ("76",), ("51",), ("22",), ("50", "80")],
    *[(modifier,) for modifier in REDUCTIONS],
    *[("50", "LT"), ("54", "55"), ("26", "50"), ("TC", "FX"), ("26", "59"), ("GP", "CQ")],
)
IN_TOTO = frozenset(
    "bilateral co_surgeon assistant surgical_care_only postoperative_care_only return_to_operating_room "
    "stopped_before_anesthesia therapy_assistant nonphysician nonparticipating".split()
)
"""Steps that multiply the whole amount, so that it can be worked out again from the step before."""


def services(codes: Sequence[str], *, charges: bool = True) -> st.SearchStrategy[Service]:
    """One service of one of ``codes``, billed in any way."""
    charge = st.one_of(st.none(), st.decimals("0.00", "3000.00", places=2)) if charges else st.none()
    return st.builds(
        Service,
        st.sampled_from(codes),
        st.sampled_from(MODIFIERS),
        st.sampled_from([Decimal(1), Decimal(1), Decimal(2), Decimal(3)]),
        st.sampled_from(["", "", *PLACES]),
        charge,
        st.none(),
        st.none(),
    )


def one_or_more(codes: Sequence[str], *, charges: bool = True) -> st.SearchStrategy[list[Service]]:
    return st.lists(services(codes, charges=charges), min_size=1, max_size=7)


some_terms = st.builds(
    Terms,
    participating=st.booleans(),
    nonphysician=st.booleans(),
    sequestration=st.booleans(),
)


# --- the two books


def made_rows() -> list[dict[str, Any]]:
    """A row for every bilateral indicator and kind of multiple procedure, with shares of a package and odd cents."""
    rows: list[dict[str, Any]] = []
    for number, (bilateral, multiple, days) in enumerate(product("01239", "0236", ("000", "010", "090", "ZZZ"))):
        code = f"1{number:04}"
        shares = {"pre_op": "0.11", "intra_op": "0.68", "post_op": "0.21"} if days in {"010", "090"} else {}
        fee = {"work_rvu": f"{1 + number % 7}.37", "pe_rvu_nonfacility": "2.91", "pe_rvu_facility": "1.53"}
        rows.append(
            {
                "hcpcs": code,
                "bilateral": bilateral,
                "multiple_procedure": multiple,
                "global_days": days,
                "endoscopic_base": "10000" if multiple == "3" else "",
                "mp_rvu": f"0.{number:02}" if number < 100 else "0.99",
                "total_nonfacility": "1.00",
                "total_facility": "1.00",
                "assistant": "0129"[number % 4],
                "co_surgeon": "0129"[number % 4],
                "team_surgeon": "0129"[number % 4],
                "conversion_factor": "32.3465",
                **fee,
                **shares,
            }
        )
    for number, (bilateral, multiple, capped) in enumerate(product("0123", "0467", (False, True))):
        code = f"7{number:04}"
        for modifier, work, expense in (("", "0.71", "2.93"), ("TC", "0.00", "2.57"), ("26", "0.71", "0.36")):
            rows.append(
                {
                    "hcpcs": code,
                    "modifier": modifier,
                    "pc_tc_indicator": "1",
                    "bilateral": bilateral,
                    "multiple_procedure": multiple,
                    "imaging_family": "88" if multiple == "4" else "99",
                    "work_rvu": work,
                    "pe_rvu_nonfacility": expense,
                    "pe_rvu_facility": expense,
                    "total_nonfacility": "1.00",
                    "total_facility": "1.00",
                    "opps_pe_nonfacility": "1.11" if capped and modifier != "26" else "0.00",
                    "opps_pe_facility": "1.11" if capped and modifier != "26" else "0.00",
                    "conversion_factor": "32.3465",
                }
            )
    return rows


@pytest.fixture(scope="module")
def made() -> tuple[DayBook, Locality, list[str]]:
    released = {"covers_from": dt.date(2025, 1, 1), "covers_to": dt.date(2025, 12, 31)}
    rows = made_rows()
    book = book_from(
        {
            "mpfs": [row | {"release": released} for row in rows],
            "pos": [{"pos": place, "facility": place != "11", "release": released} for place in PLACES],
        }
    )
    return book.as_of(DAY), UNEVEN, sorted({row["hcpcs"] for row in rows})


@pytest.fixture(scope="module")
def real(published: Path, published_book: Any) -> tuple[DayBook, Locality, list[str]]:
    """RVU25D in Alabama: the colliding codes are as likely as all others together."""
    day = published_book.as_of(DAY)
    every = real_codes(published)
    return day, locality_named(day, "10112-00"), [*COLLIDING * (len(every) // len(COLLIDING)), *every]


def real_codes(published: Path) -> list[str]:
    """The codes of RVU25D that relative values pay."""
    with (published / "mpfs" / "rvu25d" / "PPRRVU2025_Oct.csv").open(encoding="latin-1", newline="") as file:
        cells = [row for row in csv.reader(file) if row and len(row[0]) == 5 and row[0] != "HCPCS"]
    return sorted({row[0] for row in cells if row[3] in {"A", "R", "T"}})


World = tuple[DayBook, Locality, list[str]]
Check = Callable[[World, st.DataObject], None]
both_books = pytest.mark.parametrize(
    "world", ["made", pytest.param("real", marks=pytest.mark.published)], ids=["made", "real"]
)
drawn = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def on(request: pytest.FixtureRequest, world: str) -> World:
    found: World = request.getfixturevalue(world)
    return found


def priced(on: World, asked: Sequence[Service], terms: Terms | None = None) -> Priced:
    day, locality, _ = on
    return price(day, asked, locality, pos="22", terms=terms)


def total(answer: Priced) -> Decimal:
    return answer.total or Decimal(0)


# --- the whole


@both_books
@drawn
@given(data=st.data())
def test_the_total_is_independent_of_the_order_of_the_lines(on, data):
    asked = data.draw(one_or_more(on[2]))
    terms = data.draw(some_terms)
    shuffled = data.draw(st.permutations(asked))
    one, other = priced(on, asked, terms), priced(on, shuffled, terms)
    assert (one.total, one.unpriced) == (other.total, other.unpriced)


@both_books
@drawn
@given(data=st.data())
def test_adding_a_service_never_lowers_the_total(on, data):
    """Without charges: ranks go by the fee, so that one dear service billed for nothing does lower the others.

    Lines are rounded one by one. Where the added procedure only takes the place of an equal one, which is then paid by
    report, the halves of odd cents on two lines become a whole one on one: up to half a cent a line.
    """
    asked = data.draw(one_or_more(on[2], charges=False))
    added = data.draw(services(on[2], charges=False))
    assume(not any(is_paid_alone(on, service) for service in [*asked, added]))
    assert total(priced(on, [*asked, added])) >= total(priced(on, asked)) - CENT / 2 * len(asked)


def is_paid_alone(on: World, service: Service) -> bool:
    """Status T, which pays nothing beside another service, whatever that pays."""
    return any(row.status_indicator == "T" for row in on[0].fee_schedule(service.hcpcs).facts)


@both_books
@drawn
@given(data=st.data())
def test_every_amount_is_whole_cents_and_none_is_below_zero(on, data):
    answer = priced(on, data.draw(one_or_more(on[2])), data.draw(some_terms))
    for line in answer.lines:
        amounts = [line.base, line.allowed, line.limiting_charge, line.medicare_pays, *(s.amount for s in line.steps)]
        for amount in amounts:
            assert amount is None or (amount >= 0 and amount == amount.quantize(CENT))
    assert answer.total is None or answer.total == sum(
        line.allowed for line in answer.lines if line.allowed is not None
    )
    assert answer.unpriced == sum(line.allowed is None for line in answer.lines)


def assert_explained(line: PricedLine) -> None:
    """The steps lead from the base to what is allowed, each from the one before it."""
    if line.allowed is None:
        assert line.reason
        assert line.reason_key
        return
    assert line.base is not None
    before = line.base
    for step in line.steps:
        if step.key in IN_TOTO and step.factor is not None:
            assert abs(before * step.factor - step.amount) <= CENT / 2, (line, step)
        assert step.why
        before = step.amount
    assert line.allowed == before


@both_books
@drawn
@given(data=st.data())
def test_base_and_steps_explain_what_is_allowed_and_only_steps_part_lines_alone_from_lines_together(on, data):
    asked, terms = data.draw(one_or_more(on[2])), data.draw(some_terms)
    together = priced(on, asked, terms)
    for service, line in zip(asked, together.lines, strict=True):
        assert_explained(line)
        (alone,) = priced(on, [service], terms).lines
        assert alone.base == line.base
        if alone.steps == line.steps:
            assert (alone.allowed, alone.reason_key) == (
                line.allowed,
                line.reason_key,
            ) or line.reason_key == "by_report"


@both_books
@drawn
@given(data=st.data())
def test_no_line_is_paid_more_than_its_charge(on, data):
    for line in priced(on, data.draw(one_or_more(on[2])), data.draw(some_terms)).lines:
        charge = line.service.charge
        assert charge is None or line.allowed is None or line.allowed <= charge


# --- the parts of one service


@both_books
@drawn
@given(data=st.data())
def test_a_reduced_service_never_pays_more_than_the_full_one(on, data):
    code, place = data.draw(st.sampled_from(on[2])), data.draw(st.sampled_from(PLACES))
    (full,) = priced(on, [Service(code, pos=place)]).lines
    for modifier in REDUCTIONS:
        (reduced,) = priced(on, [Service(code, (modifier,), pos=place)]).lines
        if reduced.allowed is not None and full.allowed is not None:
            assert reduced.allowed <= full.allowed, (code, modifier)


@both_books
@drawn
@given(data=st.data())
def test_both_sides_pay_no_less_than_one_and_no_more_than_twice(on, data):
    code, place = data.draw(st.sampled_from(on[2])), data.draw(st.sampled_from(PLACES))
    (single,) = priced(on, [Service(code, pos=place)]).lines
    if single.allowed is None:
        return
    for sides in ([Service(code, ("50",), pos=place)], [Service(code, (side,), pos=place) for side in ("LT", "RT")]):
        assert single.allowed <= total(priced(on, sides)) <= 2 * single.allowed + CENT, code


@both_books
@drawn
@given(data=st.data())
def test_professional_and_technical_part_are_the_global_within_the_cent_that_rounding_each_by_itself_makes(on, data):
    """The global is rounded once, each part by itself: two roundings of half a cent against one."""
    day, locality, codes = on
    code, place = data.draw(st.sampled_from(codes)), data.draw(st.sampled_from(PLACES))
    rows = {row.modifier: row for row in day.fee_schedule(code).facts}
    if not {"", "26", "TC"} <= set(rows) or any(row.status_indicator not in "ART" for row in rows.values()):
        return
    whole, reading, doing = (
        price(day, [Service(code, modifiers, pos=place)], locality).lines[0] for modifiers in ((), ("26",), ("TC",))
    )
    assert whole.allowed is not None
    assert abs(reading.allowed + doing.allowed - whole.allowed) <= CENT, code


@pytest.mark.published
def test_no_row_of_a_part_or_of_a_stopped_procedure_pays_more_than_the_whole(real, published):
    """Every real code that has such a row."""
    day, locality, _ = real
    paid = 0
    for code in real_codes(published):
        (full,) = price(day, [Service(code)], locality, pos="22").lines
        if full.allowed is None:
            continue
        for modifier in ("53", "26", "TC"):
            (reduced,) = price(day, [Service(code, (modifier,))], locality, pos="22").lines
            if reduced.allowed is not None:
                paid += 1
                assert reduced.allowed <= full.allowed, (code, modifier)
    assert paid > 1_500
