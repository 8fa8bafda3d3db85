"""A book held to one release of a source: what that release says, whatever the day."""

from __future__ import annotations

import datetime as dt

import pytest

from cleanclaim.engine.code_state import code_state
from cleanclaim.errors import InputError
from cleanclaim.index.pinned import PinnedBook
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.locality import locality_named
from cleanclaim.pricing.model import Terms
from cleanclaim.rules.facts import CodeState
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Setting

OLD = {"release": "OLD", "covers_from": dt.date(2025, 10, 1), "covers_to": dt.date(2025, 12, 31)}
NEW = {"release": "NEW", "covers_from": dt.date(2026, 7, 1), "covers_to": dt.date(2026, 12, 31)}
DAY = dt.date(2026, 8, 3)


def held(book, *names):
    """The book held to the releases with these names."""
    return PinnedBook(book, [release for release in book.releases if release.release in names])


def test_a_table_answers_from_the_release_it_is_held_to_on_every_day_and_is_not_stale():
    book = book_from(
        {
            "mpfs": [
                {"hcpcs": "11111", "status_indicator": "A", "release": OLD},
                {"hcpcs": "11111", "status_indicator": "B", "release": NEW},
            ]
        }
    )
    for name, status in (("OLD", "A"), ("NEW", "B")):
        for day in (dt.date(2019, 1, 1), dt.date(2025, 11, 1), DAY, dt.date(2031, 1, 1)):
            answer = held(book, name).as_of(day).fee_schedule("11111")
            assert (answer.fact.status_indicator, answer.stale) == (status, False)
            assert [release.release for release in answer.looked_in] == [name]


def test_a_code_that_the_release_lacks_is_not_taken_from_another():
    book = book_from({"mpfs": [{"hcpcs": "11111", "release": OLD}, {"hcpcs": "22222", "release": NEW}]})
    assert not held(book, "OLD").as_of(DAY).fee_schedule("22222").known
    assert not held(book, "NEW").as_of(DAY).fee_schedule("11111").known


def test_what_is_not_held_answers_as_in_the_book():
    book = book_from(
        {
            "mpfs": [{"hcpcs": "11111", "release": OLD}, {"hcpcs": "11111", "release": NEW}],
            "mue": [
                {"hcpcs": "11111", "mue_value": 1, "release": OLD},
                {"hcpcs": "11111", "mue_value": 2, "release": NEW},
            ],
        }
    )
    view = PinnedBook(book, [release for release in book.releases if release.source == "mpfs-rvu"][:1])
    assert view.index is book.index
    for day in (dt.date(2025, 11, 1), dt.date(2026, 3, 1), DAY):
        assert view.as_of(day).mue(Setting.PRACTITIONER, "11111") == book.as_of(day).mue(Setting.PRACTITIONER, "11111")
    assert view.as_of(DAY).day == DAY
    assert view.as_of(DAY).day_of("mue-practitioner") == DAY
    assert view.as_of(DAY).day_of("mpfs") == OLD["covers_from"]
    assert (view.holds("mpfs"), view.holds("gpci")) == (True, False)
    assert view.policies is book.policies


def test_rows_that_are_dated_by_themselves_bind_as_when_the_release_begins():
    row = {"column_one": "11111", "column_two": "22222", "modifier_indicator": 0}
    book = book_from(
        {
            "ptp": [
                row | {"valid_to": dt.date(2025, 12, 31), "release": OLD},
                row | {"valid_to": dt.date(2025, 12, 31), "release": NEW},
                row | {"column_two": "33333", "valid_from": dt.date(2026, 7, 1), "release": NEW},
            ]
        }
    )
    pairs = {
        name: [
            held(book, name).as_of(day).ptp(Setting.PRACTITIONER, "11111", code).known
            for code in ("22222", "33333")
            for day in (dt.date(2025, 11, 1), DAY)
        ]
        for name in ("OLD", "NEW")
    }
    assert pairs == {"OLD": [True, True, False, False], "NEW": [False, False, True, True]}
    assert held(book, "OLD").as_of(DAY).ptp_of(Setting.PRACTITIONER, "11111").column_one == {"22222": 0}


def test_a_level_ii_code_that_ended_between_the_releases_is_in_force_under_the_old_one_only():
    ended = {"hcpcs": "J0001", "valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2026, 6, 30)}
    book = book_from({"hcpcs": [ended | {"release": OLD}, ended | {"release": NEW}]})
    states = []
    for name in ("OLD", "NEW"):
        day = held(book, name).as_of(dt.date(2026, 2, 1))
        states.append(code_state(day, Setting.PRACTITIONER, "J0001", day.fee_schedule("J0001"))[0])
    assert states == [CodeState.IN_FORCE, CodeState.ENDED]


def test_a_fee_schedule_is_whole_for_its_own_time_so_that_a_code_it_lacks_is_none():
    book = book_from({"mpfs": [{"hcpcs": "11111", "release": OLD}, {"hcpcs": "22222", "release": NEW}]})
    for name, code in (("OLD", "22222"), ("NEW", "11111")):
        day = held(book, name).as_of(dt.date(2026, 2, 1))
        assert code_state(day, Setting.PRACTITIONER, code, day.fee_schedule(code))[0] is CodeState.UNKNOWN_CODE


def test_a_code_is_an_endoscopic_base_where_the_release_says_so():
    book = book_from(
        {
            "mpfs": [
                {"hcpcs": "22222", "endoscopic_base": "11111", "release": OLD},
                {"hcpcs": "22222", "release": NEW},
            ]
        }
    )
    assert [held(book, name).as_of(DAY).is_endoscopic_base("11111") for name in ("OLD", "NEW")] == [True, False]
    assert PinnedBook(book, []).as_of(DAY).is_endoscopic_base("11111")
    assert not held(book, "OLD").as_of(DAY).is_endoscopic_base("22222")


def test_payment_parameters_are_those_of_the_first_day_of_the_fee_schedule():
    book = book_from({"mpfs": [{"hcpcs": "11111", "release": OLD}, {"hcpcs": "11111", "release": NEW}]})
    locality = locality_named(book.as_of(DAY), "national")
    for view, date in ((held(book, "OLD"), OLD["covers_from"]), (held(book, "NEW"), NEW["covers_from"]), (book, DAY)):
        assert Context(view.as_of(DAY), locality, Terms()).date == date


def test_a_release_without_a_first_day_is_asked_for_the_claims_own_day():
    undated = {"release": "OLD", "covers_from": None, "covers_to": None}
    book = book_from({"carc": [{"code": "45", "valid_to": dt.date(2026, 1, 1), "release": undated}]})
    view = held(book, "OLD")
    assert view.as_of(dt.date(2025, 6, 1)).carc("45").known
    assert not view.as_of(DAY).carc("45").known


def test_two_releases_of_one_source_are_refused():
    book = book_from({"mpfs": [{"hcpcs": "11111", "release": OLD}, {"hcpcs": "11111", "release": NEW}]})
    with pytest.raises(InputError, match="mpfs-rvu: a book can be held to one release of it"):
        PinnedBook(book, book.releases)
