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
from cleanclaim.engine.stream.values import Repeated, Told
from cleanclaim.render.arrays import array, texts
from cleanclaim.render.rows import COLUMNS, Kind, at_stake, columns_after_results, rows_of_result
from cleanclaim.types import ClaimResult, Reported

_MANY_NULLS: Final = 1 << 16
"""Columns of nothing but so many nulls are made once, and shared."""
_MANY_TEMPLATES: Final = 1 << 14
"""The rows of so many templates are held, and those of one block more."""
_AT_STAKE: Final = ("amount_at_risk", "allowed_at_risk", "unpriced_lines")
_OF_CLAIMS: Final = frozenset({"claim", "file", *_AT_STAKE})
"""Columns of which a template says nothing."""
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


class _Column(NamedTuple):
    """What rows say in a column."""

    values: pa.Array
    numbers: pa.Array | None = None
    """Where values repeat: which of them each row has."""

    def cut(self, begin: int, end: int) -> pa.Array:
        """What some of the rows say."""
        if self.numbers is None:
            return self.values.slice(begin, end - begin)
        return self.values.take(self.numbers.slice(begin, end - begin))


class _Piece(NamedTuple):
    """Rows one after the other: the columns in which they have something to say, and how many they are."""

    columns: dict[str, _Column]
    many: int

    def cut(self, field: pa.Field, begin: int, end: int) -> pa.Array:
        """A column of some of the rows."""
        column = self.columns.get(field.name)
        return _nulls(field.type, end - begin) if column is None else column.cut(begin, end)


_Cut = tuple[_Piece, int, int]
"""Of a piece, the first row that is meant, and the first one that is not any more."""


def tables(report: Reported, rows: int) -> Iterator[pa.Table]:
    """All rows of the report in order, in tables of ``rows`` rows; the last may have fewer."""
    held: list[_Cut] = []
    many = 0
    for piece in _pieces(report):
        begin = 0
        while many + piece.many - begin >= rows:
            end = begin + rows - many
            yield _table([*held, (piece, begin, end)])
            held, many, begin = [], 0, end
        if begin < piece.many:
            held.append((piece, begin, piece.many))
            many += piece.many - begin
    if held:
        yield _table(held)


def table(report: Reported) -> pa.Table:
    """All rows of the report."""
    return _table([(piece, 0, piece.many) for piece in _pieces(report)])


def _table(cuts: Sequence[_Cut]) -> pa.Table:
    named = frozenset(chain.from_iterable(piece.columns for piece, _, _ in cuts))
    many = sum(end - begin for _, begin, end in cuts)
    columns = [
        _joined([piece.cut(field, begin, end) for piece, begin, end in cuts])
        if field.name in named
        else _nulls(field.type, many)
        for field in SCHEMA
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _joined(arrays: Sequence[pa.Array]) -> pa.Array:
    return arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays)


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
        yield _Piece({name: _column(name, values) for name, values in columns.items()}, len(columns["kind"]))


def _column(name: str, said: Told) -> _Column:
    """What is said in a column as Arrow has it; what has nothing to say is null."""
    if isinstance(said, Repeated):
        return _Column(array(said.values, _TYPES_OF_COLUMNS[name]), numbers(np.asarray(said.numbers)))
    return _Column(array(said, _TYPES_OF_COLUMNS[name]))


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
        self._columns: dict[str, pa.Array] = {}
        """What they say, the rows of one template after those of the other."""

    def rows(
        self, templates: Sequence[ClaimResult], chosen: _Numbers
    ) -> tuple[dict[str, pa.Array], _Numbers, _Numbers]:
        """The columns of all rows held; which of these the ``chosen`` templates have, and how many each of them."""
        if len(self._held) > _MANY_TEMPLATES:
            self._forget()
        new = [template for template in templates if id(template) not in self._numbers]
        if new:
            self._add(new)
        known = np.array([self._numbers[id(template)] for template in templates], np.int64)[chosen]
        many = self._many[known]
        first = _begins(self._many)[known]
        return self._columns, np.arange(many.sum()) + np.repeat(first - _begins(many), many), many

    def _add(self, templates: Sequence[ClaimResult]) -> None:
        made = [list(rows_of_result(template)) for template in templates]
        rows = list(chain.from_iterable(made))
        before = int(self._many.sum())
        self._columns = {
            name: pa.concat_arrays(
                [self._columns.get(name, _nulls(kind, before)), array([row.get(name) for row in rows], kind)]
            )
            for name, kind in _TYPES_OF_COLUMNS.items()
            if name not in _OF_CLAIMS and (name in self._columns or any(name in row for row in rows))
        }
        self._numbers |= {id(template): len(self._held) + at for at, template in enumerate(templates)}
        self._held += templates
        self._many = np.concatenate((self._many, np.array(list(map(len, made)), np.int64)))


def _begins(many: _Numbers) -> _Numbers:
    """Where each begins, that are so long, one after the other."""
    begins: _Numbers = np.cumsum(many) - many
    return begins


def _of_results(block: Results, of_templates: _OfTemplates) -> _Piece:
    """The rows of each template are made once, and repeated for every claim that has them."""
    columns, rows, many = of_templates.rows(block.templates, np.asarray(block.of_template))
    claim = np.repeat(np.arange(len(block)), many)
    of_row = numbers(rows)
    stakes = np.zeros(len(claim), np.int64)  # only the first row of a claim, its own, tells any
    stakes[_begins(many)] = np.asarray(block.of_stakes) + 1
    told = [dict.fromkeys(_AT_STAKE), *(at_stake(*at) for at in block.stakes)]
    return _Piece(
        {
            **{name: _Column(values, of_row) for name, values in columns.items()},
            "claim": _claims(block, claim),
            "file": _Column(array(block.files, pa.string()), numbers(np.asarray(block.of_file)[claim])),
            **{
                name: _Column(array([row[name] for row in told], _TYPES_OF_COLUMNS[name]), numbers(stakes))
                for name in _AT_STAKE
            },
        },
        len(claim),
    )


def _claims(block: Results, claim: _Numbers) -> _Column:
    """The numbers of the claims that are meant."""
    written = texts(block.texts) if block.texts is not None else None
    if block.texts is None or written is None:
        return _Column(array(block.claims, pa.string()), numbers(claim))
    return _Column(written, numbers(block.texts.order[claim]))
