"""What changed between two releases: every table by one comparison."""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
from decimal import Decimal
from pathlib import Path

import pytest
from diff_books import FEE_ROW, by_key, release, told
from hypothesis import given, settings
from hypothesis import strategies as st

import cleanclaim
from cleanclaim.book.diff import between_days, compare, find_release
from cleanclaim.book.diff.amounts import NATIONAL_AMOUNTS
from cleanclaim.book.diff.families import family_of
from cleanclaim.book.diff.sources import describe
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import table_modules
from cleanclaim.errors import InputError, UnknownName
from cleanclaim.pricing.fee import NO_PRICE
from cleanclaim.pricing.model import NATIONAL, Locality, Rate, Service, Terms
from cleanclaim.pricing.price import price
from cleanclaim.types import Citation

MUE = "ncci-mue-practitioner"
PTP = "ncci-ptp-practitioner"
FEES = "mpfs-rvu"
OLD_DAY, NEW_DAY = dt.date(2024, 7, 1), dt.date(2026, 7, 1)


@pytest.fixture(scope="module", autouse=True)
def _books_that_need_not_survive_a_power_cut():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        yield


def limit(hcpcs, value, mai=3):
    return {"hcpcs": hcpcs, "mue_value": value, "mai": mai, "rationale": "Nature of Analyte"}


def pair(one, two, indicator=1, valid_from=dt.date(2020, 1, 1), valid_to=None):
    dates = {"valid_from": valid_from, "valid_to": valid_to}
    return {"column_one": one, "column_two": two, "modifier_indicator": indicator, "rationale": "", **dates}


def fee(hcpcs, **other):
    return {**FEE_ROW, "hcpcs": hcpcs, **other}


def fees(folder, old, new, **options):
    spans = {"old_covers": (OLD_DAY, dt.date(2024, 12, 31)), "new_covers": (NEW_DAY, dt.date(2026, 12, 31))}
    return told(folder, FEES, old, new, **spans, **options)


# --- every source


@pytest.mark.parametrize("source", [source for module in table_modules() for source in module.SOURCES])
def test_every_source_is_described_by_columns_it_has(source):
    described = describe(source)
    schema = next(module.SCHEMA for module in table_modules() if source in module.SOURCES)
    made = set(NATIONAL_AMOUNTS) if described.prepare else set()
    named = {*described.key, *described.left_out, *described.told_once, *described.rank, *described.shown}
    named |= {column for kind in described.all_kinds for column in kind.columns}
    assert described.key
    assert named <= {*schema.names, *made}
    assert not set(described.key) & set(described.left_out)
    assert described.dated <= {"valid_from", "valid_to"}.issubset(schema.names)
    assert len({kind.name for kind in described.all_kinds}) == len(described.all_kinds)


@pytest.mark.parametrize("source", [source for module in table_modules() for source in module.SOURCES])
def test_a_source_compared_with_its_like_has_no_change(source, tmp_path):
    described = describe(source)
    row = FEE_ROW if source == FEES else {}
    rows = [{**row, **dict.fromkeys(described.key, text)} for text in ("00001", "00002")]
    diff = told(tmp_path, source, rows, rows)
    assert (diff.counts.old, diff.counts.unchanged, diff.counts.changed) == (2, 2, 0)
    assert list(diff.changes()) == []


@pytest.mark.parametrize("source", [source for module in table_modules() for source in module.SOURCES])
def test_every_source_tells_what_was_added_and_what_ended(source, tmp_path):
    described = describe(source)
    row = FEE_ROW if source == FEES else {}
    rows = [{**row, **dict.fromkeys(described.key, text)} for text in ("00001", "00002", "00003")]
    diff = told(tmp_path, source, rows[:2], rows[1:])
    assert [(change.what, change.key[described.key[0]]) for change in diff.changes()] == [
        ("added", "00003"),
        ("ended", "00001"),
    ]


