"""Memory that the compiled reader writes to, used again for each part of a file: fresh memory is slow to touch."""

from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns import layout
from cleanclaim.claims.readers.x12_columns.native import native
from cleanclaim.claims.table_layout import CLAIM, DIAGNOSIS, LINE
from cleanclaim.claims.vocabulary import Ids, Vocabulary

LINES_OF_A_CLAIM: Final = 4
_DIAGNOSES_OF_A_CLAIM: Final = 4
_TEXTS_OF_A_CLAIM: Final = 3
_BYTES_OF_A_TEXT: Final = 24
_LEAST_TEXTS: Final = 4096
_LEAST: Final = 8192
"""Room that there always is, for one unusual claim."""


class _Texts:
    """Texts as the compiled functions take them, and room for their numbers."""

    def __init__(self, texts: Vocabulary) -> None:
        self.numbers: Ids = np.zeros(len(texts), np.int32)
        self._pool = np.concatenate([texts.pool, np.zeros(16, np.uint8)])
        self._starts = np.ascontiguousarray(texts.starts, np.int64)
        held = (self._pool, self._starts, self.numbers)
        self.arguments = (*(array.ctypes.data for array in held), len(texts))


class Buffers:
    """Room for about ``claims`` claims of usual size; ``head`` and ``work`` are as in :mod:`layout`.

    ``file`` is the file's name, which must fit a text.
    """

    def __init__(self, claims: int, file: str) -> None:
        self.claims = np.empty(claims + 2, CLAIM)
        self.lines = np.empty(LINES_OF_A_CLAIM * claims + _LEAST, LINE)
        self.diagnoses = np.empty(_DIAGNOSES_OF_A_CLAIM * claims + _LEAST, DIAGNOSIS)
        self.events = np.empty((claims + 64, layout.EVENT_WORDS), np.int64)
        room = np.zeros(layout.WORK_BYTES + layout.VECTOR, np.uint8)
        self.work = room[-room.ctypes.data % layout.VECTOR :]
        self.state = np.zeros(layout.STATE_WORDS, np.int64)
        texts = _TEXTS_OF_A_CLAIM * claims + _LEAST_TEXTS
        slots = 1 << (2 * texts - 1).bit_length()
        self.entries = np.empty((texts, layout.ENTRY // 8), np.int64)
        self.starts = np.zeros(texts + 1, np.int64)
        self.pool = np.empty(_BYTES_OF_A_TEXT * texts + (1 << 18), np.uint8)
        self.scratch = np.zeros(2 * layout.LONGEST, np.uint8)
        self.head = np.zeros(layout.HEAD_WORDS, np.int64)
        self._slots = np.empty(slots, np.int32)
        self.head[layout.SLOT_MASK // 8] = slots - 1
        self.head[layout.COUNT_LIMIT // 8] = texts
        self.head[layout.POOL_LIMIT // 8] = len(self.pool)
        self.head[layout.ENTRIES // 8] = self.entries.ctypes.data
        self.head[layout.SLOTS // 8] = self._slots.ctypes.data
        self.head[layout.POOL // 8] = self.pool.ctypes.data
        self.head[layout.STARTS // 8] = self.starts.ctypes.data
        self.head[layout.SCRATCH // 8] = self.scratch.ctypes.data
        self._first = _Texts(Vocabulary.of((*layout.FIRST_TEXTS, file)))
        self._head_at = self.head.ctypes.data
        rooms = (self.claims, self.lines, self.diagnoses, self.events)
        sizes = (len(self.claims) - 1, *map(len, rooms[1:]))
        self.arguments = (
            *(number for room, size in zip(rooms, sizes, strict=True) for number in (room.ctypes.data, size)),
            *(self._head_at, self.work.ctypes.data),
        )
        """What :func:`cleanclaim.claims.readers.x12_columns.body.read_pieces` is told of this memory."""
        self.state_at = self.state.ctypes.data

    def begin(self) -> int:
        """Forget every text but those all begin with; returns the number of the file's name."""
        self._slots.fill(0)
        self.head[layout.COUNT // 8] = 1
        self.head[layout.POOL_USED // 8] = 0
        self.head[layout.RECENT // 8 :] = 0
        self.entries[0] = 0
        numbers = self._added(self._first)
        assert numbers is not None
        return int(numbers[-1])

    def add(self, texts: Vocabulary) -> Ids | None:
        """The number of each of some texts here; None where there is no room, or one is too long."""
        return self._added(_Texts(texts))

    def _added(self, texts: _Texts) -> Ids | None:
        return texts.numbers if native().add_texts(*texts.arguments, self._head_at) else None

    def vocabulary(self, *, copied: bool) -> Vocabulary:
        """The texts so far."""
        count, used = int(self.head[layout.COUNT // 8]), int(self.head[layout.POOL_USED // 8])
        self.starts[count] = used
        pool, starts = self.pool[:used], self.starts[: count + 1]
        return Vocabulary(pool.copy(), starts.copy()) if copied else Vocabulary(pool, starts)
