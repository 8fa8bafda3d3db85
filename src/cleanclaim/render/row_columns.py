"""The rows of :mod:`cleanclaim.render.rows` as Arrow tables, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleanclaim.engine.stream.results import Results, blocks_of
from cleanclaim.render.rows import COLUMNS, Kind, Row, fit, rows_of_result, some_after_results
from cleanclaim.types import Reported

_MANY_NULLS: Final = 1 << 16
"""Columns of nothing but so many nulls are made once, and shared."""
_TYPES: Final = {
    Kind.TEXT: pa.string(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.INTEGER: pa.int64(),
    Kind.INTEGERS: pa.list_(pa.int64()),
    Kind.DOLLARS: pa.decimal128(38, 2),
    Kind.DATE: pa.date32(),
    Kind.BOOLEAN: pa.bool_(),
}
_TYPES_OF_COLUMNS: Final = {column.name: _TYPES[column.kind] for column in COLUMNS}
SCHEMA: Final = pa.schema(
    [pa.field(column.name, _TYPES[column.kind], metadata={"about": column.about}) for column in COLUMNS],
    metadata={"schema": "cleanclaim.report/1"},
)
"""Of every table here, with what each column is about."""


class _Piece(NamedTuple):
    """Rows one after the other: the columns in which they have something to say, and how many they are."""

    columns: dict[str, Any]
    many: int

    def column(self, field: pa.Field) -> pa.Array:
        return self.columns[field.name] if field.name in self.columns else _nulls(field.type, self.many)

    def cut(self, begin: int, end: int) -> _Piece:
        return _Piece({name: values.slice(begin, end - begin) for name, values in self.columns.items()}, end - begin)


def tables(report: Reported, rows: int) -> Iterator[pa.Table]:
    """All rows of the report in order, in tables of ``rows`` rows; the last may have fewer."""
    held: list[_Piece] = []
    many = 0
    for piece in _pieces(report):
        begin = 0
        while many + piece.many - begin >= rows:
            end = begin + rows - many
            yield _table([*held, piece.cut(begin, end)])
            held, many, begin = [], 0, end
        if begin < piece.many:
            held.append(piece.cut(begin, piece.many))
            many += piece.many - begin
    if held:
        yield _table(held)


def table(report: Reported) -> pa.Table:
    """All rows of the report."""
    return _table(list(_pieces(report)))


def _table(pieces: Sequence[_Piece]) -> pa.Table:
    many = sum(piece.many for piece in pieces)
    named = frozenset(chain.from_iterable(piece.columns for piece in pieces))
    made = []
    for field in SCHEMA:
        if field.name in named:
            made.append(pa.concat_arrays([piece.column(field) for piece in pieces]))
        else:
            made.append(_nulls(field.type, many))
    return pa.Table.from_arrays(made, schema=SCHEMA)


def _nulls(kind: pa.DataType, many: int) -> pa.Array:
    return _many_nulls(kind).slice(0, many) if many <= _MANY_NULLS else pa.nulls(many, kind)


@cache
def _many_nulls(kind: pa.DataType) -> pa.Array:
    return pa.nulls(_MANY_NULLS, kind)


def _pieces(report: Reported) -> Iterator[_Piece]:
    """The rows in order, of so many records at a time as are held in memory together."""
    for block in blocks_of(report):
        yield _of_results(block)
    for some in some_after_results(report):
        yield _Piece(_columns(some), len(some))


def _of_results(block: Results) -> _Piece:
    """The rows of each template are made once, and repeated for every claim that has them."""
    rows: list[Row] = []
    begins = []
    for template in block.templates:
        begins.append(len(rows))
        rows += rows_of_result(template)
    many = np.diff(begins, append=len(rows))[block.of_template]  # rows of each claim
    claim = np.repeat(np.arange(len(block)), many)
    before = np.cumsum(many) - many
    row = np.arange(len(claim)) + np.repeat(np.asarray(begins)[block.of_template] - before, many)
    columns = {name: values.take(pa.array(row)) for name, values in _columns(rows).items()}
    columns["claim"] = _texts(block.claims).take(pa.array(claim))
    columns["file"] = _texts(block.files).take(pa.array(np.asarray(block.of_file)[claim]))
    return _Piece(columns, len(claim))


def _columns(rows: Sequence[Row]) -> dict[str, Any]:
    """The columns that any of the rows names; what has nothing to say is null."""
    named = frozenset(map(tuple, rows))
    if len(named) == 1:
        columns = dict(zip(rows[0], zip(*map(dict.values, rows), strict=True), strict=True))
    else:
        columns = {name: tuple([row.get(name) for row in rows]) for name in frozenset(chain.from_iterable(named))}
    return {name: _array(values, _TYPES_OF_COLUMNS[name]) for name, values in columns.items()}


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if kind == pa.string():
        return _texts(values)
    return _lists(values, kind.value_type) if pa.types.is_list(kind) else pa.array(values, kind)


def _texts(values: Sequence[str | None]) -> pa.Array:
    """Texts, null for those that are empty."""
    made = _fit(values)
    return pc.if_else(pc.equal(pc.binary_length(made), 0), None, made)


def _lists(values: Sequence[tuple[Any, ...] | None], kind: pa.DataType) -> pa.Array:
    """Lists, null for those that are empty."""
    many = np.fromiter((len(value) if value else 0 for value in values), np.int32, len(values))
    ends = np.cumsum(many, dtype=np.int32)
    entries = list(chain.from_iterable(filter(None, values)))
    held = _fit(entries) if kind == pa.string() else pa.array(entries, kind)
    return pa.ListArray.from_arrays(np.concatenate(([np.int32(0)], ends)), held, mask=pa.array(many == 0))


def _fit(texts: Sequence[str | None]) -> pa.Array:
    """Texts as every reader of UTF-8 can hold them."""
    try:
        made = pa.array(texts, pa.string())
    except UnicodeEncodeError:
        pass
    else:
        if pc.all(pc.ascii_is_printable(made)).as_py() is not False:
            return made
    return pa.array([fit(text) for text in texts], pa.string())
