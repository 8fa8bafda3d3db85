"""What runs in a Spark task: rows in, in order of patient and claim; rows of the report out.

Nothing here imports pyspark but to find the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import pyarrow as pa

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.tabular import arrow_rows, read_rows
from cleanclaim.engine.history_files import as_history
from cleanclaim.engine.run import check_claims
from cleanclaim.index.lookup import OpenBook
from cleanclaim.interfaces.spark.book import Checks
from cleanclaim.render.row_columns import SCHEMA, table
from cleanclaim.rules.model import LoadedRule
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

_Row = dict[str, Any]


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
        rules = self.checks.rules()
        for piece in _pieces(batches, self.rows_at_once):
            # Opened anew for each piece: it is mapped already, and what it remembers of answers would grow for ever.
            made = table(self._report(piece, self.checks.open(), rules))
            yield from made.cast(schema).to_batches()

    def _report(self, piece: list[_Row], book: OpenBook, rules: tuple[LoadedRule, ...] | None) -> Report:
        claims: list[Claim] = []
        history: list[Claim] = []
        rejects: list[Reject] = []
        for earlier, entry in _read(piece):
            if isinstance(entry, Reject):
                rejects.append(as_history(entry) if earlier else entry)
            else:
                (history if earlier else claims).append(entry)
        report = check_claims(
            claims,
            book,
            rules=rules,
            known_on=self.known_on,
            rejects=rejects,
            history=history if self.with_history else None,
        )
        return replace(report, book=(), notes=())  # they are about the whole report, and said once


def _pieces(batches: Iterable[pa.RecordBatch], rows_at_once: int) -> Iterator[list[_Row]]:
    """The rows in lists of ``rows_at_once`` or more, cut only between groups."""
    piece: list[_Row] = []
    for batch in batches:
        for row in arrow_rows(_in_utc(batch)):
            if len(piece) >= rows_at_once and row[GROUP] != piece[-1][GROUP]:
                yield piece
                piece = []
            piece.append(row)
    if piece:
        yield piece


def _read(piece: Iterable[_Row]) -> Iterator[tuple[bool, Claim | Reject]]:
    """The claims of a piece or the rejects that stand for them, and whether they are of the history."""
    for (earlier, _), rows_of_claim in groupby(piece, key=itemgetter(HISTORY, CLAIM)):
        own = list(rows_of_claim)
        file = own[0][FILE]
        places = [_place(row[ROW], number) for number, row in enumerate(own, 1)]
        for row in own:
            for name in OWN:
                del row[name]
        for entry in read_rows(zip(places, own, strict=True), file):
            yield earlier, entry


def _place(row: int | None, number: int) -> str:
    return f"row {number} of its claim" if row is None else f"row {row}"


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
