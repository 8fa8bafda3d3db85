"""What runs in a Spark task, without Spark: rows are cut between patients only, whatever the sizes."""

from __future__ import annotations

import pyarrow as pa
import pytest
from bench.row import claims_of
from hypothesis import given, settings
from hypothesis import strategies as st
from warehouse import rows_of, same

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'cleanclaim[spark]'")
from cleanclaim.errors import BookError
from cleanclaim.interfaces.spark import task
from cleanclaim.interfaces.spark.book import Checks, digest, software


@pytest.fixture(scope="module")
def checks(starter_book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    releases = digest(starter_book.releases)
    return Checks("", str(folder), True, releases, software(), starter_book.policies, None)


@pytest.fixture(scope="module")
def laid(starter_book):
    """Rows as Spark brings them to a task: patient by patient."""
    from bench.claims837 import claims_file

    rows = rows_of(claims_of(claims_file(starter_book, 40)))
    for number, row in enumerate(rows, 1):
        row |= {task.GROUP: row["patient_id"], task.CLAIM: row["claim_id"], task.FILE: "claims"}
        row |= {task.ROW: number, task.HISTORY: False}
    return pa.Table.from_pylist(sorted(rows, key=lambda row: (row[task.GROUP], row[task.ROW])))


def report(checks, laid, rows_at_once, batch):
    batches = task.Task(checks, None, False, rows_at_once)(iter(laid.to_batches(max_chunksize=batch)))
    return [row for made in batches for row in made.to_pylist()]


def test_pieces_of_any_size_make_the_same_report(checks, laid):
    whole = same(report(checks, laid, 10**9, 10**9))

    @settings(max_examples=12)
    @given(st.integers(1, 200), st.integers(1, 200))
    def held(rows_at_once, batch):
        assert same(report(checks, laid, rows_at_once, batch)) == whole

    held()


def test_a_piece_ends_between_patients_and_is_no_larger_than_it_must(laid):
    pieces = [piece.to_pylist() for piece in task._pieces(laid.to_batches(max_chunksize=7), 5)]
    groups = [{row[task.GROUP] for row in piece} for piece in pieces]
    assert sum(len(some) for some in groups) == len(set().union(*groups))
    assert all(len([row for row in piece if row[task.GROUP] != piece[-1][task.GROUP]]) < 5 for piece in pieces)
    assert [row for piece in pieces for row in piece] == laid.to_pylist()


def test_no_rows_make_no_report(checks, laid):
    assert report(checks, laid.slice(0, 0), 5, 5) == []


def test_claims_sent_before_are_reported_by_nobody(checks, laid):
    earlier = laid.set_column(laid.schema.get_field_index(task.HISTORY), task.HISTORY, pa.array([True] * len(laid)))
    batches = task.Task(checks, None, True, 5)(iter(earlier.to_batches()))
    assert not [row for made in batches for row in made.to_pylist()]


def test_what_one_task_has_learned_changes_nothing_in_the_next(checks, laid):
    first, *others = (same(report(checks, laid, 50, 50)) for _ in range(3))
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"releases": "x"}, "this executor's book is not the driver's"),
        ({"software": "x"}, "An executor runs cleanclaim"),
    ],
)
def test_a_task_with_another_book_or_version_ends_before_it_says_anything(checks, laid, other, said):
    from dataclasses import replace

    with pytest.raises(BookError, match=said):
        report(replace(checks, **other), laid, 5, 5)
