"""The payment parameters: their files are sound, their days do not overlap, and their values are what is published."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow.compute as pc
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.book.starter import read_table
from cleanclaim.book.store import BookStore
from cleanclaim.errors import InputError
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import NATIONAL, Locality, Priced, Rate, Service, Terms
from cleanclaim.pricing.notation import service_from
from cleanclaim.pricing.parameter_files import FOLDER
from cleanclaim.pricing.policy import Parameter, names, parameter, required, turns, values
from cleanclaim.pricing.price import price
from cleanclaim.render import price_report
from cleanclaim.testing.inline import book_from
from cleanclaim.types import DateInterval

DAY = dt.timedelta(days=1)
TURN_OF_2026 = dt.date(2026, 1, 1)
FILES: dict[str, dict[str, dict[str, Any]]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
}
TOLD = {name: told for of_file in FILES.values() for name, told in of_file.items()}
FACTOR = "conversion_factor"
SHARES = (
    "nonparticipating_share",
    "limiting_charge_share",
    "nonphysician_share",
    "lesser_of_charge_share",
    "coinsurance_share",
    "sequestration_share",
)
"""The parameters of settlement.yaml, which have a value on every day of a relative value file."""
FIRST_FILE = dt.date(2000, 1, 1)
"""No relative value file of a layout that is read is older."""

each_file = pytest.mark.parametrize("file", FILES)
each_parameter = pytest.mark.parametrize("name", sorted(TOLD))


# --- the files


@each_file
def test_every_parameter_says_its_unit_and_what_it_is_and_stands_in_one_file_only(file):
    assert FILES[file], "a file without parameters"
    for name, parameter_told in FILES[file].items():
        assert re.fullmatch(r"[a-z][a-z0-9_]+", name), name
        assert set(parameter_told) == {"unit", "is", "values"}, name
        assert all(isinstance(parameter_told[key], str) and parameter_told[key].strip() for key in ("unit", "is")), name
        assert parameter_told["values"], f"{name} has no value"
        assert [other for other, told in FILES.items() if name in told] == [file]


@each_parameter
def test_every_value_is_exact_text_and_says_where_it_can_be_read(name):
    for value in TOLD[name]["values"]:
        assert set(value) <= {"from", "to", "value", "source", "release", "locator", "text"}, value
        assert isinstance(value["value"], str), "a number of YAML is not exact"
        assert Decimal(value["value"]).is_finite()
        assert Decimal(value["value"]) >= 0
        assert re.fullmatch(r"[a-z][a-z0-9-]*", value["source"]), value
        assert isinstance(value["release"], str), value
        assert isinstance(value["locator"], str), value
        if value["source"] == "convention":
            assert value["text"].strip(), "a custom says what it is a custom of"
        else:
            assert value["release"].strip(), value
            assert value["locator"].strip(), value


@each_parameter
def test_the_days_of_a_parameters_values_are_in_order_and_do_not_overlap(name):
    for value in values(name):
        assert None in {value.valid_from, value.valid_to} or value.valid_from <= value.valid_to, value
    for earlier, later in pairwise(values(name)):
        assert later.valid_from is not None, later
        assert earlier.valid_to is not None, earlier
        assert earlier.valid_to < later.valid_from, (earlier, later)


def test_every_parameter_of_the_files_is_known_and_no_other():
    assert sorted(names()) == sorted(TOLD)
    with pytest.raises(KeyError):
        parameter("no_such_share", dt.date(2026, 7, 15))


def known_by_reading(name: str, day: dt.date) -> list[str]:
    """The values in force on a day, by reading the file from its end: what begins last before the day counts."""
    for value in reversed(TOLD[name]["values"]):
        if value.get("from", dt.date.min) <= day:
            return [value["value"]] if day <= value.get("to", dt.date.max) else []
    return []


@given(st.sampled_from(sorted(TOLD)), st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)))
def test_the_value_of_a_day_is_the_one_its_file_gives_and_required_refuses_where_there_is_none(name, day):
    expected = known_by_reading(name, day)
    found = parameter(name, day)
    assert ([] if found is None else [str(found.value)]) == expected
    if found is None:
        with pytest.raises(InputError, match=rf"No {name.replace('_', ' ')} is known for {day}"):
            required(name, day)
    else:
        assert required(name, day) == found
        assert (found.citation.valid_from, found.citation.valid_to) == (found.valid_from, found.valid_to)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)))
def test_between_two_turns_no_parameter_changes(day):
    if day.toordinal() not in turns():
        assert [parameter(name, day) for name in names()] == [parameter(name, day - DAY) for name in names()]


# --- what the values are


@pytest.mark.parametrize("name", SHARES)
def test_a_share_of_the_settlement_has_a_value_on_every_day_from_the_first_file_on(name):
    known = values(name)
    assert known[-1].valid_to is None
    begins = next(value for value in known if value.valid_to is None or value.valid_to >= FIRST_FILE)
    assert begins.valid_from is not None
    assert begins.valid_from <= FIRST_FILE
    for earlier, later in pairwise(known):
        assert earlier.valid_to is not None
        assert earlier.valid_to + DAY == later.valid_from


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("nonparticipating_share", "2026-07-15", "0.95"),
        ("limiting_charge_share", "1992-12-31", "1.20"),
        ("limiting_charge_share", "1993-01-01", "1.15"),
        ("nonphysician_share", "1998-01-01", "0.85"),
        ("lesser_of_charge_share", "2026-07-15", "1"),
        ("coinsurance_share", "2026-07-15", "0.20"),
        ("sequestration_share", "2013-03-31", "0"),
        ("sequestration_share", "2013-04-01", "0.02"),
        ("sequestration_share", "2020-04-30", "0.02"),
        ("sequestration_share", "2020-05-01", "0"),
        ("sequestration_share", "2022-03-31", "0"),
        ("sequestration_share", "2022-04-01", "0.01"),
        ("sequestration_share", "2022-06-30", "0.01"),
        ("sequestration_share", "2022-07-01", "0.02"),
        ("sequestration_share", "2026-07-15", "0.02"),
    ],
)
def test_a_share_of_the_settlement_on_either_side_of_its_changes(name, day, value):
    assert required(name, dt.date.fromisoformat(day)).value == Decimal(value)


def test_the_limiting_charge_is_the_share_of_the_fee_that_the_record_layout_prints():
    day = dt.date(2025, 7, 15)
    assert required("nonparticipating_share", day).value * required("limiting_charge_share", day).value == Decimal(
        "1.0925"
    )


def factor_on(day: str) -> Decimal:
    return required(FACTOR, dt.date.fromisoformat(day)).value


def test_every_day_from_2010_to_2026_has_a_conversion_factor_of_its_own_year():
    known = values(FACTOR)
    assert (known[0].valid_from, known[-1].valid_to) == (dt.date(2010, 1, 1), dt.date(2026, 12, 31))
    for earlier, later in pairwise(known):
        assert earlier.valid_to is not None
        assert earlier.valid_to + DAY == later.valid_from
    for value in known:
        assert value.valid_from is not None
        assert value.valid_to is not None
        assert value.valid_from.year == value.valid_to.year


@pytest.mark.parametrize(
    ("before", "after", "ratio"),
    [
        ("2010-05-31", "2010-06-01", Decimal("1.022")),
        ("2015-06-30", "2015-07-01", Decimal("1.005")),
        ("2024-03-08", "2024-03-09", Decimal("1.0293") / Decimal("1.0125")),
    ],
)
def test_the_factor_changes_within_a_year_by_the_percentage_that_the_law_sets(before, after, ratio):
    """Nothing else changes within a year, so that the two dollars hold each other to the last decimal but one."""
    assert abs(factor_on(before) * ratio - factor_on(after)) <= Decimal("0.0001")


@pytest.mark.parametrize(
    ("year", "otherwise", "percent"),
    [(2022, "33.5983", "1.030"), (2023, "33.0607", "1.025")],
)
def test_a_factor_raised_for_one_year_is_the_one_otherwise_due_times_the_percentage(year, otherwise, percent):
    assert abs(Decimal(otherwise) * Decimal(percent) - factor_on(f"{year}-07-15")) <= Decimal("0.0001")


def test_the_two_factors_of_2026_differ_by_their_updates_alone_and_come_out_of_that_of_2025():
    qualifying = required("conversion_factor_qualifying_apm", dt.date(2026, 7, 15)).value
    usual = factor_on("2026-07-15")
    assert abs(usual * Decimal("1.0075") / Decimal("1.0025") - qualifying) <= Decimal("0.0001")
    efficiency = Decimal("1.0049")
    assert abs(factor_on("2025-12-31") * Decimal("1.0025") * Decimal("1.025") * efficiency - usual) < Decimal("0.001")
    assert parameter("conversion_factor_qualifying_apm", dt.date(2025, 12, 31)) is None


def test_the_embedded_fee_schedule_has_the_factor_of_its_days():
    (release,) = [release for release in BookStore(None).starter_releases() if release.source == "mpfs-rvu"]
    (own,) = pc.unique(read_table(release)["conversion_factor"]).to_pylist()
    assert own == required(FACTOR, release.covers_from).value == required(FACTOR, release.covers_to).value


@pytest.mark.published
def test_every_published_fee_schedule_has_the_factor_of_its_days_in_every_row(published_store):
    held = {}
    for release in published_store.own_releases():
        if release.source == "mpfs-rvu":
            (own,) = pc.unique(published_store.table(release)["conversion_factor"]).to_pylist()
            held[release.release] = own
            assert own == required(FACTOR, release.covers_from).value == required(FACTOR, release.covers_to).value
    assert held == {"RVU25D": Decimal("32.3465"), "RVU26C": Decimal("33.4009")}


# --- the factor a row is priced by


RVU24A = {"release": "RVU24A", "covers_from": dt.date(2024, 1, 1), "covers_to": dt.date(2024, 12, 31)}
RVU24AR = RVU24A | {"release": "RVU24AR"}
RVU26C = RVU24A | {"release": "RVU26C", "covers_from": dt.date(2026, 7, 1), "covers_to": dt.date(2026, 12, 31)}
FIRST_HALF, SECOND_HALF = "32.7442", "33.2875"


def at(day: str, own: str, release: dict[str, Any], terms: Terms | None = None) -> tuple[Context, FeeScheduleRow]:
    """A service day, and a row of ten relative value units with a factor of its own."""
    facts = {
        "hcpcs": "11111",
        "work_rvu": "10.00",
        "total_nonfacility": "10.00",
        "conversion_factor": own,
        "release": release,
    }
    always = {"covers_from": None, "covers_to": None}
    book = book_from({"mpfs": [facts], "pos": [{"pos": "11", "release": always}]})
    context = Context(book.as_of(dt.date.fromisoformat(day)), Locality("national", NATIONAL), terms or Terms())
    row = context.row("11111")
    assert row is not None
    return context, row


@pytest.mark.parametrize(
    ("day", "own", "release", "right"),
    [
        ("2024-02-10", SECOND_HALF, RVU24AR, FIRST_HALF),
        ("2024-03-08", SECOND_HALF, RVU24AR, FIRST_HALF),
        ("2024-03-09", FIRST_HALF, RVU24A, SECOND_HALF),
        ("2024-12-31", FIRST_HALF, RVU24A, SECOND_HALF),
    ],
)
def test_a_row_with_the_factor_of_other_days_of_the_year_is_priced_by_the_one_in_force_and_both_are_told(
    day, own, release, right
):
    context, row = at(day, own, release)
    factor, citation = context.factor(row)
    assert factor == Decimal(right)
    assert citation is not None
    assert all(word in citation.text for word in (f"${right}", f"${own}", day, release["release"]))
    assert DateInterval(citation.valid_from, citation.valid_to).contains(dt.date.fromisoformat(day))
    fee = context.fee(row, Rate.NONFACILITY)
    assert (fee.conversion_factor, fee.amount) == (Decimal(right), (10 * Decimal(right)).quantize(Decimal("0.01")))


def test_a_price_stands_on_the_factor_of_the_day_and_cites_it_beside_the_row():
    context, _ = at("2024-03-09", FIRST_HALF, RVU24A)
    priced = price(context.day, [Service("11111", units=Decimal(2))], context.locality, pos="11")
    assert priced.total == 2 * Decimal("332.88")
    assert [(cited.source, cited.release) for cited in priced.citations] == [
        ("mpfs-rvu", "RVU24A"),
        ("public-law", "2024-03-09"),
    ]


@pytest.mark.parametrize(
    ("day", "own", "release"),
    [
        ("2024-03-08", FIRST_HALF, RVU24A),
        ("2024-03-09", SECOND_HALF, RVU24AR),
        ("2026-07-15", "33.4009", RVU26C),
        ("2026-07-15", "33.5675", RVU26C | {"release": "RVU26C-QPP"}),
        ("2024-07-15", "36.00", RVU24A),
    ],
    ids=["in force", "in force from the change on", "in force 2026", "file of qualifying participants", "unheard of"],
)
def test_a_rows_own_factor_stays_where_it_is_in_force_or_none_of_the_usual_ones(day, own, release):
    context, row = at(day, own, release)
    assert context.factor(row) == (Decimal(own), None)


def test_a_row_of_another_year_keeps_the_factor_that_its_relative_values_were_made_for():
    context, row = at("2025-02-10", SECOND_HALF, RVU24AR)
    assert context.rows("11111").stale
    assert context.factor(row) == (Decimal(SECOND_HALF), None)


def test_qualifying_participants_have_their_own_factor_where_there_is_one():
    terms = Terms(qualifying_apm=True)
    context, row = at("2026-07-15", "33.4009", RVU26C, terms)
    qualifying: Parameter = required("conversion_factor_qualifying_apm", context.date)
    assert context.factor(row) == (Decimal("33.5675"), qualifying.citation)
    earlier, row = at("2024-02-10", FIRST_HALF, RVU24A, terms)
    assert earlier.factor(row) == (Decimal(FIRST_HALF), None)


# --- days before a parameter, and terms that do not fit


def of_all_days(asked: str, day: dt.date, terms: Terms | None = None) -> Priced:
    """Services of a book that covers all days, at an office."""
    always = {"covers_from": dt.date(1900, 1, 1), "covers_to": dt.date(2100, 12, 31)}
    fee = {"work_rvu": "10.00", "total_nonfacility": "10.00", "total_facility": "10.00", "conversion_factor": "10.0000"}
    kinds = {
        "10000": {"multiple_procedure": "2", "assistant": "2"},
        "20000": {"multiple_procedure": "2", "bilateral": "1"},
    }
    book = book_from(
        {
            "mpfs": [{"hcpcs": code, "release": always} | fee | kind for code, kind in kinds.items()],
            "pos": [{"pos": "11", "release": always}],
        }
    )
    services = [service_from(one) for one in asked.split()]
    return price(book.as_of(day), services, Locality("", NATIONAL), pos="11", terms=terms)


def test_a_price_before_the_first_value_of_a_parameter_is_refused_with_the_day_of_that_value():
    with pytest.raises(
        InputError, match=r"No multiple surgery .* known for 1991-12-31: the first one is of 1992-01-01"
    ):
        of_all_days("10000 20000", dt.date(1991, 12, 31))
    assert of_all_days("10000 20000", dt.date(1992, 1, 1)).total == Decimal("150.00")
    with pytest.raises(InputError, match="No nonphysician share is known for 1997-12-31"):
        of_all_days("10000", dt.date(1997, 12, 31), Terms(nonphysician=True))


@given(
    st.sampled_from(["10000", "10000-80", "10000-AS", "20000-50", "10000 20000", "10000=5.00", "10000-CQ", "10000-54"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)),
    st.builds(Terms, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans()),
)
def test_on_any_day_a_service_has_a_price_or_a_reason_or_the_day_is_refused(asked, day, terms):
    try:
        answer = of_all_days(asked, day, terms)
    except InputError:
        assert day < dt.date(1998, 1, 1)  # the last of these parameters to begin
        return
    assert all((line.allowed is None) == bool(line.reason) for line in answer.lines)
    assert price_report.text(answer)
    assert price_report.as_json(answer)["lines"]


def test_before_their_own_factor_qualifying_participants_are_told_that_it_is_the_usual_one():
    told = [of_all_days("10000", day, Terms(qualifying_apm=True)).notes for day in (TURN_OF_2026 - DAY, TURN_OF_2026)]
    assert [len(notes) for notes in told] == [1, 0]
    assert "from 2026-01-01 on" in told[0][0]


def test_what_medicare_pays_is_told_with_the_coinsurance_it_takes_for_granted():
    assert not of_all_days("10000", TURN_OF_2026).notes
    (note,) = of_all_days("10000", TURN_OF_2026, Terms(sequestration=True)).notes
    assert "preventive services" in note


def test_a_step_of_terms_says_its_share():
    line = of_all_days("10000", TURN_OF_2026, Terms(participating=False, nonphysician=True)).lines[0]
    assert [step.why for step in line.steps] == [
        "A nurse practitioner, physician assistant or the like bills: 85 %",
        "The practitioner does not participate: 95 %",
    ]


@pytest.mark.parametrize(
    ("asked", "nonphysician", "limit"),
    [("10000", False, "109.25"), ("10000", True, None), ("10000-AS", False, None), ("10000-80", False, "17.48")],
)
def test_who_takes_assignment_always_has_no_limiting_charge(asked, nonphysician, limit):
    line = of_all_days(asked, TURN_OF_2026, Terms(participating=False, nonphysician=nonphysician)).lines[0]
    assert line.limiting_charge == (None if limit is None else Decimal(limit))
    assert any("no limiting charge" in note for note in line.notes) == (limit is None)
    assert any(cited.locator == "42 U.S.C. 1395u(b)(18)" for cited in line.citations) == (limit is None)