# --- values


def test_a_limit_is_raised_lowered_or_adjudicated_otherwise(tmp_path):
    old = [limit("11111", 1), limit("22222", 5), limit("33333", 2, mai=2), limit("44444", 4)]
    new = [limit("11111", 3), limit("22222", 4), limit("33333", 2, mai=3), limit("44444", 4)]
    diff = told(tmp_path, MUE, old, new)
    assert {change.key["hcpcs"]: change.kinds for change in diff.changes()} == {
        "11111": ("limit_raised",),
        "22222": ("limit_lowered",),
        "33333": ("mai_changed",),
    }
    assert (diff.counts.kinds["limit_raised"], diff.counts.kinds["limit_lowered"], diff.counts.unchanged) == (1, 1, 1)
    assert diff.counts.columns == {"mue_value": 2, "mai": 1}


def test_what_changes_most_comes_first(tmp_path):
    diff = told(tmp_path, MUE, [limit("11111", 1), limit("22222", 1)], [limit("11111", 2), limit("22222", 900)])
    assert [change.key["hcpcs"] for change in diff.changes()] == ["22222", "11111"]
    assert [change.key["hcpcs"] for change in diff.changes(most=1)] == ["22222"]


def test_a_change_names_both_rows_as_they_were_published(tmp_path):
    diff = told(tmp_path, MUE, [limit("11111", 1)], [limit("00001", 1), limit("11111", 2)])
    change = next(diff.changes("limit_raised"))
    assert (change.old.row, change.new.row) == (2, 3)
    assert change.old.citation == Citation(MUE, "2024Q3", "11111", OLD_DAY, dt.date(2024, 9, 30), "2024Q3.csv, row 2")
    assert change.new.citation.text == "2026Q3.csv, row 3"
    (value,) = change.differences
    assert (value.column, value.old, value.new, value.difference, value.percent) == ("mue_value", 1, 2, 1, 100)


def test_a_difference_has_a_percentage_only_where_there_was_something(tmp_path):
    change = next(told(tmp_path, MUE, [limit("11111", 0)], [limit("11111", 2)]).changes())
    assert (change.differences[0].difference, change.differences[0].percent) == (2, None)


def test_a_diagnosis_becomes_billable_or_a_heading(tmp_path):
    old = [{"icd10cm": code, "billable": billable} for code, billable in (("A01", False), ("A02", True))]
    new = [{"icd10cm": code, "billable": billable} for code, billable in (("A01", True), ("A02", False))]
    diff = told(tmp_path, "icd10cm", old, new)
    assert [(change.key["icd10cm"], change.kinds) for change in diff.changes()] == [
        ("A01", ("became_billable",)),
        ("A02", ("became_heading",)),
    ]


def test_a_column_that_one_release_does_not_have_is_not_compared(tmp_path):
    old = [{"icd10cm": "A01", "billable": True, "description": "x"}]
    new = [{"icd10cm": "A01", "billable": True, "description": None}]
    diff = told(tmp_path, "icd10cm", old, new)
    assert (diff.counts.changed, diff.head.not_compared) == (0, (("description", "new"),))


def test_an_index_change_is_told_by_locality(tmp_path):
    row = {"mac": "10112", "locality": "00", "work_gpci": Decimal("1.000"), "mp_gpci": Decimal("0.566")}
    old, new = {**row, "pe_gpci": Decimal("0.875")}, {**row, "pe_gpci": Decimal("0.870")}
    diff = told(tmp_path, "mpfs-gpci", [old], [new])
    change = next(diff.changes())
    assert (dict(change.key), change.kinds) == (
        {"mac": "10112", "locality": "00"},
        ("index_changed", "index_lowered"),
    )
    assert (change.differences[0].difference, change.differences[0].percent) == (Decimal("-0.005"), Decimal("-0.6"))


