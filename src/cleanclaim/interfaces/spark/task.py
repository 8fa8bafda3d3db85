"""What runs in a Spark task: rows in, in order of patient and claim; rows of the report out.

Nothing here imports pyspark but to find the book.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.table_columns import arrays
from cleanclaim.claims.readers.table_columns.column import Ids
from cleanclaim.claims.readers.table_columns.groups import Rows
from cleanclaim.claims.readers.table_columns.parquet import columns_of
from cleanclaim.claims.readers.table_columns.part import part_of
from cleanclaim.claims.readers.table_columns.records import Placed
from cleanclaim.claims.readers.tabular import arrow_rows, is_nested, read_rows
from cleanclaim.claims.readers.x12_columns.parts import Part
from cleanclaim.engine.history_files import as_history
from cleanclaim.engine.stream.checking import Checker, Checking
from cleanclaim.interfaces.spark.book import Checks
from cleanclaim.render.row_columns import SCHEMA, table
from cleanclaim.types import Date, Reject, Report

GROUP: Final = "_cleanclaim_group"
"""Rows that are alike in it must meet: those of a patient, or those of a claim without one."""
CLAIM: Final = "_cleanclaim_claim"
"""Which claim a row is of."""
FILE: Final = "_cleanclaim_file"
"""What findings call the input."""
ROW: Final = "_cleanclaim_row"
"""The row's number in it; null where there is no telling."""
HISTORY: Final = "_cleanclaim_history"
"""The row is of a claim sent before, which is looked at and not reported."""
OWN: Final = (GROUP, CLAIM, FILE, ROW, HISTORY)
ROWS_AT_ONCE: Final = 20_000
"""A task checks about so many rows at a time, and never less than all rows of a patient."""


@dataclass(frozen=True, eq=False)
class Task:
    """What is done with the rows of a partition."""

    checks: Checks
    known_on: Date | None
    with_history: bool
    rows_at_once: int = ROWS_AT_ONCE

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Record batches of the report, for batches of rows in order of group, claim and place."""
        schema = pa.schema([field.remove_metadata() for field in SCHEMA])
        checker = self._checker()
        for piece in _pieces(batches, self.rows_at_once):
            yield from table(_report(piece, checker)).cast(schema).to_batches()

    def _checker(self) -> Checker:
        """The checker of this check. Spark gives one process task after task: what it has learned it knows in all."""
        key = hashlib.sha256(pickle.dumps((self.checks, self.known_on, self.with_history))).digest()
        if key not in _CHECKERS:
            made = Checker(self.checks.open(), self.checks.rules(), self.known_on, self.with_history)
            _CHECKERS.clear()
            _CHECKERS[key] = made
        return _CHECKERS[key]


_CHECKERS: Final[dict[bytes, Checker]] = {}
"""The one that this process had last."""


def _pieces(batches: Iterable[pa.RecordBatch], rows_at_once: int) -> Iterator[pa.Table]:
    """The rows in tables of ``rows_at_once`` or more, cut only between groups, as soon as it may be."""
    held: list[pa.RecordBatch] = []
    many = 0
    for batch in batches:
        held.append(_in_utc(batch))
        many += batch.num_rows
        if many <= rows_at_once:
            continue
        rows = pa.Table.from_batches(held)
        begins = _changes(_coded(rows, GROUP)[1])
        done = 0
        while (at := int(np.searchsorted(begins, done + rows_at_once))) < len(begins):
            yield rows.slice(done, int(begins[at]) - done)
            done = int(begins[at])
        held, many = rows.slice(done).to_batches(), many - done
    if many:
        yield pa.Table.from_batches(held)


def _report(piece: pa.Table, checker: Checker) -> Report:
    """What is found of the claims of a piece. Book and notes are of the whole report, and said once."""
    earlier = pc.equal(piece.column(HISTORY), True)
    before, now = _part(piece.filter(earlier)), _part(piece.filter(pc.invert(earlier)))
    checking = Checking(checker, history=list(enumerate(before.table.claims())))
    checking.check(range(len(now.table)), now.table)
    results = sorted(zip(checking.results.places, checking.results, strict=True), key=itemgetter(0))
    findings, _ = checking.found()
    return Report(
        book=(),
        claims=tuple(result for _, result in results),
        findings=tuple(finding for _, finding in findings),
        rejects=(*map(as_history, before.rejects), *now.rejects),
        lines=checking.tally.lines,
    )


def _part(rows: pa.Table) -> Part:
    """The claims of some rows, and the rejects among them."""
    values = rows.drop_columns(list(OWN))
    if not rows.num_rows or is_nested(values.column_names):
        return Part.of(_read_slowly(rows))
    _, of_claim = _coded(rows, CLAIM)
    begins = np.append(0, _changes(of_claim))  # the rows of a claim stand together
    within = np.arange(len(of_claim)) - np.repeat(begins, np.diff(begins, append=len(of_claim))) + 1
    number = arrays.filled(rows.column(ROW).combine_chunks())
    distinct, called = np.unique(np.where(number < 0, -within, number), return_inverse=True)
    places = [_place(None, -number) if number < 0 else _place(number, 0) for number in distinct.tolist()]
    placed = Placed((places, called.astype(np.int32)), _coded(rows, FILE), claims=of_claim + np.int32(1))
    return part_of(columns_of(values), placed, lambda some: _read_slowly(rows.take(arrays.numbers(some))))


def _read_slowly(rows: pa.Table) -> list[Claim | Reject]:
    """The claims of some rows or the rejects that stand for them, one by one."""
    found: list[Claim | Reject] = []
    for _, rows_of_claim in groupby(arrow_rows(rows), key=itemgetter(CLAIM)):
        own = list(rows_of_claim)
        file = own[0][FILE]
        places = [_place(row[ROW], number) for number, row in enumerate(own, 1)]
        for row in own:
            for name in OWN:
                del row[name]
        found += read_rows(zip(places, own, strict=True), file)
    return found


def _place(row: int | None, number: int) -> str:
    return f"row {number} of its claim" if row is None else f"row {row}"


def _coded(rows: pa.Table, name: str) -> tuple[list[str], Ids]:
    """The distinct texts of a column without nulls, and which of them stands in each row."""
    coded = rows.column(name).combine_chunks().dictionary_encode()
    return coded.dictionary.to_pylist(), arrays.filled(coded.indices).astype(np.int32)


def _changes(numbers: Ids) -> Rows:
    """The rows at which another number stands than in the row before."""
    return np.flatnonzero(numbers[1:] != numbers[:-1]) + 1


def _in_utc(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same with moments inside of lists and records as UTC, in which the reader of a file has them."""
    schema = pa.schema([pa.field(field.name, _utc(field.type)) for field in batch.schema])
    return batch if schema.types == batch.schema.types else batch.cast(schema)


def _utc(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return kind if kind.tz is None else pa.timestamp(kind.unit, "UTC")
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_utc(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_utc(field.type)) for field in kind])
    return kind
