"""Which bytes of a file are transactions for the compiled reader, and which stretches the slow one reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.model import ClaimType
from cleanclaim.claims.readers import x12_envelope
from cleanclaim.claims.readers.content import let_go
from cleanclaim.claims.readers.x12_columns import layout
from cleanclaim.claims.readers.x12_columns.native import native
from cleanclaim.claims.readers.x12_envelope import BLANK, Delimiters, Transaction
from cleanclaim.claims.readers.x12_segment import Segment
from cleanclaim.claims.readers.x12_transaction import trailer_faults

_ROOM: Final = 4096
_STRETCH: Final = 1 << 23
"""Bytes gone through before those of a mapped file are let go."""
_ISA: Final = b"ISA"
_FIRST_BEYOND_ASCII: Final = 0x80
_NAMES: Final = {
    int.from_bytes(name.encode(), "little"): name for name in ("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1")
}


def ordinary(delimiters: Delimiters) -> bool:
    """No separator is a byte that is trimmed, or outside ASCII; the terminator may be a line end."""
    others = (delimiters.element, delimiters.component, delimiters.repetition)
    blank = BLANK.decode("latin-1")
    return (
        all(ord(other) < _FIRST_BEYOND_ASCII and other not in blank for other in others if other)
        and ord(delimiters.terminator) < _FIRST_BEYOND_ASCII
        and delimiters.terminator not in "\x00\x1a"
    )


class Envelope:
    """The stretches of a file, and how many segments its transactions have."""

    def __init__(self, content: bytes, view: npt.NDArray[np.uint8]) -> None:
        self._content = content
        self._view = view
        self._counts: dict[int, int] = {}
        self.stretches = x12_envelope.split(content, self._headers, self._marks)

    def faults(self, transaction: Transaction) -> tuple[str, ...]:
        """What is wrong with the envelope of a transaction that has its SE, as the slow reader words it."""
        assert transaction.trailer is not None
        faults = transaction.faults
        start = self._segment(transaction, transaction.start)
        trailer = self._segment(transaction, transaction.trailer)
        counted = self._counts[transaction.trailer] - self._counts[transaction.start] + 1
        return (*faults, *map(str, trailer_faults(start, trailer, counted)))

    def counted(self, transaction: Transaction) -> bool:
        """The compiled scan has been over the transaction."""
        return transaction.start in self._counts and transaction.trailer in self._counts

    def _segment(self, transaction: Transaction, start: int) -> Segment:
        end = self._content.find(transaction.terminator, start, transaction.end)
        text = self._content[start : transaction.end if end < 0 else end].decode("latin-1")
        return Segment(text, start, transaction.delimiters.element)

    def _headers(self, content: bytes) -> Iterator[int]:
        """As x12_envelope.headers: an ISA that stands inside the header of another is none."""
        behind = 0
        for at in self._letters(content):
            if at >= behind and (end := x12_envelope.header_end(content, at)):
                behind = end
                yield at

    def _letters(self, content: bytes) -> Iterator[int]:
        found, ended = np.empty(_ROOM, np.int64), np.empty(1, np.int64)
        address, end = self._view.ctypes.data, max(0, len(content) - layout.REACH)
        at = 0
        while at < end:
            until = min(at + _STRETCH, end)
            count = native().letters(address, at, until, found.ctypes.data, _ROOM, ended.ctypes.data)
            let_go(content, at)
            yield from found[:count].tolist()
            at = int(ended[0])
        at = end
        while (at := content.find(_ISA, at)) >= 0:
            yield at
            at += 1

    def _marks(self, content: bytes, start: int, limit: int, delimiters: Delimiters) -> Iterator[tuple[int, str]]:
        if not ordinary(delimiters):
            yield from x12_envelope.marks(content, start, limit, delimiters)
            return
        found, ended = np.empty((_ROOM, layout.MARK_WORDS), np.int64), np.empty(2, np.int64)
        address = self._view.ctypes.data
        separators = ord(delimiters.element), ord(delimiters.terminator)
        at, segments = start, 0
        while at < limit:
            until = min(at + _STRETCH, limit)
            count = native().marks(
                address, at, until, limit, *separators, segments, found.ctypes.data, _ROOM, ended.ctypes.data
            )
            let_go(content, at)
            for place, name, counted in found[:count].tolist():
                self._counts[place] = counted
                yield place, _NAMES[name]
            at, segments = ended.tolist()


def kind_number(kind: ClaimType) -> int:
    """The kind as the compiled reader counts them."""
    return 0 if kind is ClaimType.PROFESSIONAL else 1
