"""Which rows are of one claim, and where a table can be cut so that no claim is cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleanclaim.claims.readers.table_columns import arrays
from cleanclaim.claims.readers.table_columns.column import Column, Ids

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Groups:
    """``of_row`` is the claim of each row; claims are numbered in the order of their first rows, ``first``."""

    of_row: Rows
    first: Rows

    def __len__(self) -> int:
        return len(self.first)


def grouped(claim_ids: Ids) -> Groups:
    """The claims of rows that say which one they are of; each row that does not is a claim by itself."""
    many = len(claim_ids)
    keys = claim_ids.astype(np.intp)
    nameless = np.flatnonzero(keys == 0)
    known = int(keys.max(initial=0)) + 1
    keys[nameless] = known + np.arange(len(nameless))
    first = np.full(known + len(nameless), many, np.intp)
    # Of several rows with one key the last assigned is kept: the first of the file.
    first[keys[::-1]] = np.arange(many)[::-1]
    used = np.flatnonzero(first < many)
    order = used[np.argsort(first[used], kind="stable")]
    numbers = np.zeros(len(first), np.intp)
    numbers[order] = np.arange(len(order))
    return Groups(numbers[keys], first[order])


def cuts(claim_ids: Iterable[Column], rows: int) -> list[int]:
    """Behind how many rows of a file to cut it, into pieces of ``rows`` or more in which every claim is whole."""
    texts: list[pa.Array] = []
    ids: list[npt.NDArray[np.intp]] = []
    before = 0
    for column in claim_ids:
        plain = column.plain if column.plain is not None else arrays.strings(column.texts)
        ids.append(column.ids.astype(np.intp) + before)
        texts.append(plain)
        before += len(plain)
    if not ids:
        return []
    coded = pa.concat_arrays(texts).dictionary_encode()
    of_row = arrays.filled(coded.indices)[np.concatenate(ids)]
    many = len(of_row)
    here = np.arange(many)
    last = np.zeros(len(coded.dictionary), np.intp)
    last[of_row] = here
    reach = np.where(of_row == 0, here, last[of_row])  # text 0 is "", and such rows have nothing in common
    whole = np.flatnonzero(np.maximum.accumulate(reach) == here) + 1
    found = [0]
    while found[-1] < many:
        at = int(np.searchsorted(whole, found[-1] + rows))
        found.append(int(whole[at]) if at < len(whole) else many)
    return found[1:]


def line_order(groups: Groups, numbers: npt.NDArray[np.int64] | None, unnumbered: npt.NDArray[np.bool_]) -> Rows | None:
    """The rows in the order of their claims and lines; None where they stand so.

    The ``numbers`` of the lines count where all rows of a claim have one, each another; else the order of the rows.
    """
    of_row = groups.of_row
    many = len(of_row)
    same = of_row[1:] == of_row[:-1]
    adjacent = bool((of_row[1:] >= of_row[:-1]).all())
    if numbers is None:
        return None if adjacent else np.argsort(of_row, kind="stable")
    if adjacent and not unnumbered.any() and (numbers[1:] > numbers[:-1])[same].all():
        return None
    order = np.lexsort((numbers, of_row))
    twice = (of_row[order][1:] == of_row[order][:-1]) & (numbers[order][1:] == numbers[order][:-1])
    by_row = np.zeros(len(groups), np.bool_)
    by_row[of_row[order][1:][twice]] = True
    by_row[of_row[unnumbered]] = True
    return np.lexsort((np.where(by_row[of_row], np.arange(many), numbers), of_row))
