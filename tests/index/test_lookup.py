"""Lookups: what the index answers is what reading every row would answer, whatever is loaded and asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.book.provenance import Release, quarter_span
from cleanclaim.index import format as index_format
from cleanclaim.index.build import compile_tables
from cleanclaim.index.lookup import Answer, DayBook, Index, OpenBook
from cleanclaim.index.tables import TABLES, layout
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Setting, State
from support.scan import Shelf, look_up

CODES = ["11111", "22222", "33333", "4444T"]
STARTER_CODES = ("11111", "33333")
DAYS = [dt.date(2024, 3, 31), dt.date(2024, 4, 1), dt.date(2024, 6, 30), dt.date(2024, 7, 1), dt.date(2025, 1, 1)]
Q1, Q2, Q3 = dt.date(2024, 2, 15), dt.date(2024, 5, 15), dt.date(2024, 8, 15)

maybe_day = st.none() | st.sampled_from(DAYS)
code = st.sampled_from(CODES)
COLUMNS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "ncci-ptp-practitioner": {
        "column_one": code,
        "column_two": code,
        "modifier_indicator": st.integers(0, 1),
        "rationale": st.sampled_from(["", "Standards", "Más"]),
        "valid_from": maybe_day,
        "valid_to": maybe_day,
    },
    "ncci-mue-practitioner": {
        "hcpcs": code,
        "mue_value": st.integers(0, 3),
        "mai": st.integers(1, 3),
        "rationale": st.just(""),
    },
    "ncci-aoc": {
        "add_on": code,
        "primary": code | st.just(""),
        "edit_type": st.integers(1, 3),
        "valid_from": maybe_day,
        "valid_to": maybe_day,
        "note": st.just(""),
    },
    "hcpcs": {
        "hcpcs": code,
        "kind": st.just("code"),
        "description": st.just(""),
        "coverage": st.just("C"),
        "action": st.just("N"),
        "valid_from": maybe_day,
        "valid_to": maybe_day,
    },
}
KEYS = {
    "ncci-ptp-practitioner": ("column_one", "column_two"),
    "ncci-mue-practitioner": ("hcpcs",),
    "ncci-aoc": ("add_on",),
    "hcpcs": ("hcpcs",),
}
_ARROW = {"s": pa.string(), "i": pa.int32(), "b": pa.bool_(), "d": pa.string(), "t": pa.date32()}


@st.composite
def shelves(draw: st.DrawFn) -> list[Shelf]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        source = draw(st.sampled_from(sorted(COLUMNS)))
        covers_from = draw(maybe_day)
        covers_to = draw(st.sampled_from([None, *(day for day in DAYS if covers_from is None or day > covers_from)]))
        rows = draw(st.lists(st.fixed_dictionaries(COLUMNS[source]), max_size=6))
        for row, values in enumerate(rows, start=2):
            values["row"] = row
        release = Release(
            source=source,
            release=f"r{number}",
            covers_from=covers_from,
            covers_to=covers_to,
            published=draw(maybe_day),
            rows=len(rows),
            rejected=0,
            sha256="",
            whole=draw(st.booleans()),
            starter=draw(st.booleans()),
        )
        made.append(Shelf(release, rows))
    return made


def opened(made: list[Shelf]) -> OpenBook:
    tables = []
    for number, shelf in enumerate(made):
        spec = next(table for table in TABLES if shelf.release.source in table.sources)
        schema = pa.schema([(name, _ARROW[kind]) for name, kind in spec.columns])
        tables.append((number, shelf.release, pa.Table.from_pylist(list(shelf.rows), schema)))
    content = compile_tables(tuple(shelf.release for shelf in made), tables, STARTER_CODES)
    return OpenBook(Index(index_format.parse(memoryview(content), "test")))


def ask(day: DayBook, source: str, key: list[str]) -> Answer[Any]:
    match source:
        case "ncci-ptp-practitioner":
            return day.ptp(Setting.PRACTITIONER, *key)
        case "ncci-mue-practitioner":
            return day.mue(Setting.PRACTITIONER, *key)
        case "ncci-aoc":
            return day.add_on(*key)
        case _:
            return day.hcpcs(*key)


def keys_of(source: str) -> list[list[str]]:
    asked = [*CODES, "99999"]
    if len(KEYS[source]) == 1:
        return [[one] for one in asked]
    return [[one, two] for one in asked for two in asked]


@settings(max_examples=120, deadline=None)
@given(shelves(), st.sampled_from([Q1, Q2, Q3, *DAYS]), st.sampled_from([None, Q1, Q2, *DAYS]))
def test_the_index_answers_what_reading_every_row_answers(made, day, known_on):
    asked = opened(made).as_of(day, known_on)
    for source, names in KEYS.items():
        for key in keys_of(source):
            answer = ask(asked, source, key)
            asked_for = dict(zip(names, key, strict=True))
            expected = look_up(made, source, asked_for, day=day, known_on=known_on, starter_codes=STARTER_CODES)
            assert answer.state is expected.state, (source, key)
            assert answer.release == expected.release, (source, key)
            assert answer.stale is expected.stale, (source, key)
            assert [fact.row for fact in answer.facts] == [row["row"] for row in expected.rows], (source, key)
            for fact, row in zip(answer.facts, expected.rows, strict=True):
                assert {name: getattr(fact, name) for name in row} == row


@settings(max_examples=60, deadline=None)
@given(shelves(), st.sampled_from([Q1, Q2, Q3, *DAYS]), st.sampled_from([None, Q2]))
def test_all_pairs_of_a_code_at_once_are_those_asked_one_by_one(made, day, known_on):
    asked = opened(made).as_of(day, known_on)
    for one in CODES:
        pairs = asked.ptp_of(Setting.PRACTITIONER, one)
        for two in CODES:
            for answer, found in (
                (asked.ptp(Setting.PRACTITIONER, one, two), pairs.column_one.get(two)),
                (asked.ptp(Setting.PRACTITIONER, two, one), pairs.column_two.get(two)),
            ):
                assert (answer.fact.modifier_indicator if answer.known else None) == found, (one, two)


@settings(max_examples=60, deadline=None)
@given(shelves(), st.sampled_from([Q1, Q2, Q3]))
def test_asking_again_and_asking_in_another_order_gives_the_same_answer(made, day):
    book = opened(made)
    keys = keys_of("ncci-ptp-practitioner")
    first = [book.as_of(day).ptp(Setting.PRACTITIONER, *key) for key in keys]
    assert [book.as_of(day).ptp(Setting.PRACTITIONER, *key) for key in keys] == first
    fresh = opened(made).as_of(day)
    assert [fresh.ptp(Setting.PRACTITIONER, *key) for key in reversed(keys)] == first[::-1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=6), max_size=30), st.text(max_size=6))
def test_every_text_is_found_by_its_number_and_no_other_is(texts, other):
    rows = [{"icd10cm": text, "billable": True, "description": "", "row": 1} for text in texts]
    book = book_from({"icd10cm": rows})
    for text in texts:
        assert book.index.text(book.index.number(text)) == text
    if other not in {*texts, ""}:
        assert book.index.number(other) == -1


def test_what_is_no_text_is_not_in_the_book():
    assert book_from({"icd10cm": [{"icd10cm": "A000"}]}).index.number("\ud800") == -1


# --- one promise a test


def pair(one: str = "11111", two: str = "22222", **values: Any) -> dict[str, Any]:
    return {"column_one": one, "column_two": two, "modifier_indicator": 0, **values}


def released(name: str, **values: Any) -> dict[str, Any]:
    covers_from, covers_to = quarter_span(name)
    return {"release": name, "covers_from": covers_from, "covers_to": covers_to, **values}


def practitioner(book: OpenBook, day: dt.date, *codes: str, known_on: dt.date | None = None) -> Answer[Any]:
    return book.as_of(day, known_on).ptp(Setting.PRACTITIONER, *(codes or ("11111", "22222")))


def test_an_answer_inside_the_quarter_is_not_stale_and_one_outside_it_is():
    book = book_from({"ptp": [pair(release=released("2024Q3"))]})
    stale = {day: practitioner(book, day).stale for day in (dt.date(2024, 7, 1), dt.date(2024, 9, 30))}
    assert set(stale.values()) == {False}
    for day in (dt.date(2024, 6, 30), dt.date(2024, 10, 1)):
        answer = practitioner(book, day)
        assert answer.known
        assert answer.stale


def test_a_pair_release_carries_the_history_before_its_quarter():
    rows = [
        pair(valid_from=dt.date(2010, 1, 1), valid_to=dt.date(2015, 12, 31), modifier_indicator=1),
        pair(valid_from=dt.date(2018, 1, 1)),
    ]
    book = book_from({"ptp": rows})
    assert practitioner(book, dt.date(2015, 12, 31)).fact.modifier_indicator == 1
    assert practitioner(book, dt.date(2016, 1, 1)).state is State.NOT_APPLICABLE
    assert practitioner(book, dt.date(2018, 1, 1)).fact.modifier_indicator == 0


def test_a_unit_limit_never_answers_for_a_day_before_its_release():
    book = book_from({"mue": [{"hcpcs": "11111", "mue_value": 1, "release": released("2024Q3")}]})
    assert book.as_of(dt.date(2024, 6, 30)).mue(Setting.PRACTITIONER, "11111").no_data
    assert book.as_of(dt.date(2024, 7, 1)).mue(Setting.PRACTITIONER, "11111").known
    after = book.as_of(dt.date(2026, 1, 1)).mue(Setting.PRACTITIONER, "11111")
    assert after.known
    assert after.stale


def test_the_earliest_deletion_on_or_after_the_day_decides_between_rows_of_one_pair():
    """PTP03 of a re-export that lost its start dates: both rows seem open from the beginning of time."""
    rows = [
        pair(modifier_indicator=0),
        pair(modifier_indicator=1, valid_to=dt.date(2019, 12, 31)),
        pair(modifier_indicator=0, valid_to=dt.date(2021, 12, 31)),
    ]
    book = book_from({"ptp": rows})
    assert practitioner(book, dt.date(2019, 12, 31)).fact.row == 3
    assert practitioner(book, dt.date(2020, 1, 1)).fact.row == 4
    assert practitioner(book, dt.date(2022, 1, 1)).fact.row == 2


def test_a_later_release_is_not_known_before_it_was_published():
    rows = [
        pair(modifier_indicator=0, release=released("2024Q3", published=dt.date(2024, 6, 1))),
        pair(modifier_indicator=1, release=released("2024Q4", published=dt.date(2024, 9, 3))),
    ]
    book, day = book_from({"ptp": rows}), dt.date(2024, 11, 1)
    assert practitioner(book, day).fact.modifier_indicator == 1
    assert practitioner(book, day, known_on=dt.date(2024, 9, 3)).fact.modifier_indicator == 1
    before = practitioner(book, day, known_on=dt.date(2024, 9, 2))
    assert before.fact.modifier_indicator == 0
    assert before.stale
    assert practitioner(book, day, known_on=dt.date(2024, 5, 31)).no_data


def test_what_was_not_yet_known_is_not_used_to_tell_an_unknown_code_from_one_of_another_day():
    year = {"covers_from": dt.date(2025, 10, 1), "covers_to": dt.date(2026, 9, 30)}
    rows = [
        {"icd10cm": "A000", "release": {"release": "FY2026", "published": dt.date(2025, 7, 1), **year}},
        {"icd10cm": "B000", "release": {"release": "FY2026-April", "published": dt.date(2026, 2, 1), **year}},
    ]
    book, day = book_from({"icd10cm": rows}), dt.date(2026, 1, 5)
    assert book.as_of(day).ever("icd10cm", "B000")
    assert not book.as_of(day, dt.date(2026, 1, 31)).ever("icd10cm", "B000")
    assert book.as_of(day, dt.date(2026, 1, 31)).ever("icd10cm", "A000")


def test_the_newest_release_that_covers_the_day_answers():
    year_end = {"covers_to": dt.date(2026, 12, 31)}
    rows = [
        {"hcpcs": "11111", "work_rvu": "1.00", "release": released("2026Q1", **year_end)},
        {"hcpcs": "11111", "work_rvu": "2.00", "release": released("2026Q3", **year_end)},
        {"hcpcs": "22222", "work_rvu": "3.00", "release": released("2026Q1", **year_end)},
    ]
    book = book_from({"mpfs": rows})
    assert str(book.as_of(dt.date(2026, 6, 30)).fee_schedule("11111").fact.work_rvu) == "1.00"
    assert str(book.as_of(dt.date(2026, 7, 1)).fee_schedule("11111").fact.work_rvu) == "2.00"
    assert book.as_of(dt.date(2026, 7, 1)).fee_schedule("22222").state is State.NOT_APPLICABLE


@pytest.mark.parametrize("better_first", [True, False])
@pytest.mark.parametrize(
    "worse", [{"whole": False}, {"starter": True}, {"starter": True, "whole": False}], ids=["part", "starter", "both"]
)
def test_of_one_span_the_whole_release_goes_before_a_part_and_the_own_before_the_starter(worse, better_first):
    rows = [pair(modifier_indicator=1, release=released("2024Q3")), pair(release=released("2024Q3", **worse))]
    book = book_from({"ptp": rows if better_first else rows[::-1]})
    assert practitioner(book, dt.date(2024, 8, 1)).fact.modifier_indicator == 1


def test_of_one_span_a_whole_release_of_the_starter_goes_before_an_own_part():
    """Which of two sayings is the whole one matters more than who brought it."""
    rows = [
        pair(release=released("2024Q3", whole=False)),
        pair(modifier_indicator=1, release=released("2024Q3", starter=True)),
    ]
    assert practitioner(book_from({"ptp": rows}), dt.date(2024, 8, 1)).fact.modifier_indicator == 1


def test_a_release_issued_for_the_day_goes_before_a_whole_one_that_was_not():
    rows = [
        pair(modifier_indicator=0, release=released("2024Q2")),
        pair(modifier_indicator=1, release=released("2024Q3", whole=False)),
    ]
    answer = practitioner(book_from({"ptp": rows}), dt.date(2024, 8, 1))
    assert answer.fact.modifier_indicator == 1
    assert not answer.stale


def test_a_part_says_nothing_of_codes_it_does_not_list_and_the_whole_release_before_it_is_asked():
    rows = [
        pair("33333", "44444", release=released("2024Q3", whole=False)),
        pair("11111", "22222", release=released("2024Q2")),
    ]
    book = book_from({"ptp": rows})
    answer = practitioner(book, dt.date(2024, 8, 1))
    assert answer.known
    assert answer.stale
    assert [release.release for release in answer.looked_in] == ["2024Q3", "2024Q2"]


def test_a_part_of_the_pairs_speaks_only_for_its_column_one_codes():
    """A part holds every pair of its Column One codes, and of other codes perhaps some."""
    rows = [pair("11111", "22222"), pair("33333", "22222"), pair("33333", "11111")]
    book = book_from({"ptp": [row | {"release": released("2024Q3", whole=False)} for row in rows]})
    day = dt.date(2024, 8, 1)
    assert practitioner(book, day, "11111", "33333").state is State.NOT_APPLICABLE
    assert practitioner(book, day, "22222", "33333").no_data
    assert practitioner(book, day, "22222", "11111").no_data


def test_a_whole_release_speaks_for_every_code_of_its_time_and_for_no_later_one():
    facts = {
        "ptp": [pair(release=released("2024Q3"))],
        "mue": [
            {"hcpcs": "33333", "mue_value": 1, "release": released("2024Q3")},
            {"hcpcs": "44444", "mue_value": 1, "release": released("2024Q4")},
            {"hcpcs": "55555", "mue_value": 1, "release": released("2026Q3")},
        ],
        "hcpcs": [
            {"hcpcs": "G1111", "valid_from": dt.date(2010, 1, 1), "release": released("2026Q3")},
            {"hcpcs": "G2222", "valid_from": dt.date(2024, 10, 1), "release": released("2026Q3")},
            {"hcpcs": "G3333", "release": released("2026Q3")},
        ],
    }
    book, day = book_from(facts), dt.date(2024, 8, 1)
    assert practitioner(book, day, "11111", "33333").state is State.NOT_APPLICABLE
    assert practitioner(book, day, "11111", "G1111").state is State.NOT_APPLICABLE
    assert practitioner(book, day, "11111", "44444").state is State.NOT_APPLICABLE, "the list of the next quarter"
    assert practitioner(book, day, "11111", "55555").no_data, "known only from a list of 2026"
    assert practitioner(book, day, "11111", "G2222").no_data, "added the day after the quarter"
    assert practitioner(book, day, "11111", "G3333").no_data, "no first day told, and the list is of 2026"
    assert practitioner(book, day, "11111", "99999").no_data, "no list has it"


def test_an_unknown_code_is_no_data_and_never_no_edit():
    book = book_from({"ptp": [pair()]})
    assert practitioner(book, dt.date(2026, 7, 15), "99999", "11111").no_data
    assert practitioner(book, dt.date(2026, 7, 15), "11111", "99999").no_data


def test_a_table_that_is_not_loaded_has_no_data():
    day = book_from({}).as_of(dt.date(2026, 7, 15))
    answers = [
        day.ptp(Setting.PRACTITIONER, "11111", "22222"),
        day.ptp(Setting.OUTPATIENT, "11111", "22222"),
        day.mue(Setting.DME, "11111"),
        day.add_on("11111"),
        day.primary_of("11111"),
        day.fee_schedule("11111"),
        day.hcpcs("G1111"),
        day.icd10cm("A000"),
        day.place_of_service("11"),
        day.taxonomy("207Q00000X"),
        day.carc("4"),
        day.rarc("N20"),
        day.imaging("11111"),
    ]
    assert [answer.state for answer in answers] == [State.NO_DATA] * len(answers)
    assert not day.ever("hcpcs", "G1111")
    assert day.hcpcs_ever("G1111") is None
    assert day.whole_release("mpfs") is None


def test_the_two_settings_have_tables_of_their_own():
    book = book_from({"ptp": [pair()], "ptp_outpatient": [pair("33333", "44444")]})
    day = book.as_of(dt.date(2026, 7, 15))
    assert day.ptp(Setting.PRACTITIONER, "11111", "22222").known
    assert not day.ptp(Setting.OUTPATIENT, "11111", "22222").known
    assert day.ptp(Setting.OUTPATIENT, "33333", "44444").known


@pytest.mark.parametrize("table", ["carc", "rarc"])
def test_a_remittance_code_is_known_from_its_first_day_to_its_last(table):
    row = {"code": "N1", "valid_from": dt.date(2010, 1, 1), "valid_to": dt.date(2020, 12, 31)}
    undated = {"release": "2026-05-31", "covers_from": None, "covers_to": None}
    book = book_from({table: [row | {"release": undated}]})
    days = [dt.date(2009, 12, 31), dt.date(2010, 1, 1), dt.date(2020, 12, 31), dt.date(2021, 1, 1)]
    known = [getattr(book.as_of(day), table)("N1").known for day in days]
    assert known == [False, True, True, False]


def test_the_order_of_a_pair_is_part_of_the_question():
    book = book_from({"ptp": [pair()]})
    assert practitioner(book, dt.date(2026, 7, 15), "22222", "11111").state is State.NOT_APPLICABLE


def test_a_level_two_code_is_told_with_the_release_its_row_stands_in():
    """What is cited must be where the row is: the release that was asked first may not have it."""
    rows = [
        {"hcpcs": "G1111", "valid_to": dt.date(2020, 12, 31), "release": released("2024Q3")},
        {"hcpcs": "G2222", "release": released("2026Q3")},
    ]
    found = book_from({"hcpcs": rows}).as_of(dt.date(2026, 7, 15)).hcpcs_ever("G1111")
    assert found is not None
    assert found.release is not None
    assert (found.fact.valid_to, found.release.release, found.stale) == (dt.date(2020, 12, 31), "2024Q3", True)


def test_the_newer_list_is_the_one_that_tells_when_a_level_two_code_ended():
    rows = [
        {"hcpcs": "G1111", "valid_to": dt.date(2026, 3, 31), "release": released("2026Q3")},
        {"hcpcs": "G1111", "release": released("2025Q4", starter=True, whole=False)},
    ]
    found = book_from({"hcpcs": rows}).as_of(dt.date(2026, 7, 15)).hcpcs_ever("G1111")
    assert found is not None
    assert found.fact.valid_to == dt.date(2026, 3, 31)
    before = book_from({"hcpcs": rows}).as_of(dt.date(2026, 7, 15), known_on=dt.date(2026, 1, 1)).hcpcs_ever("G1111")
    assert before is not None
    assert before.fact.valid_to is None


def test_the_whole_release_of_a_day_is_one_issued_for_it():
    rows = [
        {"hcpcs": "11111", "release": released("2026Q1")},
        {"hcpcs": "11111", "release": released("2026Q3", whole=False)},
    ]
    book = book_from({"mpfs": rows})
    found = book.as_of(dt.date(2026, 2, 1)).whole_release("mpfs")
    assert found is not None
    assert found.release == "2026Q1"
    assert book.as_of(dt.date(2026, 7, 15)).whole_release("mpfs") is None


def test_several_fee_schedule_rows_of_a_code_all_come_back():
    rows = [{"hcpcs": "74360", "modifier": modifier} for modifier in ("", "26", "TC")]
    facts = book_from({"mpfs": rows}).as_of(dt.date(2026, 7, 15)).fee_schedule("74360").facts
    assert [fact.modifier for fact in facts] == ["", "26", "TC"]


def test_the_codes_a_table_has_are_listed_once_each_in_order():
    book = book_from({"ptp": [pair("33333", "11111"), pair("11111", "22222"), pair("11111", "33333")]})
    spec = next(table for table in TABLES if table.name == "ptp-practitioner")
    assert book.index.keys_of(spec) == ["11111", "33333"]


def test_another_layout_of_the_index_has_another_name(monkeypatch):
    before = layout()
    monkeypatch.setattr("cleanclaim.index.tables.TABLES", TABLES[:-1])
    assert layout() != before
