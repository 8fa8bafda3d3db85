"""Arrow arrays of plain values, put together from their buffers.

``pyarrow.array`` asks pandas, where that is installed, whether it knows what it is given, and so loads it: a third of a
second of a command that needs nothing of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa

from cleanclaim.claims.readers.table_columns.arrays import numbers
from cleanclaim.engine.stream.results import Texts
from cleanclaim.render.rows import fit

_Lengths = np.ndarray[Any, np.dtype[np.int32]]
_NUMBERS: Final = pa.int64()
_DOLLARS: Final = pa.decimal128(38, 2)
_BYTES_OF_DOLLARS: Final = 16
_FIRST_DAY: Final = dt.date(1970, 1, 1).toordinal()
"""Of Arrow's dates."""


def array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Values of any of the types of a report's columns: null for None, and for texts and lists that are empty.

    Texts are made so that every reader of UTF-8 can hold them.
    """
    if pa.types.is_list(kind):
        return _lists(values, kind)
    if kind == pa.string():
        return _texts(values)
    held = np.array([value is not None for value in values], np.bool_)
    return pa.Array.from_buffers(kind, len(values), [_bits(held), pa.py_buffer(_MADE[kind](values))])


def _texts(values: Sequence[str | None]) -> pa.Array:
    told = [value or "" for value in values]
    together = "".join(told)
    if together.isascii() and together.isprintable():
        return of_content(together.encode(), _lengths(told))
    encoded = [fit(text).encode() for text in told]
    return of_content(b"".join(encoded), _lengths(encoded))


def of_content(content: bytes, lengths: _Lengths) -> pa.StringArray:
    """Texts that stand in ``content`` one after the other; null for each that is empty."""
    bits = _bits(lengths != 0)
    return pa.Array.from_buffers(pa.string(), len(lengths), [bits, _ends(lengths), pa.py_buffer(content)])


def texts(told: Texts) -> pa.StringArray | None:
    """Texts as they were written, in the order written; None where some are not fit to be told as they are."""
    content = told.content
    return of_content(content, told.lengths) if content.isascii() and content.decode().isprintable() else None


def _lists(values: Sequence[Sequence[Any] | None], kind: pa.DataType) -> pa.Array:
    told = [value or () for value in values]
    many = _lengths(told)
    entries = list(chain.from_iterable(told))
    # An entry is what it is: an empty text among others is not null.
    held = _entries(entries) if kind.value_type == pa.string() else numbers(np.array(entries, np.int64))
    return pa.ListArray.from_buffers(kind, len(told), [_bits(many != 0), _ends(many)], children=[held])


def _entries(texts: Sequence[str]) -> pa.Array:
    made = _texts(texts)
    return pa.Array.from_buffers(pa.string(), len(made), [None, *made.buffers()[1:]])


def _lengths(values: Sequence[Sequence[Any]]) -> _Lengths:
    return np.fromiter(map(len, values), np.int32, len(values))


def _bits(held: np.ndarray[Any, np.dtype[np.bool_]]) -> pa.Buffer:
    """A bit for each that is something."""
    return pa.py_buffer(np.packbits(held, bitorder="little"))


def _ends(many: _Lengths) -> pa.Buffer:
    """Where each begins, and the last ends, that are so long."""
    ends = np.zeros(len(many) + 1, np.int32)
    np.cumsum(many, out=ends[1:])
    return pa.py_buffer(ends)


def _of_numbers(values: Sequence[int | None]) -> bytes:
    return np.array([value or 0 for value in values], np.int64).tobytes()


def _of_dollars(values: Sequence[Any]) -> bytes:
    cents = [0 if value is None else int(value.scaleb(2)) for value in values]
    return b"".join([amount.to_bytes(_BYTES_OF_DOLLARS, "little", signed=True) for amount in cents])


def _of_dates(values: Sequence[dt.date | None]) -> bytes:
    return np.array([0 if day is None else day.toordinal() - _FIRST_DAY for day in values], np.int32).tobytes()


def _of_booleans(values: Sequence[bool | None]) -> bytes:
    return np.packbits(np.array([bool(value) for value in values], bool), bitorder="little").tobytes()


_MADE: Final[dict[pa.DataType, Callable[[Sequence[Any]], bytes]]] = {
    _NUMBERS: _of_numbers,
    _DOLLARS: _of_dollars,
    pa.date32(): _of_dates,
    pa.bool_(): _of_booleans,
}
