"""May two procedures be billed together: one answer, whichever is named first, and never "no edit" for want of data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import DAY, released

from cleanclaim.engine.pair import PairAnswer, PairVerdict, pair
from cleanclaim.errors import InputError
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Setting

VISIT = "99213"


def edit(one: str = "11111", two: str = "22222", indicator: int = 0, **values: Any) -> dict[str, Any]:
    return {"column_one": one, "column_two": two, "modifier_indicator": indicator, **values}


def ask(*rows: dict[str, Any], codes: tuple[str, str] = ("11111", "22222"), **asked: Any) -> PairAnswer:
    return pair(book_from({"ptp": list(rows)}), *codes, asked.pop("date", DAY), **asked)


def test_an_edit_with_indicator_0_bundles_and_no_modifier_changes_that():
    answer = ask(edit(), modifiers_b=("59",))
    assert answer.verdict is PairVerdict.BUNDLED
    assert (answer.column_one, answer.column_two, answer.modifier_indicator) == ("11111", "22222", 0)
    assert "no modifier changes that" in answer.explanation


def test_an_edit_with_indicator_1_bundles_unless_distinct():
    answer = ask(edit(indicator=1))
    assert answer.verdict is PairVerdict.BUNDLED_UNLESS_DISTINCT
    assert "unless the services are distinct" in answer.explanation


@pytest.mark.parametrize("codes", [("11111", "22222"), ("22222", "11111")])
@pytest.mark.parametrize("indicator", [0, 1])
def test_whichever_is_named_first_column_one_is_the_publishers(codes, indicator):
    answer = ask(edit(indicator=indicator), codes=codes)
    assert (answer.column_one, answer.column_two) == ("11111", "22222")


@pytest.mark.parametrize(
    ("modifiers_a", "modifiers_b", "verdict", "word"),
    [
        ((), ("59",), PairVerdict.BYPASSED, "must show"),
        (("XU",), (), PairVerdict.BYPASSED, "must show"),
        (("LT",), ("RT",), PairVerdict.BYPASSED, "must show"),
        (("LT",), ("LT",), PairVerdict.BUNDLED_UNLESS_DISTINCT, "same site"),
        ((), ("25",), PairVerdict.BUNDLED_UNLESS_DISTINCT, "does not fit"),
        ((), ("76",), PairVerdict.BUNDLED_UNLESS_DISTINCT, "may bypass"),
        ((), ("22",), PairVerdict.BUNDLED_UNLESS_DISTINCT, "may bypass"),
    ],
)
def test_modifiers_bypass_only_where_they_fit(modifiers_a, modifiers_b, verdict, word):
    answer = ask(edit(indicator=1), modifiers_a=modifiers_a, modifiers_b=modifiers_b)
    assert answer.verdict is verdict
    assert word in answer.explanation


def test_modifiers_go_with_their_code_whichever_column_it_is():
    """25 fits the visit and not the procedure, in whatever order the two are named."""
    rows = (edit("11111", VISIT, indicator=1),)
    for codes, fitting in ((("11111", VISIT), "modifiers_b"), ((VISIT, "11111"), "modifiers_a")):
        assert ask(*rows, codes=codes, **{fitting: ("25",)}).verdict is PairVerdict.BYPASSED
        other = "modifiers_a" if fitting == "modifiers_b" else "modifiers_b"
        assert ask(*rows, codes=codes, **{other: ("25",)}).verdict is PairVerdict.BUNDLED_UNLESS_DISTINCT


def test_modifiers_and_codes_are_read_in_small_letters_and_with_blanks():
    answer = ask(edit("J1111", "22222", indicator=1), codes=(" j1111 ", "22222"), modifiers_b=(" xu ",))
    assert answer.verdict is PairVerdict.BYPASSED


def test_no_edit_says_which_release_has_none_and_that_absence_is_no_permission():
    answer = ask(edit("11111", "33333"), edit("22222", "33333"))
    assert answer.verdict is PairVerdict.NO_EDIT
    assert "ncci-ptp-practitioner 2026Q3 has no edit" in answer.explanation
    assert "does not mean that both may be paid" in answer.explanation
    assert answer.modifier_indicator is None
    assert (answer.citations[0].source, answer.citations[0].locator) == ("ncci-ptp-practitioner", "11111/22222")


@pytest.mark.parametrize("codes", [("11111", "99999"), ("99999", "11111"), ("88888", "99999")])
def test_a_code_nobody_lists_is_not_checked_and_never_no_edit(codes):
    answer = ask(edit(), codes=codes)
    assert answer.verdict is PairVerdict.NOT_CHECKED
    assert (answer.column_one, answer.column_two) == codes
    assert "No loaded release of the practitioner edits speaks for both" in answer.explanation
    assert "cleanclaim data" in answer.explanation
    assert answer.citations == ()
    assert answer.covers_to is None


def test_without_a_table_nothing_is_checked():
    assert pair(book_from({}), "11111", "22222", DAY).verdict is PairVerdict.NOT_CHECKED


def test_an_edit_binds_from_its_first_day_to_its_deletion_day_both_included():
    begin, end = dt.date(2020, 1, 1), dt.date(2024, 6, 30)
    row = edit(valid_from=begin, valid_to=end)
    day = dt.timedelta(days=1)
    verdicts = [ask(row, date=date).verdict for date in (begin - day, begin, end, end + day)]
    assert verdicts == [PairVerdict.NO_EDIT, PairVerdict.BUNDLED, PairVerdict.BUNDLED, PairVerdict.NO_EDIT]
    answer = ask(row, date=end)
    assert (answer.valid_from, answer.valid_to) == (begin, end)


def test_an_answer_from_another_quarter_is_stale_and_says_what_it_covers():
    row = edit(release=released("2024Q3"))
    answer = ask(row, date=dt.date(2026, 7, 1))
    assert answer.stale
    assert answer.covers_to == dt.date(2024, 9, 30)
    assert "covers 2024-07-01 to 2024-09-30" in answer.explanation
    assert not ask(row, date=dt.date(2024, 9, 30)).stale


def test_no_edit_is_stale_when_one_of_the_two_orders_was_answered_by_an_older_release():
    part = released("2026Q3", whole=False)
    rows = [
        edit("11111", "44444", release=part),
        edit("22222", "44444", release=part),
        edit("11111", "22222", valid_to=dt.date(2020, 1, 1), release=released("2026Q2")),
    ]
    assert not ask(*rows).stale
    rows[1] = edit("33333", "22222", release=part)
    answer = ask(*rows)
    assert answer.verdict is PairVerdict.NO_EDIT
    assert answer.stale


def test_what_was_not_yet_published_is_not_used():
    row = edit(release=released("2026Q3", published=dt.date(2026, 6, 1)))
    assert ask(row, known_on=dt.date(2026, 5, 31)).verdict is PairVerdict.NOT_CHECKED
    assert ask(row, known_on=dt.date(2026, 6, 1)).verdict is PairVerdict.BUNDLED


def test_where_both_orders_have_an_edit_the_one_no_modifier_bypasses_decides():
    rows = (edit(indicator=1), edit("22222", "11111", indicator=0))
    answer = ask(*rows, modifiers_b=("59",))
    assert answer.verdict is PairVerdict.BUNDLED
    assert answer.column_one == "22222"


def test_where_both_orders_can_be_bypassed_both_must_be():
    """LT on one of the two lines says less of the one order than of the other; neither may be forgotten."""
    rows = (edit(indicator=1), edit("22222", "11111", indicator=1))
    for named in ({"modifiers_a": ("LT",)}, {"modifiers_b": ("LT",)}):
        alone = {ask(row, **named).verdict for row in rows}
        worst = PairVerdict.BYPASSED if alone == {PairVerdict.BYPASSED} else PairVerdict.BUNDLED_UNLESS_DISTINCT
        assert ask(*rows, **named).verdict is worst


def test_each_setting_has_its_own_edits():
    book = book_from({"ptp": [edit()], "ptp_outpatient": [edit("33333", "44444")]})
    assert pair(book, "11111", "22222", DAY).verdict is PairVerdict.BUNDLED
    assert pair(book, "11111", "22222", DAY, setting=Setting.OUTPATIENT).verdict is PairVerdict.NO_EDIT
    assert pair(book, "33333", "44444", DAY, setting=Setting.OUTPATIENT).verdict is PairVerdict.BUNDLED
    alone = book_from({"ptp": [edit()]})
    assert pair(alone, "11111", "22222", DAY, setting=Setting.OUTPATIENT).verdict is PairVerdict.NOT_CHECKED


def test_the_row_found_is_cited_first_with_its_file_and_line():
    cited = ask(edit()).citations[0]
    assert cited.locator == "11111/22222"
    assert cited.text.startswith("ncci-ptp-practitioner.csv, row 2: Column One 11111, Column Two 22222")


IMAGING = [
    {"hcpcs": "11111", "state": "included", "modality": "fluoroscopy"},
    {"hcpcs": "33333", "state": "without", "partner": "44444"},
    {"hcpcs": "22222", "state": "guidance"},
]


@pytest.mark.parametrize(
    ("code", "state", "words"),
    [("11111", "included", "is included in 11111"), ("33333", "without", "44444 is reported instead")],
)
def test_beside_an_imaging_code_the_answer_says_how_the_procedure_stands_to_imaging(code, state, words):
    book = book_from({"ptp": [edit(code, "22222", indicator=1)], "imaging": IMAGING})
    answer = pair(book, code, "22222", DAY)
    assert answer.imaging == state
    assert words in answer.explanation
    assert any(cited.source == "imaging-guidance" for cited in answer.citations)


def test_beside_another_procedure_nothing_is_said_of_imaging():
    book = book_from({"ptp": [edit("11111", "33333")], "imaging": IMAGING})
    answer = pair(book, "11111", "33333", DAY)
    assert answer.imaging == ""
    assert "maging" not in answer.explanation


@pytest.mark.parametrize(
    "text", ["", "1234", "123456", "ABCDE", "43214;", "K22.2", "4321O", " ", "\uff14\uff13\uff12\uff11\uff14"]
)
def test_what_cannot_be_a_procedure_code_is_refused(text):
    for codes in ((text, "22222"), ("22222", text)):
        with pytest.raises(InputError, match="is no procedure code: expected five characters"):
            ask(edit(), codes=codes)


def test_one_code_twice_is_no_pair():
    with pytest.raises(InputError, match="two different codes"):
        ask(edit(), codes=("11111", "11111"))


@pytest.mark.parametrize("modifier", ["5", "599", "", "5 9", "59,LT", "é1"])
def test_what_cannot_be_a_modifier_is_refused_and_not_passed_over(modifier):
    for name in ("modifiers_a", "modifiers_b"):
        with pytest.raises(InputError, match="is no modifier"):
            ask(edit(indicator=1), **{name: (modifier,)})


@pytest.mark.parametrize("setting", [Setting.DME, Setting.NONE])
def test_a_setting_without_pair_edits_is_refused(setting):
    with pytest.raises(InputError, match="choose practitioner or outpatient"):
        ask(edit(), setting=setting)


codes = st.sampled_from(["11111", "22222", "33333", "99999"])
days = st.none() | st.sampled_from([DAY - dt.timedelta(days=400), DAY - dt.timedelta(days=1), DAY, dt.date(2027, 1, 1)])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(codes, codes, st.integers(0, 1), days, days), max_size=6),
    codes,
    codes,
    st.lists(st.sampled_from(["59", "25", "LT"]), max_size=1),
)
def test_the_order_in_which_the_codes_are_named_changes_nothing(rows, one, two, modifiers):
    if one == two:
        return
    made = [
        edit(first, second, indicator, valid_from=begin, valid_to=end) for first, second, indicator, begin, end in rows
    ]
    book = book_from({"ptp": made})
    straight = pair(book, one, two, DAY, modifiers_a=tuple(modifiers))
    turned = pair(book, two, one, DAY, modifiers_b=tuple(modifiers))
    assert straight.verdict is turned.verdict
    assert straight.modifier_indicator == turned.modifier_indicator
    assert straight.stale == turned.stale


def test_a_visit_is_told_the_modifier_that_fits_a_visit():
    rows = (edit("11111", VISIT, indicator=1),)
    for bears in ({}, {"modifiers_b": ("59",)}):
        answer = ask(*rows, codes=("11111", VISIT), **bears)
        assert answer.verdict is PairVerdict.BUNDLED_UNLESS_DISTINCT
        assert f"add 25 to {VISIT}" in answer.explanation
        assert "59" not in answer.explanation
    book = book_from({"ptp": list(rows), "mpfs": [{"hcpcs": "11111", "global_days": "090"}]})
    assert f"add 57 to {VISIT}" in pair(book, "11111", VISIT, DAY).explanation


def test_59_on_the_procedure_leaves_the_visit_in_need_of_its_own():
    answer = ask(edit("11111", VISIT, indicator=1), codes=("11111", VISIT), modifiers_a=("59",))
    assert answer.verdict is PairVerdict.BYPASSED
    assert "bears none of its own (24, 25 or 57)" in answer.explanation


def test_77427_never_bears_59():
    answer = ask(edit("11111", "77427", indicator=1), codes=("11111", "77427"), modifiers_b=("59",))
    assert answer.verdict is PairVerdict.BUNDLED_UNLESS_DISTINCT
