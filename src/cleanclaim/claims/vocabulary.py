"""Texts by number: each distinct text is kept once, as UTF-8, and told apart by an ``int32``. 0 is ``""``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ids = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]

_ENCODING = "utf-8"
# A lone surrogate (a JSON escape can hold one) is kept as it is.
_ERRORS = "surrogatepass"


class Vocabulary:
    """Distinct texts. ``pool`` holds their bytes one after the other, ``starts`` where each begins, and the end."""

    __slots__ = ("_all", "pool", "starts")

    def __init__(self, pool: Bytes, starts: Starts) -> None:
        self.pool = pool
        self.starts = starts
        self._all: list[str] | None = None

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """A vocabulary of ``texts`` in this order; the first must be ``""``, and no text may come twice."""
        return cls._of_encoded([text.encode(_ENCODING, _ERRORS) for text in texts])

    @classmethod
    def _of_encoded(cls, texts: Collection[bytes]) -> Self:
        starts = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
        return cls(np.frombuffer(b"".join(texts), np.uint8), starts)

    @classmethod
    def merged(cls, vocabularies: Iterable[Vocabulary]) -> tuple[Self, list[Ids]]:
        """One vocabulary of all texts, and for each vocabulary the new number of each old one."""
        pieces = [vocabulary.encoded() for vocabulary in vocabularies]
        distinct = dict.fromkeys(chain((b"",), *pieces))
        number_of = dict(zip(distinct, range(len(distinct)), strict=True)).__getitem__
        renumbered = [np.fromiter(map(number_of, piece), np.int32, len(piece)) for piece in pieces]
        return cls._of_encoded(distinct), renumbered

    def encoded(self) -> list[bytes]:
        """Every text as UTF-8, at the place of its number."""
        pool = self.pool.tobytes()
        return [pool[start:end] for start, end in pairwise(self.starts.tolist())]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text(self, number: int) -> str:
        """The text with this number."""
        return self.texts()[number]

    def texts(self) -> Sequence[str]:
        """Every text, at the place of its number."""
        if self._all is None:
            self._all = self._texts()
        return self._all

    def _texts(self) -> list[str]:
        pool, starts = self.pool.tobytes(), self.starts.tolist()
        if pool.isascii():
            whole = pool.decode("ascii")
            return [whole[start:end] for start, end in pairwise(starts)]
        return [pool[start:end].decode(_ENCODING, _ERRORS) for start, end in pairwise(starts)]

    def only(self, used: Iterable[Ids]) -> tuple[Vocabulary, Ids]:
        """A vocabulary of the texts with the numbers ``used``, and the new number of each old one."""
        kept = np.zeros(len(self), np.bool_)
        kept[0] = True
        for some in used:
            kept[some] = True
        numbers = np.flatnonzero(kept)
        renumbered = np.zeros(len(self), np.int32)
        renumbered[numbers] = np.arange(len(numbers), dtype=np.int32)
        starts, ends = self.starts[:-1][numbers], self.starts[1:][numbers]
        new = np.zeros(len(numbers) + 1, np.int64)
        np.cumsum(ends - starts, out=new[1:])
        # Each byte of the new pool comes from where its text began, as far on as it stands in its text.
        source = np.repeat(starts - new[:-1], ends - starts) + np.arange(new[-1])
        return Vocabulary(self.pool[source], new), renumbered
