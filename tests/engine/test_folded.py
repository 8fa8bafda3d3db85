"""Dollars of very many providers are kept in arrays: added up they are what they are in records."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.engine import totals as module
from cleanclaim.engine.folded import Folded, folded
from cleanclaim.engine.stream.tally import Tally
from cleanclaim.engine.totals import Sums

KEYS = st.one_of(
    st.tuples(
        st.just("by_provider"), st.sampled_from(["1234567893", "1098765432", "0000000017", "", "no NPI", "\u0661" * 10])
    ),
    st.sampled_from([("of_all", ""), ("by_rule", "PTP001"), ("by_code", "1234567893")]),
)
DOLLARS = st.sampled_from([Decimal(text) for text in ("0", "0.00", "12.3", "1029.06", "0.005", "-3.10", "1E+20", "7")])
COUNTS = st.integers(0, 3)
ROWS = st.tuples(COUNTS, COUNTS, DOLLARS, DOLLARS, COUNTS, COUNTS).map(lambda row: [*row, ""])
PARTS = st.lists(st.dictionaries(KEYS, ROWS, max_size=6), max_size=5)


def added_up(parts: list[dict[tuple[str, str], list[object]]]) -> Sums:
    sums = Sums()
    for rows in parts:
        sums.add(Sums({key: list(row) for key, row in rows.items()}, {"national": 1}))
    return sums


@pytest.fixture(autouse=True)
def _few() -> Iterator[None]:
    """Two rows are too many, so that nearly all are folded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_ROWS", 1)
        yield


@given(PARTS)
def test_totals_are_those_of_sums_that_are_not_folded(parts):
    made = added_up(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_ROWS", 1 << 15)
        plain = added_up(parts)
    assert made.totals() == plain.totals()
    assert dict(made.all_rows()) == dict(plain.all_rows())


@given(PARTS, PARTS)
def test_folded_sums_are_added_to_others_and_kept_in_a_file(first, second):
    both = added_up(first)
    both.add(added_up(second))
    assert both.totals() == added_up([*first, *second]).totals()
    assert Tally.of_plain(Tally(sums=both).plain()).sums.totals() == both.totals()


def test_providers_are_no_records_any_more():
    npis = [f"{npi}" for npi in range(1_000_000_000, 1_000_000_050)]
    made = added_up([{("by_provider", npi): [1, 2, Decimal("3.45"), Decimal(0), 0, 1, ""] for npi in npis}] * 2)
    assert made.rows == {}
    assert sorted(total.key for total in made.totals().by_provider) == npis
    assert [npi for (_, npi), _ in made.all_rows()] == npis
    assert {tuple(row) for _, row in made.all_rows()} == {(2, 4, Decimal("6.90"), Decimal(0), 0, 2, "")}


@pytest.mark.parametrize(
    ("key", "billed"),
    [
        ("", "1"),
        ("123456789", "1"),
        ("12345678931", "1"),
        ("\u0661" * 10, "1"),
        ("1234567893", "0.001"),
        ("1234567893", "1E+20"),
    ],
)
def test_a_row_that_is_not_of_an_npi_or_not_in_cents_is_kept_as_it_is(key, billed):
    assert folded(key, [1, 1, Decimal(billed), Decimal(0), 0, 1, ""]) is None


def test_nothing_is_folded_into_nothing():
    made = Folded()
    made.add({})
    assert list(made) == []
