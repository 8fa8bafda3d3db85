"""Memory that the compiled reader writes to, used again for each part of a file: fresh memory is slow to touch."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

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


class Buffers:
    """Room for about ``claims`` claims of usual size; ``head`` and ``work`` are as in :mod:`layout`."""

    def __init__(self, claims: int) -> None:
        self.claims = np.empty(claims + 2, CLAIM)
        self.lines = np.empty(LINES_OF_A_CLAIM * claims + _LEAST, LINE)
        self.diagnoses = np.empty(_DIAGNOSES_OF_A_CLAIM * claims + _LEAST, DIAGNOSIS)
        self.events = np.zeros((claims + 64, layout.EVENT_WORDS), np.int64)
        self.work = np.zeros(layout.WORK_BYTES, np.uint8)
        self.state = np.zeros(layout.STATE_WORDS, np.int64)
        texts = _TEXTS_OF_A_CLAIM * claims + _LEAST_TEXTS
        slots = 1 << (2 * texts - 1).bit_length()
        self.entries = np.empty((texts, layout.ENTRY // 8), np.int64)
        self.pool = np.empty(_BYTES_OF_A_TEXT * texts + (1 << 18), np.uint8)
        self.scratch = np.zeros(2 * layout.LONGEST, np.uint8)
        self.head = np.zeros(layout.HEAD_WORDS, np.int64)
        self._slots = np.zeros(slots, np.int32)
        self.head[layout.SLOT_MASK // 8] = slots - 1
        self.head[layout.COUNT_LIMIT // 8] = texts
        self.head[layout.POOL_LIMIT // 8] = len(self.pool)
        self.head[layout.ENTRIES // 8] = self.entries.ctypes.data
        self.head[layout.SLOTS // 8] = self._slots.ctypes.data
        self.head[layout.POOL // 8] = self.pool.ctypes.data
        self.head[layout.SCRATCH // 8] = self.scratch.ctypes.data
        self._first = Vocabulary.of(layout.FIRST_TEXTS)
        self._used: Ids = np.zeros(0, np.int32)

    def begin(self, file: str) -> int:
        """Forget every text but those all begin with; returns the number of the file's name, which must fit."""
        self._slots.fill(0)
        self.head[layout.COUNT // 8] = 1
        self.head[layout.POOL_USED // 8] = 0
        self.entries[0] = 0
        numbers = self.add(self._first)
        assert numbers is not None
        own = self.add(Vocabulary.of(("", file) if file else ("",)))
        assert own is not None
        return int(own[1]) if file else 0

    def add(self, texts: Vocabulary) -> Ids | None:
        """The number of each of some texts here; None where there is no room, or one is too long."""
        numbers = np.zeros(len(texts), np.int32)
        pool = np.concatenate([texts.pool, np.zeros(16, np.uint8)])
        starts = np.ascontiguousarray(texts.starts, np.int64)
        done = native().add_texts(
            pool.ctypes.data, starts.ctypes.data, numbers.ctypes.data, len(numbers), self.head.ctypes.data
        )
        return numbers if done else None

    def vocabulary(self, *, copied: bool) -> Vocabulary:
        """The texts so far."""
        count, used = int(self.head[layout.COUNT // 8]), int(self.head[layout.POOL_USED // 8])
        starts = np.empty(count + 1, np.int64)
        starts[:count] = self.entries[:count, 3]
        starts[count] = used
        pool: npt.NDArray[Any] = self.pool[:used]
        return Vocabulary(pool.copy() if copied else pool, starts)
