"""The texts of a table, gathered from its columns and then numbered all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleanclaim.claims.readers.table_columns import arrays
from cleanclaim.claims.readers.table_columns.column import Ids
from cleanclaim.claims.vocabulary import Vocabulary

_ENCODING: Final = "utf-8"
_ERRORS: Final = "surrogatepass"  # as in the vocabulary

Source = tuple[int, Ids]
"""Texts that were added, by their number, and for each record which of them; 0 is none of them."""


class Words:
    """Collects texts and the fields to be filled with their numbers; :meth:`settle` fills them."""

    def __init__(self) -> None:
        self._texts: list[pa.LargeBinaryArray] = []
        self._fields: list[tuple[npt.NDArray[np.int32], tuple[Source, ...]]] = []
        self.add([""])

    def add(self, texts: Sequence[str] | pa.LargeStringArray | pa.LargeBinaryArray) -> int:
        """Texts that fields can be filled with."""
        if isinstance(texts, pa.Array):
            self._texts.append(texts.cast(pa.large_binary()))
        else:
            self._texts.append(arrays.binary([text.encode(_ENCODING, _ERRORS) for text in texts]))
        return len(self._texts) - 1

    def fill(self, field: npt.NDArray[np.int32], *sources: Source) -> None:
        """Fill a field of the records: from the first source that has a text, else with text 0 of the last."""
        self._fields.append((field, sources))

    def settle(self) -> tuple[Vocabulary, list[Ids]]:
        """Number the texts and fill the fields. The vocabulary, and by texts added the numbers they got."""
        coded = pa.concat_arrays(self._texts).dictionary_encode()
        ends = np.cumsum([len(texts) for texts in self._texts])
        numbers = np.split(arrays.filled(coded.indices).astype(np.int32), ends[:-1])
        for field, sources in self._fields:
            *first, (last, ids) = sources
            found = numbers[last][ids]
            for number, own in reversed(first):
                found = np.where(own, numbers[number][own], found)
            field[...] = found
        _, offsets, data = coded.dictionary.buffers()
        many = len(coded.dictionary)
        starts = np.frombuffer(offsets, np.int64)[coded.dictionary.offset : coded.dictionary.offset + many + 1]
        pool = np.frombuffer(data, np.uint8)[starts[0] : starts[-1]] if data else np.zeros(0, np.uint8)
        return Vocabulary(pool, starts - starts[0]), numbers


def numbered_rows(first: int, many: int) -> pa.LargeBinaryArray:
    """``row 7``, ``row 8`` ...: how the places of ``many`` rows are called from number ``first`` on."""
    pieces = []
    while many:
        width = len(str(first))
        here = min(many, 10**width - first)
        numbers = np.arange(first, first + here, dtype=np.int64)
        texts = np.empty((here, len(_ROW) + width), np.uint8)
        texts[:, : len(_ROW)] = np.frombuffer(_ROW, np.uint8)
        for place in range(width):
            texts[:, -1 - place] = numbers // 10**place % 10 + ord("0")
        starts = np.arange(0, texts.size + 1, texts.shape[1], dtype=np.int64)
        pieces.append(pa.Array.from_buffers(pa.large_binary(), here, [None, pa.py_buffer(starts), pa.py_buffer(texts)]))
        first, many = first + here, many - here
    return pa.concat_arrays(pieces) if pieces else arrays.binary([])


_ROW: Final = b"row "