def test_the_version_of_a_document_does_not_change_each_of_its_rows(tmp_path):
    old = {"article_id": "5", "version": "1", "hcpcs": "11111", "group": "1"}
    diff = told(tmp_path, "mcd-article-hcpcs", [old], [{**old, "version": "2"}])
    assert (diff.counts.changed, diff.counts.unchanged) == (0, 1)


def test_a_row_that_stands_twice_counts_once(tmp_path):
    note = {"icd10cm": "A01", "kind": "excludes1", "first": "B01", "last": "B02"}
    diff = told(tmp_path, "icd10cm-notes", [note, note], [note])
    assert (diff.counts.old, diff.counts.new, diff.counts.unchanged) == (1, 1, 1)


def test_a_blank_and_an_unknown_part_of_the_key_are_keys_too(tmp_path):
    edit = {"add_on": "11111", "edit_type": 2, "valid_from": None, "valid_to": None}
    diff = told(tmp_path, "ncci-aoc", [{**edit, "primary": None}], [{**edit, "primary": "22222"}])
    assert by_key(diff) == {"11111": "ended", "11111/22222": "added"}


# --- money


def test_a_new_conversion_factor_reprices_and_is_told_once(tmp_path):
    factor = Decimal("33.4009")
    diff = fees(tmp_path, [fee("11111")], [fee("11111", conversion_factor=factor)])
    change = next(diff.changes())
    assert change.kinds == ("re_priced", "dearer")
    assert {one.column: (one.old, one.new, one.difference, one.percent) for one in change.differences} == {
        "amount_nonfacility": (Decimal("97.04"), Decimal("100.20"), Decimal("3.16"), Decimal("3.3")),
        "amount_facility": (Decimal("97.04"), Decimal("100.20"), Decimal("3.16"), Decimal("3.3")),
    }
    (once,) = diff.head.told_once
    assert (once.column, once.old, once.new) == ("conversion_factor", Decimal("32.3465"), factor)


def test_factors_that_differ_within_a_release_are_compared_row_by_row(tmp_path):
    other = fee("22222", conversion_factor=Decimal("20.0000"))
    diff = fees(tmp_path, [fee("11111"), other], [fee("11111"), fee("22222")])
    assert diff.head.told_once == ()
    assert [change.key["hcpcs"] for change in diff.changes()] == ["22222"]
    assert diff.counts.columns["conversion_factor"] == 1


def test_indicators_and_amounts_are_changes_of_two_kinds(tmp_path):
    worth = {"pe_rvu_facility": Decimal("2.00"), "total_facility": Decimal("4.00")}
    old = [fee("11111"), fee("22222"), fee("33333"), fee("44444", status_indicator="C")]
    new = [
        fee("11111", global_days="090"),
        fee("22222", **worth),
        fee("33333", status_indicator="X"),
        fee("44444", status_indicator="A"),
    ]
    diff = fees(tmp_path, old, new)
    assert {change.key["hcpcs"]: change.kinds for change in diff.changes()} == {
        "11111": ("re_indicated",),
        "22222": ("re_priced", "re_valued", "dearer"),
        "33333": ("re_indicated", "re_priced", "no_longer_priced"),
        "44444": ("re_indicated", "re_priced", "priced"),
    }
    assert [change.key["hcpcs"] for change in diff.changes("re_priced")] == ["33333", "44444", "22222"]


def test_a_code_with_a_modifier_is_a_row_of_its_own(tmp_path):
    diff = fees(tmp_path, [fee("11111"), fee("11111", modifier="26")], [fee("11111"), fee("11111", modifier="TC")])
    assert by_key(diff) == {"11111/TC": "added", "11111/26": "ended"}


def test_the_descriptor_of_a_procedure_is_neither_compared_nor_told(tmp_path):
    diff = fees(tmp_path, [fee("11111", description="one")], [fee("11111", description="two"), fee("22222")])
    (added,) = diff.changes()
    assert diff.counts.changed == 0
    assert "description" not in added.new.values


