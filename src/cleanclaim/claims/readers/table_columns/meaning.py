"""What the texts of a column mean, each distinct text read once, by the functions of the slow reader.

Every function here gives arrays by id of the column, and of each id whether it is for the slow reader: because it would
reject the text, or because the records have no room for what it means.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleanclaim.claims.readers.rows import KINDS
from cleanclaim.claims.readers.table_columns import arrays
from cleanclaim.claims.readers.table_columns.column import Column, Flags, Ids
from cleanclaim.claims.readers.table_columns.words import Words
from cleanclaim.claims.readers.values import BadValue
from cleanclaim.claims.table import DoesNotFit, amount_of

Numbers = npt.NDArray[np.int64]
Scales = npt.NDArray[np.int8]

_AS_WRITTEN: Final = r"^[0-9]{1,13}(\.[0-9]{1,4})?$"
"""Numbers that are what is written, so that their digits need only be put together."""
_CODE: Final = "code"


def read(column: Column, kind: str) -> tuple[list[Any], Flags]:
    """The value of each id as the slow reader has it; None for none and for what is for the slow reader."""
    function: Callable[[str], Any] = KINDS[kind]
    values: list[Any] = []
    bad = np.zeros(len(column.texts), np.bool_)
    for number, text in enumerate(column.texts):
        try:
            values.append(function(text) if text else None)
        except BadValue:
            values.append(None)
            bad[number] = True
    return values, bad


def words(column: Column, kind: str, into: Words, none: str = "") -> tuple[int, Flags]:
    """The number of the texts that each id stands for, with ``none`` as the text of id 0."""
    plain = column.plain
    if plain is not None and (kind == "text" or (kind == _CODE and not pc.any(pc.ends_with(plain, ".0")).as_py())):
        texts = pc.ascii_upper(plain) if kind == _CODE else plain
        if none:
            texts = pa.concat_arrays([arrays.strings([none]), texts.slice(1)])
        return into.add(texts), np.zeros(len(plain), np.bool_)
    values, bad = read(column, kind)
    return into.add([none, *(value or "" for value in values[1:])]), bad


def days(column: Column) -> tuple[Ids, Flags]:
    """The ordinal of the day of each id; 0 for none."""
    if column.days is not None:
        return column.days, np.zeros(len(column.days), np.bool_)
    values, bad = read(column, "date")
    return np.array([0 if value is None else value.toordinal() for value in values], np.int32), bad


def amounts(column: Column, kind: str) -> tuple[Numbers, Scales, Flags]:
    """The amount of each id: a whole number, and its decimals."""
    if column.plain is None:
        return _amounts_of(*read(column, kind))
    simple = pc.match_substring_regex(column.plain, _AS_WRITTEN)
    written = arrays.flags(simple)
    rest = np.flatnonzero(~written)
    others = Column(column.ids, lambda: [column.texts[number] for number in rest.tolist()])
    numbers, scales, bad = _spread(written, rest, *_amounts_of(*read(others, kind)))
    texts = column.plain.filter(simple)
    point = arrays.filled(pc.find_substring(texts, "."))
    length = arrays.filled(pc.binary_length(texts))
    scales[written] = np.where(point < 0, 0, length - point - 1)
    numbers[written] = arrays.filled(pc.replace_substring(texts, ".", ""))
    return numbers, scales, bad


def _spread(
    written: Flags, rest: npt.NDArray[np.intp], some: Numbers, some_scales: Scales, some_bad: Flags
) -> tuple[Numbers, Scales, Flags]:
    numbers, scales, bad = np.zeros(len(written), np.int64), np.zeros(len(written), np.int8), np.zeros_like(written)
    numbers[rest], scales[rest], bad[rest] = some, some_scales, some_bad
    return numbers, scales, bad


def _amounts_of(values: list[Decimal | None], bad: Flags) -> tuple[Numbers, Scales, Flags]:
    numbers, scales = np.zeros(len(values), np.int64), np.zeros(len(values), np.int8)
    for at, value in enumerate(values):
        try:
            numbers[at], scales[at] = amount_of(value)
        except DoesNotFit:
            bad[at] = True
    return numbers, scales, bad
