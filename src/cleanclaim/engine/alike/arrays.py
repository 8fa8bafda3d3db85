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

    def of(self, texts: Sequence[str], used: Numbers) -> Numbers:
        """For each text of a table its number, where ``used`` names the place of the text; 0 for the others."""
        made = np.zeros(len(texts), np.int64)
        places = np.unique(used)
        made[places] = [self.number(texts[place]) for place in places.tolist()]
        return made

    def told(self, question: str, numbers: Numbers) -> Numbers:
        """What a question says of the texts with these numbers."""
        _, answers = self._asked[question]
        return np.array(answers, np.int64)[numbers]


class Rows:
    """A number for each distinct row of numbers met. Rows are compared whole: two that differ never share a number."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, columns: Sequence[npt.NDArray[Any]]) -> Numbers:
        """The number of each row of some columns."""
        return self.of_bytes(row_bytes(columns))

    def of_bytes(self, rows: Sequence[bytes]) -> Numbers:
        """The number of each row given as bytes."""
        numbers = self._numbers
        return np.array([numbers.setdefault(row, len(numbers)) for row in rows], np.int64)


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


def row_bytes(columns: Sequence[npt.NDArray[Any]]) -> list[bytes]:
    """Each row of some columns as bytes, which are equal where all its numbers are."""
    many = len(columns[0])
    if not many:
        return []
    matrix = np.empty((many, len(columns)), np.int32)
    for at, column in enumerate(columns):
        matrix[:, at] = column
    found: list[bytes] = matrix.view(f"V{4 * len(columns)}").ravel().tolist()
    return found


def halves(column: npt.NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """A column of 64 bits as two that fit a row."""
    return (column >> _HALF).astype(np.int32).astype(np.int64), column.astype(np.int32).astype(np.int64)


def all_of(flags: Flags, first: Numbers, count: Numbers) -> Flags:
    """Whether a flag is set for each of the ``count`` entries from ``first`` on; true where there are none."""
    unset = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(~flags, out=unset[1:])
    every: Flags = unset[first + count] == unset[first]
    return every