def test_national_amounts_are_those_that_pricing_comes_to(starter_book, tmp_path):
    store, day = starter_book.store, dt.date(2026, 7, 15)
    (whole,) = (one for one in store.releases() if one.source == FEES)
    rows = store.table(whole).to_pylist()[::23]
    diff = fees(tmp_path, [fee("ZZZZZ")], rows)
    asked = {(change.key["hcpcs"], change.key["modifier"]): change.new.values for change in diff.changes("added")}
    assert len(asked) == len(rows) > 100
    book, national = starter_book.as_of(day), Locality("national", NATIONAL)
    for rate, pos, column in ((Rate.FACILITY, "22", "amount_facility"), (Rate.NONFACILITY, "11", "amount_nonfacility")):
        for (hcpcs, modifier), values in asked.items():
            if values["status_indicator"] not in {*NO_PRICE, "J"} and modifier != "53":
                service = Service(hcpcs, (modifier,) if modifier else (), pos=pos)
                (line,) = price(book, [service], national, terms=Terms()).lines
                if line.fee is not None:
                    assert (line.rate, line.fee.amount) == (rate, values[column]), service.name
                else:
                    assert values[column] is None, service.name


# --- edits with dates


def test_a_pair_opens_closes_and_changes_its_indicator(tmp_path):
    old = [pair("11111", "22222"), pair("11111", "33333", 0), pair("11111", "44444"), pair("11111", "55555")]
    new = [
        pair("11111", "22222", valid_to=dt.date(2026, 6, 30)),
        pair("11111", "33333", 1),
        pair("11111", "44444", 0),
        pair("11111", "55555"),
        pair("11111", "66666", valid_from=NEW_DAY),
    ]
    diff = told(tmp_path, PTP, old, new)
    assert by_key(diff) == {
        "11111/66666": "added",
        "11111/22222": "ended",
        "11111/33333": "changed",
        "11111/44444": "changed",
    }
    assert (diff.counts.kinds["bypass_allowed"], diff.counts.kinds["bypass_refused"]) == (1, 1)
    (family,) = diff.families()
    assert (family.name, family.added, family.ended, family.changed) == ("10000-19999 integumentary", 1, 1, 2)
    assert [(one.name, one.total) for one in diff.by_code()] == [("11111", 4)]


def test_a_deletion_date_is_the_last_day_a_pair_is_open(tmp_path):
    ends = pair("11111", "22222", valid_to=NEW_DAY)
    assert by_key(told(tmp_path / "a", PTP, [pair("11111", "22222")], [ends])) == {"11111/22222": "changed"}
    ended = pair("11111", "22222", valid_to=NEW_DAY - dt.timedelta(days=1))
    assert by_key(told(tmp_path / "b", PTP, [pair("11111", "22222")], [ended])) == {"11111/22222": "ended"}


def test_the_end_that_closed_a_pair_is_told_with_its_row(tmp_path):
    ended = pair("11111", "22222", valid_to=dt.date(2025, 12, 31))
    (change,) = told(tmp_path, PTP, [pair("11111", "22222")], [pair("00001", "00002"), ended]).changes("closed")
    assert change.new.row == 3
    assert [(one.column, one.old, one.new) for one in change.differences] == [("valid_to", None, dt.date(2025, 12, 31))]


def test_history_that_ended_before_both_releases_is_no_change(tmp_path):
    ended = pair("11111", "22222", valid_to=dt.date(2020, 12, 31))
    assert by_key(told(tmp_path / "a", PTP, [ended], [])) == {}
    assert by_key(told(tmp_path / "b", PTP, [], [ended])) == {}


