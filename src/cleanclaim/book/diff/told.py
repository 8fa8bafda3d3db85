"""What a release that does not list a fact thereby says of it: that there is none, or nothing."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleanclaim.book.diff.coded import Numbers
from cleanclaim.book.diff.described import Described
from cleanclaim.book.provenance import Release
from cleanclaim.book.starter import listed_codes
from cleanclaim.book.store import BookStore

_NEVER_BOUND: Final = "never in force"
"""What the reason of a reject says where the edit was deleted on its own effective date."""
_COPY: Final = "copy of|second (row|line|statement) |the same as row"
_CODE_COLUMNS: Final = ("hcpcs", "column_one", "column_two", "add_on")

Mask = npt.NDArray[np.bool_]


def tells(release: Release, table: pa.Table, rows: Numbers, described: Described) -> Mask:
    """Whether a release that does not list these facts thereby says that there are none."""
    if release.whole or not release.starter:
        return np.full(len(rows), release.whole, dtype=bool)
    listed = pa.array(listed_codes())
    told = np.ones(len(rows), dtype=bool)
    for name in described.key:
        if name in _CODE_COLUMNS:
            told &= pc.is_in(_texts(table, name, rows), listed).to_numpy(zero_copy_only=False)
    return told


def among_rejects(
    store: BookStore, release: Release, table: pa.Table, rows: Numbers, described: Described
) -> tuple[Mask, Mask]:
    """Whether a release lists these facts in rejected rows: for a fault of the row, or as never in force."""
    nowhere = np.zeros(len(rows), dtype=bool)
    if release.starter or not len(rows) or not release.rejected:
        return nowhere, nowhere
    rejects = store.rejects(release)
    copies = pc.match_substring_regex(rejects["reason"], _COPY)
    never = pc.match_substring(rejects["reason"], _NEVER_BOUND)
    parts = [_texts(table, name, rows) for name in described.rejected_by or described.key]
    masks = []
    for chosen in (pc.and_not(pc.invert(copies), never), never):
        keys = rejects.filter(chosen)["key"].combine_chunks()
        listed = np.zeros(len(rows), dtype=bool)
        for separator in ("/", "-"):
            joined = pc.binary_join_element_wise(*parts, separator)
            joined = pc.utf8_rtrim(joined, separator)  # a row without modifier is rejected under its code
            listed |= pc.is_in(joined, keys).to_numpy(zero_copy_only=False)
        masks.append(listed)
    return masks[0], masks[1]


def _texts(table: pa.Table, name: str, rows: Numbers) -> pa.Array:
    column = table[name].take(pa.array(rows)).cast(pa.string())
    return pc.fill_null(pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string()), "")
