"""The rows of :mod:`cleanclaim.render.rows` as Arrow tables, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from cleanclaim.claims.readers.table_columns.arrays import numbers
from cleanclaim.engine.stream.results import Results, blocks_of
from cleanclaim.render.arrays import array
from cleanclaim.render.rows import COLUMNS, Columns, Kind, Row, columns_after_results, rows_of_result
from cleanclaim.types import ClaimResult, Reported

_MANY_NULLS: Final = 1 << 16
"""Columns of nothing but so many nulls are made once, and shared."""
_MANY_TEMPLATES: Final = 1 << 14
"""The rows of so many templates are held, and those of one block more."""
_Numbers = np.ndarray[Any, np.dtype[np.int64]]
_NO_NUMBERS: Final = np.zeros(0, np.int64)
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
    piece = _joined(pieces)
    return pa.Table.from_arrays([piece.column(field) for field in SCHEMA], schema=SCHEMA)


def _joined(pieces: Sequence[_Piece]) -> _Piece:
    named = frozenset(chain.from_iterable(piece.columns for piece in pieces))
    columns = {
        field.name: pa.concat_arrays([piece.column(field) for piece in pieces])
        for field in SCHEMA
        if field.name in named
    }
    return _Piece(columns, sum(piece.many for piece in pieces))


def _nulls(kind: pa.DataType, many: int) -> pa.Array:
    return _many_nulls(kind).slice(0, many) if many <= _MANY_NULLS else pa.nulls(many, kind)


@cache
def _many_nulls(kind: pa.DataType) -> pa.Array:
    return pa.nulls(_MANY_NULLS, kind)


def _pieces(report: Reported) -> Iterator[_Piece]:
    """The rows in order, of so many records at a time as are held in memory together."""
    of_templates = _OfTemplates()
    for block in blocks_of(report):
        yield _of_results(block, of_templates)
    for columns in columns_after_results(report):
        yield _piece(columns)


class _OfTemplates:
    """The rows of templates, each made once for all blocks that have it, as long as they are not too many."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._held: list[ClaimResult] = []
        self._numbers: dict[int, int] = {}
        """By its identity, which it keeps while it is held, the number of each."""
        self._many = _NO_NUMBERS
        """How many rows each has."""
        self._at = _NO_NUMBERS
        """Where in ``_rows`` each row is, one template after the other."""
        self._rows = _Piece({}, 0)

    def rows(self, templates: Sequence[ClaimResult], chosen: _Numbers) -> tuple[_Piece, _Numbers]:
        """The rows of the ``chosen`` ones, one after the other, and how many each of these has."""
        if len(self._held) > _MANY_TEMPLATES:
            self._forget()
        new = [template for template in templates if id(template) not in self._numbers]
        if new:
            self._add(new)
        known = np.array([self._numbers[id(template)] for template in templates], np.int64)[chosen]
        many = self._many[known]
        first = (np.cumsum(self._many) - self._many)[known]
        before = np.cumsum(many) - many
        rows = numbers(self._at[np.arange(many.sum()) + np.repeat(first - before, many)])
        return _Piece({name: values.take(rows) for name, values in self._rows.columns.items()}, len(rows)), many

    def _add(self, templates: Sequence[ClaimResult]) -> None:
        """Make their rows, those of one kind together: they name the same columns."""
        made = [list(rows_of_result(template)) for template in templates]
        rows = list(chain.from_iterable(made))
        of_kinds: dict[str, list[int]] = {}
        for at, row in enumerate(rows):
            of_kinds.setdefault(row["kind"], []).append(at)
        pieces = [_of_rows([rows[at] for at in of_kind]) for of_kind in of_kinds.values()]
        at_of_rows = np.empty(len(rows), np.int64)
        at_of_rows[np.fromiter(chain.from_iterable(of_kinds.values()), np.int64)] = np.arange(len(rows))
        self._numbers |= {id(template): len(self._held) + at for at, template in enumerate(templates)}
        self._held += templates
        self._many = np.concatenate((self._many, np.array(list(map(len, made)), np.int64)))
        self._at = np.concatenate((self._at, self._rows.many + at_of_rows))
        self._rows = _joined([self._rows, *pieces])


def _of_rows(rows: Sequence[Row]) -> _Piece:
    """Rows of one kind, without claim and file, which a template does not name."""
    columns = dict(zip(rows[0], zip(*map(dict.values, rows), strict=True), strict=True))
    return _piece({name: values for name, values in columns.items() if name not in {"claim", "file"}})


def _of_results(block: Results, of_templates: _OfTemplates) -> _Piece:
    """The rows of each template are made once, and repeated for every claim that has them."""
    rows, many = of_templates.rows(block.templates, np.asarray(block.of_template))
    claim = np.repeat(np.arange(len(block)), many)
    of_claims = {
        "claim": array(block.claims, pa.string()).take(numbers(claim)),
        "file": array(block.files, pa.string()).take(numbers(np.asarray(block.of_file)[claim])),
    }
    return _Piece({**rows.columns, **of_claims}, len(claim))


def _piece(columns: Columns) -> _Piece:
    """The same columns as Arrow has them; what has nothing to say is null."""
    made = {name: array(values, _TYPES_OF_COLUMNS[name]) for name, values in columns.items()}
    return _Piece(made, len(columns["kind"]))