def test_a_pair_that_opened_and_closed_in_between_is_told_as_such(tmp_path):
    passing = pair("11111", "22222", valid_from=dt.date(2024, 10, 1), valid_to=dt.date(2024, 12, 31))
    diff = told(tmp_path, PTP, [], [passing])
    assert by_key(diff) == {"11111/22222": "between"}
    assert (diff.counts.old, diff.counts.new, diff.counts.between) == (0, 0, 1)


def test_a_pair_that_ended_once_and_opened_again_is_opened_with_its_old_row(tmp_path):
    ended = pair("11111", "22222", valid_to=dt.date(2010, 12, 31))
    diff = told(tmp_path, PTP, [ended], [ended, pair("11111", "22222", valid_from=dt.date(2025, 1, 1))])
    (change,) = diff.changes("opened")
    assert (change.old.row, change.new.row) == (2, 3)


def test_of_two_rows_in_force_the_one_that_ends_first_counts(tmp_path):
    twice = [pair("11111", "22222", 0), pair("11111", "22222", 1, valid_to=dt.date(2027, 1, 1))]
    diff = told(tmp_path, PTP, [pair("11111", "22222", 1)], twice)
    (change,) = diff.changes()
    assert (change.kinds, change.new.row) == (("end_changed",), 3)


def test_a_pair_deleted_as_never_in_force_is_closed_and_says_so(tmp_path):
    reason = "deleted on its own effective date (indicator 9, NCCI Policy Manual I.E): never in force"
    diff = told(tmp_path, PTP, [pair("11111", "22222")], [], new_rejects=[("11111/22222", reason)])
    (change,) = diff.changes("ended")
    assert "never was in force" in change.note
    part = told(
        tmp_path / "p", PTP, [pair("11111", "22222")], [], new_rejects=[("11111/22222", reason)], new_whole=False
    )
    assert (part.counts.ended, part.counts.untold_new) == (1, 0)


