"""Rows of a flat claims table to the records of a claim table, column by column.

What is done here to whole columns is what :mod:`cleanclaim.claims.readers.rows` does to one claim; there it stands why.
A claim for which that would not give the same is marked, for the slow reader to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleanclaim.claims.readers.columns import CLAIM_NAMES, KIND
from cleanclaim.claims.readers.table_columns import meaning
from cleanclaim.claims.readers.table_columns.column import Column, Flags, Ids
from cleanclaim.claims.readers.table_columns.groups import Groups, grouped, line_order
from cleanclaim.claims.readers.table_columns.words import Source, Words, numbered_rows
from cleanclaim.claims.table import Records
from cleanclaim.claims.table_layout import CLAIM, LINE


@dataclass(frozen=True, slots=True)
class Placed:
    """What rows are called, and the files they are in: texts, and for each row which of them."""

    places: tuple[pa.LargeBinaryArray | Sequence[str], Ids]
    files: tuple[Sequence[str], Ids]
    starts: npt.NDArray[np.int64] | None = None
    """The bytes at which the rows begin, where they do."""
    claims: Ids | None = None
    """Which claim each row is of, from 1 on; by the claim numbers where that is not told."""

    @classmethod
    def of_file(cls, file: str, first: int, many: int, starts: npt.NDArray[np.int64] | None = None) -> Placed:
        """The rows of one file from a number on, which are called ``row N``."""
        rows = np.arange(many, dtype=np.int32)
        return cls((numbered_rows(first, many), rows), ([file], np.zeros(many, np.int32)), starts)


class Sheet:
    """The rows of some claims: their columns in the order of claims and lines, and the records made of them.

    ``irregular`` are the claims whose records are not to be used.
    """

    def __init__(self, columns: Mapping[str, Column], placed: Placed) -> None:
        self.columns = columns
        self.groups: Groups = grouped(columns["claim_id"].ids if placed.claims is None else placed.claims)
        self.words = Words()
        self.irregular: Flags = np.zeros(len(self.groups), np.bool_)
        self._rows = len(self.groups.of_row)
        self._given: dict[str, Ids] = {}
        self._read: set[str] = set()
        for column in columns.values():
            if column.bad is not None:
                self.irregular[self.groups.of_row[column.bad]] = True
        self.irregular[self.groups.of_row[columns["claim_id"].ids == 0]] = True
        order = self._put_in_order()
        self.of_row = self.groups.of_row if order is None else self.groups.of_row[order]
        self.starts = np.searchsorted(self.of_row, np.arange(len(self.groups)))
        self.claims: Records = np.zeros(len(self.groups), CLAIM)
        self.lines: Records = np.zeros(self._rows, LINE)
        self._fill_places(np.arange(self._rows) if order is None else order, placed)

    def _put_in_order(self) -> npt.NDArray[np.intp] | None:
        column = self.columns.get("line_no")
        if column is None:
            order = line_order(self.groups, None, np.zeros(0, np.bool_))
        else:
            self._read.add("line_no")
            values, bad = meaning.read(column, KIND["line_no"])
            self.irregular[self.groups.of_row[bad[column.ids]]] = True
            numbers = np.array([value or 0 for value in values], np.int64)
            order = line_order(self.groups, numbers[column.ids], column.ids == 0)
        if order is not None:
            for each in self.columns.values():
                each.put_in_order(order)
        return order

    def _fill_places(self, rows: npt.NDArray[np.intp], placed: Placed) -> None:
        claims, lines, words, first = self.claims, self.lines, self.words, self.groups.first
        (texts, called), (names, of_file) = placed.places, placed.files
        places = words.add(texts)
        words.fill(claims["segment"], (places, called[first]))
        words.fill(lines["segment"], (places, called[rows]))
        words.fill(claims["file"], (words.add(names), of_file[first]))
        claims["byte"] = -1 if placed.starts is None else placed.starts[first]
        lines["byte"] = -1 if placed.starts is None else placed.starts[rows]
        claims["first_line"] = self.starts
        claims["line_count"] = np.diff(self.starts, append=self._rows)
        lines["line_no"] = np.arange(self._rows) - self.starts[self.of_row] + 1

    def ids(self, name: str) -> Ids | None:
        """Which text of a column each claim has, or each line in a line column; None where there is no such column.

        A claim whose rows disagree is marked.
        """
        column = self.columns.get(name)
        if column is None:
            return None
        if name not in CLAIM_NAMES:
            return column.ids
        if name not in self._given:
            ids = column.ids
            found = ids[self.starts]
            if not np.array_equal(ids, found[self.of_row]):
                filled = np.flatnonzero(ids)
                of_row = self.of_row[filled]
                # Of several rows the last assigned is kept: the first that is filled.
                found[of_row[::-1]] = ids[filled[::-1]]
                self.irregular[of_row[ids[filled] != found[of_row]]] = True
            self._given[name] = found
        return self._given[name]

    def values(self, name: str) -> list[Any]:
        """The values of a column's texts. Claims with what cannot be read are marked."""
        values, bad = meaning.read(self.columns[name], KIND[name])
        self.refuse(name, bad)
        return values

    def source(self, name: str, none: str = "") -> Source | None:
        """The texts of a column, for the fields of claims or lines; ``none`` stands where it is empty."""
        ids = self.ids(name)
        if ids is None:
            return None
        number, bad = meaning.words(self.columns[name], KIND[name], self.words, none)
        self.refuse(name, bad)
        return number, ids

    def refuse(self, name: str, bad: Flags) -> None:
        """Mark the claims that have one of the texts that are ``bad`` in a column."""
        self._read.add(name)
        ids = self.ids(name)
        if ids is not None and bad.any():
            self.refuse_where(name in CLAIM_NAMES, bad[ids])

    def refuse_where(self, of_claims: bool, bad: Flags) -> None:
        """Mark claims that are bad, or in which a line is."""
        if of_claims:
            self.irregular |= bad
        else:
            self.irregular[self.of_row[bad]] = True

    def refuse_the_rest(self) -> None:
        """Mark what is wrong in the columns that nobody has asked for: it is wrong all the same."""
        for name in self.columns.keys() - self._read:
            self.values(name)
