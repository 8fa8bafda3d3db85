"""A column of a claims table: its distinct texts once, and by row which of them stands there.

The text of a value is that of :func:`cleanclaim.claims.readers.values.as_text`, asked once for each distinct value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleanclaim.claims.readers.table_columns import arrays
from cleanclaim.claims.readers.values import BadValue, as_text

Ids = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

_DAY_MICROSECONDS: Final = 86_400_000_000
_EPOCH: Final = 719_163
"""1970-01-01 as an ordinal of the calendar."""
_LAST_DAY: Final = 3_652_059
"""9999-12-31 as an ordinal."""
_PLAIN_DECIMALS: Final = 6
"""Decimals with so many places or fewer are written out, without an exponent, by Python and Arrow alike."""
_BAD: Final = -1


@dataclass
class Column:
    """``ids`` say for each row which text stands there; 0 is none.

    ``plain`` are the texts by id as Arrow has them, where all are printable ASCII with no blank at either end, which is
    what nothing has to be taken away from. ``days`` are the ordinals by id where the values are dates. ``bad`` are the
    rows whose value is no single one; their id is 0.
    """

    ids: Ids
    make: Callable[[], list[str]]
    plain: pa.LargeStringArray | None = None
    days: Ids | None = None
    bad: Flags | None = None

    @cached_property
    def texts(self) -> list[str]:
        """The text of each id."""
        return self.make()

    def put_in_order(self, order: npt.NDArray[np.intp]) -> None:
        """The same rows in another order."""
        self.ids = self.ids[order]
        self.bad = None if self.bad is None else self.bad[order]


def encoded(values: pa.ChunkedArray) -> Column:
    """The column of some Arrow values. Raises as reading the values in Python would."""
    kind = values.type
    if _is_written_alike(kind.value_type if pa.types.is_dictionary(kind) else kind):
        return _written(values)
    if pa.types.is_timestamp(kind):
        # Python has no nanoseconds, and a claim has no use for them.
        return _dates(values.cast(pa.timestamp("us"), safe=False))
    if pa.types.is_date32(kind):
        return _dates(values)
    if pa.types.is_float32(kind) or pa.types.is_float64(kind):
        return _floats(values)
    return _others(values)


def merged(columns: Sequence[Column]) -> Column:
    """What several columns with one meaning say of each row: the first of them that is filled."""
    if len(columns) == 1:
        return columns[0]
    numbers = {"": 0}
    ids = np.zeros(len(columns[0].ids), np.int32)
    bad = None
    for column in columns:
        renumbered = np.array([numbers.setdefault(text, len(numbers)) for text in column.texts], np.int32)
        ids = np.where(ids == 0, renumbered[column.ids], ids)
        if column.bad is not None:
            bad = column.bad if bad is None else bad | column.bad
    made = _of_texts(ids, list(numbers))
    made.bad = bad
    return made


def _is_written_alike(kind: pa.DataType) -> bool:
    """Arrow writes values of this type as Python does."""
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or (pa.types.is_decimal128(kind) and 0 <= kind.scale <= _PLAIN_DECIMALS)
    )


def _distinct(values: pa.ChunkedArray) -> tuple[Ids, pa.Array]:
    """Which of the distinct values stands in each row, counted from 1; 0 is null."""
    if not values.num_chunks:
        return np.zeros(0, np.int32), pa.nulls(0, values.type)
    given = pa.types.is_dictionary(values.type)
    coded = values.unify_dictionaries() if given else values.dictionary_encode()
    indices = [chunk.indices for chunk in coded.chunks]
    ids = np.concatenate([arrays.filled(one) for one in indices]).astype(np.int32) + np.int32(1)
    # All chunks have the same dictionary.
    distinct = coded.chunk(0).dictionary
    return _tidied(ids, distinct) if given else (ids, distinct)


def _tidied(ids: Ids, values: pa.Array) -> tuple[Ids, pa.Array]:
    """The same with each value once that is used: a dictionary from elsewhere may have others, and nulls."""
    used = np.zeros(len(values) + 1, np.bool_)
    used[ids] = True
    coded = values.take(arrays.numbers(np.flatnonzero(used[1:]))).dictionary_encode()
    found = np.zeros(len(used), np.int32)
    found[1:][used[1:]] = arrays.filled(coded.indices) + 1
    return found[ids], coded.dictionary


def _written(values: pa.ChunkedArray) -> Column:
    ids, distinct = _distinct(values)
    texts = distinct.cast(pa.large_string())
    lengths, pool = _bytes_of(texts)
    ends = np.cumsum(lengths)
    filled = lengths > 0
    blank = ord(" ")
    if len(pool) and (
        pool.min() < blank
        or pool.max() > ord("~")
        or (pool[ends[filled] - 1] == blank).any()
        or (pool[(ends - lengths)[filled]] == blank).any()
    ):
        return _read(ids, distinct.to_pylist())
    for empty in np.flatnonzero(~filled).tolist():
        ids[ids == empty + 1] = 0
    plain = pa.concat_arrays([arrays.strings([""]), texts])
    return Column(ids, plain.to_pylist, plain)


def _bytes_of(texts: pa.LargeStringArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The length of each text in bytes, and the bytes of all."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return np.zeros(0, np.int64), np.zeros(0, np.uint8)
    starts = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    pool = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return np.diff(starts), pool[starts[0] : starts[-1]]


def _others(values: pa.ChunkedArray) -> Column:
    kind = values.type
    if pa.types.is_null(kind):
        return _of_texts(np.zeros(len(values), np.int32), [""])
    if pa.types.is_boolean(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        ids, distinct = _distinct(values)
        return _read(ids, distinct.to_pylist())
    # Lists, records and what else there is: row by row.
    return _read(np.arange(1, len(values) + 1, dtype=np.int32), values.to_pylist())


def _floats(values: pa.ChunkedArray) -> Column:
    # Told apart by their bits: 0.0 and -0.0 are not written alike.
    bits = pa.int64() if pa.types.is_float64(values.type) else pa.int32()
    ids, distinct = _distinct(pa.chunked_array([chunk.view(bits) for chunk in values.chunks], bits))
    found = _read(ids, distinct.view(values.type).to_pylist())
    found.plain = arrays.strings(found.texts)
    return found


def _dates(values: pa.ChunkedArray) -> Column:
    whole = pa.int32() if pa.types.is_date32(values.type) else pa.int64()
    ids, distinct = _distinct(values)
    numbers = arrays.filled(distinct.view(whole))
    days = (numbers if whole == pa.int32() else numbers // _DAY_MICROSECONDS) + _EPOCH
    if len(days) and (days.min() < 1 or days.max() > _LAST_DAY):
        return _read(ids, distinct.to_pylist())  # which says that Python has no such day

    def make() -> list[str]:
        return ["", *map(as_text, distinct.to_pylist())]

    return Column(ids, make, days=np.concatenate([[0], days]).astype(np.int32))


def _read(ids: Ids, values: Iterable[Any]) -> Column:
    """The column of values whose texts may be the same, or none."""
    numbers = {"": 0}
    renumbered = [0]
    for value in values:
        try:
            renumbered.append(numbers.setdefault(as_text(value), len(numbers)))
        except BadValue:
            renumbered.append(_BAD)
    found = np.array(renumbered, np.int32)[ids]
    bad = found == _BAD
    made = _of_texts(np.where(bad, np.int32(0), found), list(numbers))
    made.bad = bad if bad.any() else None
    return made


def _of_texts(ids: Ids, texts: list[str]) -> Column:
    return Column(ids, lambda: texts)