def test_a_release_without_a_span_is_asked_for_the_day_it_is_named_by(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    row = {"code": "N1", "text": "x", "alert": False, "valid_from": dt.date(2000, 1, 1), "valid_to": None}
    stops = {**row, "valid_to": dt.date(2026, 6, 1)}
    releases = [
        release(store, "rarc", name, [one], covers=(None, None))
        for name, one in (("2025-11-01", row), ("2026-05-31", stops), ("2026-07-01", stops))
    ]
    assert [change.kinds for change in compare(store, *releases[:2]).changes()] == [("end_changed",)]
    assert [change.what for change in compare(store, releases[0], releases[2]).changes()] == ["ended"]


def test_releases_in_parts_are_one_table_with_the_file_of_each_row(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    release(store, PTP, "2024Q3", [pair("11111", "22222")])
    release(store, PTP, "2026Q3", [pair("11111", "22222", 0)], part=1)
    release(store, PTP, "2026Q3", [pair("33333", "44444", valid_from=NEW_DAY)], part=2)
    old, new = store.releases()
    diff = compare(store, old, new)
    assert {change.what: change.new.citation.text for change in diff.changes()} == {
        "added": "2026Q3-f2.txt, row 2",
        "changed": "2026Q3-f1.txt, row 2",
    }
    assert [(one.name, one.total) for one in diff.by_code()] == [("11111", 1), ("33333", 1)]


def test_a_table_of_before_without_a_column_is_compared_by_the_others(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    old, new = release(store, MUE, "2024Q3", [limit("11111", 1)]), release(store, MUE, "2026Q3", [limit("11111", 2)])

    class OfBefore(BookStore):
        def table(self, release, *, texts_once=False):
            table = super().table(release, texts_once=texts_once)
            return table.drop_columns(["rationale"]) if release == old else table

    diff = compare(OfBefore(tmp_path, with_starter=False), old, new)
    assert diff.head.not_compared == (("rationale", "old"),)
    assert [change.kinds for change in diff.changes()] == [("limit_raised",)]


# --- what a part cannot tell


def test_what_an_excerpt_lacks_has_not_ended(tmp_path):
    diff = told(tmp_path, MUE, [limit("11111", 1), limit("22222", 1)], [limit("11111", 2)], new_whole=False)
    assert by_key(diff) == {"11111": "changed"}
    assert (diff.counts.ended, diff.counts.untold_new, diff.counts.untold_old) == (0, 1, 0)
    assert diff.head.notes == ("2026Q3 is a part of the release: it cannot tell of 1 that 2024Q3 lists.",)


def test_what_an_excerpt_of_before_lacks_was_not_added(tmp_path):
    diff = told(tmp_path, MUE, [limit("11111", 1)], [limit("11111", 1), limit("22222", 1)], old_whole=False)
    assert by_key(diff) == {}
    assert (diff.counts.added, diff.counts.untold_old) == (0, 1)


def test_a_row_that_was_rejected_on_loading_has_not_ended(tmp_path):
    diff = told(
        tmp_path, MUE, [limit("11111", 1), limit("22222", 1)], [], new_rejects=[("11111", "limit 'x' is no number")]
    )
    assert by_key(diff) == {"22222": "ended"}
    assert diff.counts.unreadable_new == 1
    assert diff.head.notes == ("1 stand in 2026Q3 in rows that were rejected on loading.",)


def test_a_rejected_copy_says_nothing_of_the_row_that_was_kept(tmp_path):
    diff = told(
        tmp_path, MUE, [limit("11111", 1)], [], new_rejects=[("11111", "an exact copy of row 2, which is kept")]
    )
    assert by_key(diff) == {"11111": "ended"}


def test_the_starter_tells_of_the_codes_it_lists(tmp_path):
    store = BookStore(tmp_path, with_starter=True)
    release(store, MUE, "2023Q3", [limit("J2001", 60), limit("64466", 1), limit("00000", 1)])
    releases = store.releases()
    diff = compare(store, find_release(releases, MUE, "2023Q3"), find_release(releases, MUE, "2026Q2"))
    assert [change.key["hcpcs"] for change in diff.changes("ended")] == ["J2001"]
    assert diff.counts.untold_new == 1
    assert diff.head.new.starter


# --- what is asked for


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["11111"], {"11111"}),
        (["111*"], {"11111", "11122"}),
        (["11112-11130", "99999"], {"11122"}),
        (["a9*"], {"A9999"}),
        (["00000"], set()),
    ],
)
def test_codes_narrow_what_is_compared(codes, found, tmp_path):
    rows = [limit(code, 1) for code in ("11111", "11122", "22222", "A9999")]
    diff = told(tmp_path, MUE, [], rows, codes=codes)
    assert set(by_key(diff)) == found
    assert diff.counts.new == len(found)


def test_codes_are_sought_in_both_columns_and_diagnoses_with_their_dot(tmp_path):
    diff = told(
        tmp_path / "a",
        PTP,
        [],
        [pair("11111", "22222"), pair("33333", "11111"), pair("33333", "22222")],
        codes=["11111"],
    )
    assert set(by_key(diff)) == {"11111/22222", "33333/11111"}
    notes = [
        {"icd10cm": "M5450", "kind": "side", "first": "left"},
        {"icd10cm": "M546", "kind": "side", "first": "left"},
    ]
    assert told(tmp_path / "b", "icd10cm-notes", [], notes, codes=["m54.50"]).counts.added == 1


@pytest.mark.parametrize("code", ["", "11111;", "*", "11111-", "1" * 30])
def test_text_that_is_no_code_is_refused(code, tmp_path):
    with pytest.raises(InputError, match="write a code"):
        told(tmp_path, MUE, [], [], codes=[code])


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do(tmp_path):
    diff = told(tmp_path, MUE, [], [])
    with pytest.raises(UnknownName, match=r"'priced' is no kind .* limit_lowered, limit_raised"):
        list(diff.changes("priced"))


