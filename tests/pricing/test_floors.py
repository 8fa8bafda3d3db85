"""The floors under the indices: in force by law on a day, in the published table or raised here, and told of."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.book.facts import Gpci
from cleanclaim.book.starter import read_table
from cleanclaim.book.store import BookStore
from cleanclaim.pricing.floors import ALASKA, FRONTIER, floor_notes, floored
from cleanclaim.pricing.locality import locality_named
from cleanclaim.pricing.model import Indices
from cleanclaim.pricing.policy import parameter, values
from cleanclaim.testing.inline import book_from

DAY = dt.timedelta(days=1)
IN_FORCE = dt.date(2026, 7, 15)
LAPSED = dt.date(2027, 1, 1)
"""The day after the last for which a law is known."""
PUBLISHED = {"GPCI2025": "mpfs/rvu25d", "GPCI2026": "mpfs/rvu26c"}


def indices_of(
    work: str = "1.000", pe: str = "0.900", *, state: str = "AL", floor: bool = False, mp: str = "0.500"
) -> Gpci:
    """A locality of an index table; ``floor``: its header says that the work index has the floor in."""
    return Gpci("10112", "00", state, "ALABAMA", Decimal(work), Decimal(pe), Decimal(mp), floor, 4)


def told(day: dt.date, fact: Gpci) -> tuple[Indices, list[str], tuple[str, ...]]:
    """The indices, the laws cited, and the notes."""
    indices, laws = floored(day, fact)
    return indices, [cited.locator for cited in laws], floor_notes(day, fact)


def as_published(fact: Gpci) -> Indices:
    return Indices(fact.work_gpci, fact.pe_gpci, fact.mp_gpci)


# --- which law


def test_the_work_floor_was_in_force_on_every_day_from_2004_to_2026_and_on_no_other():
    known = values("work_gpci_floor")
    assert (known[0].valid_from, known[-1].valid_to) == (dt.date(2004, 1, 1), dt.date(2026, 12, 31))
    for earlier, later in pairwise(known):
        assert earlier.valid_to is not None
        assert earlier.valid_to + DAY == later.valid_from, later.citation.locator
    assert {value.value for value in known} == {Decimal(1)}
    assert parameter("work_gpci_floor", dt.date(2003, 12, 31)) is None
    assert parameter("work_gpci_floor", LAPSED) is None


def test_each_law_of_the_work_floor_was_enacted_before_the_floors_last_day_or_reaches_back_a_hundred_days_at_most():
    """The release is the day of enactment: a law carries the floor on, and never begins after its own end."""
    for value in values("work_gpci_floor"):
        enacted = dt.date.fromisoformat(value.citation.release)
        assert enacted <= value.valid_to
        assert enacted - value.valid_from < dt.timedelta(days=100), value.citation.locator


@pytest.mark.parametrize(
    ("day", "law"),
    [
        ("2012-02-29", "Pub. L. 112-78"),
        ("2012-03-01", "Pub. L. 112-96"),
        ("2020-12-18", "Pub. L. 116-215"),
        ("2020-12-19", "Pub. L. 116-260"),
        ("2024-03-08", "Pub. L. 118-35"),
        ("2024-03-09", "Pub. L. 118-42"),
        ("2025-09-30", "Pub. L. 119-4"),
        ("2025-10-01", "Pub. L. 119-37"),
        ("2026-01-30", "Pub. L. 119-37"),
        ("2026-01-31", "Pub. L. 119-75"),
    ],
)
def test_a_raised_index_cites_the_law_of_its_day(day, law):
    indices, laws, notes = told(dt.date.fromisoformat(day), indices_of("0.988"))
    assert indices == Indices(Decimal("1.0"), Decimal("0.900"), Decimal("0.500"))
    assert [locator.startswith(f"{law},") for locator in laws] == [True]
    assert len(notes) == 1
    assert all(word in notes[0] for word in ("work index", "0.988", "1.0", day))


# --- what follows


def test_a_table_that_has_the_floor_is_taken_as_it_is():
    fact = indices_of(floor=True)
    assert told(IN_FORCE, fact) == (as_published(fact), [], ())


@pytest.mark.parametrize("floor", [True, False])
def test_an_index_above_the_floor_is_no_matter_on_any_day(floor):
    fact = indices_of("1.088", "1.419", floor=floor)
    for day in (IN_FORCE, LAPSED):
        assert told(day, fact) == (as_published(fact), [], ())


def test_a_table_that_has_a_floor_which_is_not_in_force_is_told_of():
    fact = indices_of(floor=True)
    indices, laws, notes = told(LAPSED, fact)
    assert (indices, laws) == (as_published(fact), [])
    assert len(notes) == 1
    assert "2027-01-01" in notes[0]
    assert told(LAPSED - DAY, fact)[2] == ()


def test_a_table_without_the_floor_is_right_on_a_day_without_it():
    fact = indices_of("0.988")
    assert told(LAPSED, fact) == (as_published(fact), [], ())
    assert told(LAPSED - DAY, fact)[0].work == 1


@pytest.mark.parametrize(("day", "work"), [("2008-12-31", "1.0"), ("2009-01-01", "1.5"), ("2026-07-15", "1.5")])
def test_the_work_index_of_alaska_has_a_floor_of_its_own_from_2009_on(day, work):
    indices, laws, notes = told(dt.date.fromisoformat(day), indices_of("0.970", state="AK"))
    assert indices.work == Decimal(work)
    assert len(laws) == len(notes) == 1
    assert (laws == ["42 U.S.C. 1395w-4(e)(1)(G)"]) is (work == "1.5")


def test_the_floor_of_alaska_outlasts_that_of_the_others():
    assert told(LAPSED, indices_of("0.970", state="AK"))[0].work == Decimal("1.5")
    fact = indices_of("1.500", state="AK", floor=True)
    assert told(LAPSED, fact) == (as_published(fact), [], ())


@pytest.mark.parametrize("state", ["MT", "ND", "NV", "SD", "WY"])
def test_the_practice_expense_index_of_a_frontier_state_has_a_floor_from_2011_on(state):
    fact = indices_of("1.000", "0.930", state=state, floor=True)
    assert told(dt.date(2010, 12, 31), fact) == (as_published(fact), [], ())
    indices, laws, notes = told(dt.date(2011, 1, 1), fact)
    assert indices == Indices(Decimal("1.000"), Decimal("1.0"), Decimal("0.500"))
    assert laws == ["42 U.S.C. 1395w-4(e)(1)(I)"]
    assert ["practice expense" in note and "0.930" in note for note in notes] == [True]


def test_both_indices_of_a_frontier_state_are_raised_and_each_is_told_of():
    indices, laws, notes = told(IN_FORCE, indices_of("0.960", "0.930", state="WY"))
    assert (indices.work, indices.pe) == (1, 1)
    assert [locator[:12] for locator in laws] == ["Pub. L. 119-", "42 U.S.C. 13"]
    assert len(notes) == 2


index = st.decimals(Decimal("0.5"), Decimal(2), places=3)
localities = st.builds(
    lambda state, work, pe, floor: indices_of(str(work), str(pe), state=state, floor=floor),
    st.sampled_from(["AL", "AK", "WY", "CA", ""]),
    *(index, index),
    st.booleans(),
)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)), localities)
def test_a_floor_never_lowers_an_index_and_is_cited_and_told_of_wherever_it_raises_one(day, fact):
    indices, laws, notes = told(day, fact)
    raised = [indices.work > fact.work_gpci, indices.pe > fact.pe_gpci]
    assert indices.work >= fact.work_gpci
    assert indices.pe >= fact.pe_gpci
    assert indices.mp == fact.mp_gpci
    assert sum(raised) == len(laws)
    assert sum("the floor is used" in note for note in notes) == sum(raised)
    again = indices_of(str(indices.work), str(indices.pe), state=fact.state)
    assert told(day, again) == (indices, [], ())


# --- where a locality is asked for


def unfloored_book(**release: Any) -> Any:
    row = {
        "mac": "10112",
        "locality": "00",
        "state": "AL",
        "locality_name": "ALABAMA",
        "work_gpci": "0.988",
        "pe_gpci": "0.875",
        "mp_gpci": "0.566",
        "release": {"release": "GPCI2026", "covers_from": dt.date(2026, 1, 1), "covers_to": dt.date(2026, 12, 31)}
        | release,
    }
    return book_from({"gpci": [row]})


def test_a_locality_of_a_table_without_the_floor_has_it_with_its_law_among_the_citations():
    found = locality_named(unfloored_book().as_of(IN_FORCE), "10112-00")
    assert found.indices == Indices(Decimal("1.0"), Decimal("0.875"), Decimal("0.566"))
    assert [(cited.source, cited.release) for cited in found.citations] == [
        ("mpfs-gpci", "GPCI2026"),
        ("public-law", "2026-02-03"),
    ]
    assert len(found.notes) == 1


def test_a_locality_on_a_day_without_the_floor_has_the_index_of_the_table():
    book = unfloored_book(release="GPCI2027", covers_from=LAPSED, covers_to=dt.date(2027, 12, 31))
    found = locality_named(book.as_of(LAPSED), "10112-00")
    assert found.indices.work == Decimal("0.988")
    assert len(found.citations) == 1
    assert found.notes == ()


def embedded() -> dict[str, list[Gpci]]:
    """The index tables that come with the package."""
    tables = {
        release.release: read_table(release).to_pylist()
        for release in BookStore(None).starter_releases()
        if release.source == "mpfs-gpci"
    }
    return {name: [Gpci(**row) for row in rows] for name, rows in tables.items()}


def test_the_embedded_tables_have_every_floor_of_their_year_in():
    tables = embedded()
    assert set(tables) == set(PUBLISHED)
    for name, facts in tables.items():
        assert len(facts) == 109
        year = int(name.removeprefix("GPCI"))
        for fact in facts:
            for day in (dt.date(year, 1, 1), dt.date(year, 12, 31)):
                assert told(day, fact) == (as_published(fact), [], ()), fact.locality_name
        (alaska,) = [fact for fact in facts if fact.state == ALASKA]
        assert alaska.work_gpci == Decimal("1.500")
        assert {fact.state for fact in facts} >= FRONTIER


def test_a_newcomer_has_the_indices_of_his_locality(starter_book):
    found = locality_named(starter_book.as_of(IN_FORCE), "10112-00")
    assert found.indices == Indices(Decimal("1.000"), Decimal("0.875"), Decimal("0.566"))
    assert (found.name, found.state, found.stale, found.notes) == ("Alabama", "AL", False, ())
    (cited,) = found.citations
    assert (cited.source, cited.release) == ("mpfs-gpci", "GPCI2026")
    assert "GPCI2026.csv, row 4" in cited.text


@pytest.mark.published
@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_frontier_states_are_those_that_the_published_table_marks(published, name):
    lines = csv.reader((published / PUBLISHED[name] / f"{name}.csv").read_text(encoding="utf-8").splitlines())
    marked = {cells[1]: cells[3] for cells in lines if len(cells) > 3 and cells[3].endswith("*")}
    assert {state for state, text in marked.items() if text.endswith("**")} == FRONTIER
    assert [state for state, text in marked.items() if not text.endswith("**")] == [ALASKA]
