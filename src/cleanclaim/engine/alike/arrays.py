"""Numbers for texts and for rows of numbers that stay the same from table to table."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_HALF: Final = 32
_HASHES: Final = 1 << 15
_SHIFT: Final = np.uint64(64 - 15)
"""Leaves so many bits of 64 as a hash has."""
_FACTORS: Final = np.random.default_rng(0).integers(1 << 63, dtype=np.uint64, size=64) * 2 + 1
"""Odd numbers without a pattern, one for each number of a packed row."""
_HEAD: Final = -1
"""Stands where a number does, before what begins a sequence."""


class Texts:
    """A number for each text met; what is asked of a text is asked once."""

    def __init__(self, **questions: Callable[[str], int]) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._asked = {name: (question, array("q", [question("")])) for name, question in questions.items()}
        """Each question with its answers, at the places of their texts' numbers."""

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, text: str) -> int:
        """The number of a text."""
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self._numbers)
            for question, answers in self._asked.values():
                answers.append(question(text))
        return found

    def of(self, texts: Sequence[str], columns: Iterable[npt.NDArray[Any]]) -> Numbers:
        """For each text of a table its number, where some of ``columns`` names the place of the text; 0 for others."""
        used = np.zeros(len(texts), np.bool_)
        for column in columns:
            used[column] = True
        places = np.flatnonzero(used)
        wanted = [texts[place] for place in places.tolist()]
        known = self._numbers
        made = np.zeros(len(texts), np.int64)
        made[places] = [known.get(text) or self.number(text) for text in wanted]
        return made

    def told(self, question: str, numbers: Numbers) -> Numbers:
        """What a question says of the texts with these numbers."""
        _, answers = self._asked[question]
        return np.array(answers, np.int64)[numbers]


class Rows:
    """A number for each distinct row of numbers met. Rows are compared whole: two that differ never share a number.

    Every row is in a dictionary. Most are like one met lately, so the last row of each hash is in an array besides,
    where those of a whole table are compared at once: that takes a third of the time.
    """

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._lately = np.zeros((_HASHES, 0), np.uint64)
        """For each hash the last row that had it."""
        self._lately_numbers = np.full(_HASHES, -1)
        """For each hash the number of that row; -1 where there was none."""

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, columns: Sequence[npt.NDArray[Any]]) -> Numbers:
        """The number of each row of some columns, which are as many each time."""
        rows = _packed(columns)
        if not self._lately.shape[1]:
            self._lately = np.zeros((_HASHES, rows.shape[1]), np.uint64)
        hashes = (rows @ _FACTORS[: rows.shape[1]] >> _SHIFT).astype(np.intp)
        numbers = self._lately_numbers[hashes]
        others = np.flatnonzero((numbers < 0) | (self._lately.take(hashes, axis=0) != rows).any(axis=1))
        if len(others):
            numbers[others] = self._looked_up(rows[others])
            kept, first = np.unique(hashes[others], return_index=True)
            self._lately[kept] = rows[others[first]]
            self._lately_numbers[kept] = numbers[others[first]]
        return numbers

    def _looked_up(self, rows: npt.NDArray[np.uint64]) -> list[int]:
        numbers = self._numbers
        whole: list[bytes] = rows.view(f"V{rows.itemsize * rows.shape[1]}").ravel().tolist()
        return [numbers.setdefault(row, len(numbers)) for row in whole]

    def followed(self, heads: Numbers, entries: Numbers, first: Numbers, count: Numbers) -> Numbers:
        """A number for each head, followed by the ``count`` entries from ``first`` on."""
        numbers = self.of([np.full(len(heads), _HEAD), heads])
        for at in range(int(count.max(initial=0))):
            longer = np.flatnonzero(count > at)
            numbers[longer] = self.of([numbers[longer], entries[first[longer] + at]])
        return numbers


def _packed(columns: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.uint64]:
    """Each row of some columns of 32 bits as half as many numbers, which are equal where all its own are."""
    packed = np.zeros((len(columns[0]), (len(columns) + 1) // 2), np.uint64)
    halved = packed.view(np.int32)
    for at, column in enumerate(columns):
        halved[:, at] = column
    return packed


class AskedOnce:
    """An answer for each distinct row of some columns, which is asked of the first such row met."""

    def __init__(self) -> None:
        self._rows = Rows()
        self._answers = array("q")

    def __len__(self) -> int:
        return len(self._rows)

    def of(self, columns: Sequence[npt.NDArray[Any]], ask: Callable[[Numbers], Iterable[int]]) -> Numbers:
        """The number of each row. ``ask`` is given the places of rows not met before, and answers in their order."""
        numbers = self._rows.of(columns)
        new = np.flatnonzero(numbers >= len(self._answers))
        if len(new):
            _, first = np.unique(numbers[new], return_index=True)
            self._answers.extend(ask(new[first]))
        return numbers

    def told(self, numbers: Numbers) -> Numbers:
        """The answers to the rows with these numbers."""
        return np.array(self._answers, np.int64)[numbers]


def halves(column: npt.NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """A column of 64 bits as two that fit a row."""
    return (column >> _HALF).astype(np.int32).astype(np.int64), column.astype(np.int32).astype(np.int64)


def all_of(flags: Flags, first: Numbers, count: Numbers) -> Flags:
    """Whether a flag is set for each of the ``count`` entries from ``first`` on; true where there are none."""
    unset = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(~flags, out=unset[1:])
    every: Flags = unset[first + count] == unset[first]
    return every