def test_releases_are_found_by_name_and_by_day(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    old, new = (release(store, MUE, name, []) for name in ("2024Q3", "2026Q2"))
    releases = store.releases()
    assert find_release(releases, MUE, "2024q3") == old
    assert find_release(releases, MUE, "2026-04-01") == new
    with pytest.raises(UnknownName, match=r"no release '2025Q1' of ncci-mue-practitioner. It holds 2024Q3, 2026Q2"):
        find_release(releases, MUE, "2025Q1")
    with pytest.raises(UnknownName, match=r"No release of ncci-mue-practitioner in the book covers 2025-01-01"):
        find_release(releases, MUE, "2025-01-01")
    with pytest.raises(UnknownName, match=r"Did you mean ncci-mue-practitioner\?"):
        find_release(releases, "ncci-mue-practitoner", "2024Q3")


def test_a_release_named_by_a_day_is_found_by_its_name_first(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    named = release(store, "rarc", "2026-05-31", [], covers=(None, None))
    release(store, "rarc", "2025-01-01", [], covers=(dt.date(2025, 1, 1), None))
    assert find_release(store.releases(), "rarc", "2026-05-31") == named


def test_the_same_release_twice_and_two_sources_are_refused(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    one = release(store, MUE, "2024Q3", [])
    with pytest.raises(InputError, match="was named twice"):
        compare(store, one, one)
    with pytest.raises(InputError, match="are two sources"):
        compare(store, one, release(store, PTP, "2026Q3", []))


def test_releases_in_the_wrong_order_are_compared_and_it_is_said(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    old, new = release(store, MUE, "2024Q3", [limit("11111", 1)]), release(store, MUE, "2026Q2", [limit("11111", 2)])
    diff = compare(store, new, old)
    assert diff.counts.kinds["limit_lowered"] == 1
    assert diff.head.notes == ("2024Q3 is the earlier release: what it lacks came later.",)


def test_every_source_with_another_release_on_the_second_day_is_compared(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    release(store, MUE, "2024Q3", [limit("11111", 1)])
    release(store, MUE, "2026Q3", [limit("11111", 2)])
    release(store, PTP, "2026Q3", [])
    release(store, "pos", "undated", [{"pos": "11"}], covers=(None, None))
    told_of = between_days(store, OLD_DAY, NEW_DAY)
    assert [(one.head.source, one.counts.changed) for one in told_of.diffs] == [(MUE, 1)]
    assert (told_of.same, told_of.not_covered) == (("pos",), (PTP,))


def test_the_python_door_compares_releases_of_the_book_it_has_open(tmp_path):
    store = BookStore(tmp_path, with_starter=False)
    release(store, MUE, "2024Q3", [limit("11111", 1)])
    release(store, MUE, "2026Q3", [limit("11111", 2)])
    book = cleanclaim.Book.open(tmp_path, with_starter=False)
    assert book.diff(MUE, "2024Q3", NEW_DAY, codes="11111").counts.changed == 1
    assert book.diff(MUE, OLD_DAY, NEW_DAY, codes=["22222"]).counts.changed == 0


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("00100", "00000-09999 anesthesia"),
        ("43214", "40000-49999 digestive"),
        ("99213", "90000-99999 medicine, evaluation and management"),
        ("0213T", "0001T-0999T Category III"),
        ("0001U", "0001U-0999U proprietary laboratory analyses"),
        ("4324F", "0001F-9999F Category II"),
        ("0001M", "other codes of four digits and a letter"),
        ("G0330", "A0000-V9999 HCPCS Level II"),
        ("TC", "other"),
    ],
)
def test_a_code_belongs_to_the_family_of_its_range(code, family):
    assert family_of(code) == family


def test_the_page_names_the_kinds_that_there_are():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "compare-releases.md").read_text(encoding="utf-8")
    sources = [source for module in table_modules() for source in module.SOURCES]
    told_of = {
        source: {kind.name for kind in describe(source).all_kinds}
        for pattern, _ in re.findall(r"^\| `([a-z0-9*-]+)` \| (`.*`) \|$", page, re.MULTILINE)
        for source in fnmatch.filter(sources, pattern)
    }
    named = {
        source: set(re.findall(r"`([a-z_]+)`", kinds))
        for pattern, kinds in re.findall(r"^\| `([a-z0-9*-]+)` \| (`.*`) \|$", page, re.MULTILINE)
        for source in fnmatch.filter(sources, pattern)
    }
    assert {"mpfs-rvu", PTP, MUE, "ncci-mue-dme", "hcpcs"} <= named.keys()
    assert named == told_of


# --- an oracle: slow, obvious, from what the docstrings promise

SPANS = {"2024Q3": (OLD_DAY, dt.date(2024, 9, 30)), "2026Q3": (NEW_DAY, dt.date(2026, 9, 30))}
DAYS = [None, *(dt.date(year, month, 1) for year in (2020, 2024, 2025, 2026, 2027) for month in (1, 7, 9))]
CODES = st.sampled_from(["11111", "22222", "33333"])
ROWS = st.lists(
    st.tuples(CODES, CODES, st.sampled_from([0, 1]), st.sampled_from(DAYS), st.sampled_from(DAYS)), max_size=9
)


def in_force(rows, name):
    """The row that counts of each pair in force: the one with the earliest end, of several the first."""
    first, last = SPANS[name]
    found = {}
    for row in rows:
        begins, ends = row["valid_from"], row["valid_to"]
        if (begins is None or begins <= last) and (ends is None or ends >= first):
            found.setdefault((row["column_one"], row["column_two"]), []).append(row)
    return {key: min(of, key=lambda row: row["valid_to"] or dt.date.max) for key, of in found.items()}


def expected(old, new, *, old_whole, new_whole):
    before, after = in_force(old, "2024Q3"), in_force(new, "2026Q3")
    listed = [{(row["column_one"], row["column_two"]) for row in rows} for rows in (old, new)]
    unsaid = {
        column
        for column in ("valid_from",)
        if old and new and len({any(row[column] for row in rows) for rows in (old, new)}) > 1
    }
    found = {}
    for key in {*before, *after}:
        if key not in before:
            if old_whole or key in listed[0]:
                found[key] = "added"
        elif key not in after:
            if new_whole or key in listed[1]:
                found[key] = "ended"
        elif any(
            before[key][column] != after[key][column]
            for column in ("modifier_indicator", "valid_from", "valid_to")
            if column not in unsaid
        ):
            found[key] = "changed"
    for row in new:
        key = (row["column_one"], row["column_two"])
        begins, ends = row["valid_from"], row["valid_to"]
        passed = begins and ends and begins > SPANS["2024Q3"][1] and ends < SPANS["2026Q3"][0]
        if passed and key not in before and key not in after:
            found[key] = "between"
    return found


@settings(max_examples=80)
@given(old=ROWS, new=ROWS, old_whole=st.booleans(), new_whole=st.booleans())
def test_pairs_change_as_the_oracle_says(old, new, old_whole, new_whole, tmp_path_factory):
    rows = [[pair(*row) for row in rows] for rows in (old, new)]
    diff = told(tmp_path_factory.mktemp("book"), PTP, *rows, old_whole=old_whole, new_whole=new_whole)
    found = {tuple(change.key.values()): change.what for change in diff.changes()}
    assert found == expected(*rows, old_whole=old_whole, new_whole=new_whole)
    counts = diff.counts
    assert counts.old == counts.ended + counts.changed + counts.unchanged + counts.untold_new
    assert counts.new == counts.added + counts.changed + counts.unchanged + counts.untold_old
    assert sum(one.total for one in diff.families()) == len(found)
    for change in diff.changes("changed"):
        assert change.differences
        assert all(one.old != one.new for one in change.differences)
