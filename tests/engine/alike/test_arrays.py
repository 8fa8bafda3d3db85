"""Numbers of rows: the same for equal rows in whatever table, and for no others, whatever their hashes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.engine.alike import arrays
from cleanclaim.engine.alike.arrays import Rows

Row = tuple[int, int, int]

ROWS = st.lists(st.tuples(*(st.sampled_from((-(1 << 31), -1, 0, 1, (1 << 31) - 1)),) * 3), min_size=1, max_size=40)


def numbered(rows: Rows, tables: list[list[Row]]) -> dict[int, set[Row]]:
    """By each number the rows of some tables that were given it."""
    found: dict[int, set[Row]] = {}
    for table in tables:
        for row, number in zip(table, rows.of(list(np.array(table, np.int64).T)).tolist(), strict=True):
            found.setdefault(number, set()).add(row)
    return found


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_equal_rows_and_no_others_share_a_number(tables: list[list[Row]]) -> None:
    found = numbered(Rows(), tables)
    assert sorted(found) == list(range(len({row for table in tables for row in table})))
    assert all(len(rows) == 1 for rows in found.values())


def test_rows_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "_FACTORS", np.zeros_like(arrays._FACTORS))
    tables = [[(0, 0, at) for at in range(30)], [(0, 0, at) for at in range(20, 50)]]
    assert numbered(Rows(), tables) == {at: {(0, 0, at)} for at in range(50)}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 2), max_size=4)), min_size=1, max_size=30))
def test_equal_sequences_after_equal_heads_and_no_others_share_a_number(given: list[tuple[int, list[int]]]) -> None:
    heads = np.array([head for head, _ in given])
    entries = np.array([entry for _, sequence in given for entry in sequence] or [0])
    count = np.array([len(sequence) for _, sequence in given])
    numbers = Rows().followed(heads, entries, np.cumsum(count) - count, count).tolist()
    for one, number in zip(given, numbers, strict=True):
        for other, another in zip(given, numbers, strict=True):
            assert (one == other) == (number == another)
