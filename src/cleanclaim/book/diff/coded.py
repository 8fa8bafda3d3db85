"""Columns of two releases as whole numbers, so that millions of rows are compared at once and held once.

Every distinct value of a column, over both releases, gets a number from 1 on, in the order of the values; null is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

_LARGEST_KEY: Final = 2**62


def joint_codes(old: pa.ChunkedArray, new: pa.ChunkedArray) -> tuple[Codes, Codes]:
    """The numbers of the values of one column in both releases."""
    if not len(old) + len(new):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    sides = [column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column) for column in (old, new)]
    both = pa.chunked_array([*sides[0].chunks, *sides[1].chunks], sides[0].type)
    whole = both.unify_dictionaries().combine_chunks()
    order = pc.array_sort_indices(whole.dictionary)
    ranks = np.zeros(len(order) + 1, np.int32)  # the last is that of null
    ranks[order.to_numpy()] = np.arange(1, len(order) + 1, dtype=np.int32)
    codes: Codes = ranks[pc.fill_null(whole.indices, len(order)).to_numpy(zero_copy_only=False)]
    return codes[: len(old)], codes[len(old) :]


def joint_keys(columns: Sequence[tuple[Codes, Codes]]) -> tuple[Numbers, Numbers]:
    """One number for each row's key, in the order of the keys."""
    old, new = (codes.astype(np.int64) for codes in columns[0])
    for old_codes, new_codes in columns[1:]:
        width = int(max(old_codes.max(initial=0), new_codes.max(initial=0))) + 1
        if max(old.max(initial=0), new.max(initial=0)) >= _LARGEST_KEY // width:
            _, dense = np.unique(np.concatenate([old, new]), return_inverse=True)
            old, new = dense[: len(old)].astype(np.int64), dense[len(old) :].astype(np.int64)
        old, new = old * width + old_codes, new * width + new_codes
    return old, new


def days(column: pa.ChunkedArray, missing: int) -> Codes:
    """A column of days as numbers, ``missing`` for null."""
    numbers: Codes = pc.fill_null(column.cast(pa.int32()), missing).to_numpy().astype(np.int32, copy=False)
    return numbers


def first_of_each(keys: Numbers, rows: Numbers, last: Codes | None = None) -> tuple[Numbers, Numbers]:
    """The distinct keys in order, and one row of each: that with the smallest of ``last``, else the first."""
    order = np.argsort(keys, kind="stable") if last is None else np.lexsort((last, keys))
    ordered = keys[order]
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first], rows[order[first]]


def places(ordered: Numbers, wanted: Numbers) -> Numbers:
    """Where each wanted key stands among distinct keys in order, -1 for one that is not there."""
    if not len(ordered):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[at] == wanted, at, -1)


def figures(column: Any) -> npt.NDArray[np.float64]:
    """A column of numbers as floating point, null as 0: for ordering only."""
    told: npt.NDArray[np.float64] = pc.fill_null(column.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
    return told
