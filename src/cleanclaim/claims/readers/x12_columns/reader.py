"""837 files to claim tables, with the compiled reader for what is in order and the slow one for the rest.

The result is that of the slow reader, claim by claim and reject by reject: what the compiled one does not take is read
by the slow one and put in its place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers import x12_837
from cleanclaim.claims.readers.content import let_go, let_go_now_and_then
from cleanclaim.claims.readers.x12_columns import layout
from cleanclaim.claims.readers.x12_columns.buffers import Buffers
from cleanclaim.claims.readers.x12_columns.envelope import Envelope, kind_number, ordinary
from cleanclaim.claims.readers.x12_columns.excerpt import ClaimExcerpt
from cleanclaim.claims.readers.x12_columns.native import native
from cleanclaim.claims.readers.x12_columns.parts import Part, Replaced, in_parts, put_in_place
from cleanclaim.claims.readers.x12_envelope import Lost, Transaction
from cleanclaim.claims.readers.x12_segment import Fault, free_text, trim
from cleanclaim.claims.readers.x12_transaction import TransactionReader
from cleanclaim.types import Reject

_CHARGE_MISSING: Final = "CLM02 is missing"
_MOST_PIECES: Final = 4096


@dataclass(slots=True)
class Counts:
    """How much the compiled reader took, and how much it handed over."""

    claims: int = 0
    claims_handed_over: int = 0
    transactions: int = 0
    transactions_handed_over: int = 0


class _Work(NamedTuple):
    """A transaction for the compiled reader."""

    transaction: Transaction
    piece: list[int]
    faults: tuple[str, ...]


@dataclass(slots=True)
class TableReader:
    """Reads one file in parts. ``claims`` is about how many claims a part has.

    With ``reused`` the arrays of a part are written over when the next one is asked for; with ``ahead``, when so many
    more have been.
    """

    content: bytes
    file: str
    claims: int = 8192
    reused: bool = False
    ahead: int = 0
    counts: Counts = field(default_factory=Counts)
    _named: bool = field(init=False)
    """The file's name is no longer than a text can be; a deep path in an archive may be."""
    _view: npt.NDArray[np.uint8] = field(init=False)
    _address: int = field(init=False)
    _buffers: deque[Buffers] = field(init=False)
    """The first is in use."""
    _envelope: Envelope = field(init=False)

    def parts(self) -> Iterator[Part]:
        """The claims and rejects of the file, in order.

        Raises:
            UnreadableFile: as the slow reader does.
        """
        self._named = len(self.file.encode("utf-8", "surrogatepass")) <= layout.LONGEST
        self._view = np.frombuffer(self.content, np.uint8)
        self._address = self._view.ctypes.data
        self._envelope = Envelope(self.content, self._view)
        x12_837.refuse_others(self.content, self.file, self._envelope.stretches)
        self._buffers = deque(Buffers(self.claims, self.file if self._named else "") for _ in range(1 + self.ahead))
        works: list[_Work] = []
        before = 0
        for stretch in self._envelope.stretches:
            work = self._work(stretch)
            # One look at each transaction's first and last bytes brings in much of a large file around them.
            let_go_now_and_then(self.content, before, stretch.start)
            before = stretch.start
            if work is not None and len(works) < _MOST_PIECES:
                works.append(work)
                continue
            yield from self._compiled(works)
            works = []
            if work is None:
                yield from self._slow(stretch)
            else:
                works.append(work)
        yield from self._compiled(works)

    def _slow(self, stretch: Transaction | Lost) -> Iterator[Part]:
        if isinstance(stretch, Transaction):
            self.counts.transactions += 1
            self.counts.transactions_handed_over += 1
        yield from in_parts(x12_837.read_stretch(self.content, self.file, stretch), self.claims)

    def _work(self, stretch: Transaction | Lost) -> _Work | None:
        """What the compiled reader is given for a stretch; None where it is nothing for it."""
        if not isinstance(stretch, Transaction) or stretch.trailer is None or not self._named:
            return None
        kind = x12_837.kind_of(stretch)
        if kind not in layout.KINDS or not ordinary(stretch.delimiters) or not self._envelope.counted(stretch):
            return None
        delimiters = stretch.delimiters
        piece = [0] * layout.PIECE_WORDS
        piece[layout.P_START], piece[layout.P_END] = stretch.start, stretch.trailer
        piece[layout.P_KIND] = kind_number(kind)
        piece[layout.P_ELEMENT], piece[layout.P_COMPONENT] = ord(delimiters.element), ord(delimiters.component)
        piece[layout.P_REPETITION] = ord(delimiters.repetition) if delimiters.repetition else 0
        piece[layout.P_TERMINATOR] = ord(delimiters.terminator)
        return _Work(stretch, piece, self._envelope.faults(stretch))

    def _compiled(self, works: list[_Work]) -> Iterator[Part]:
        """Transactions in a row, in parts as large as the buffers."""
        self.counts.transactions += len(works)
        faults: dict[tuple[str, ...], int] = {(): 0}
        for number, work in enumerate(works):
            work.piece[layout.P_TRANSACTION] = number
            work.piece[layout.P_FAULTS] = faults.setdefault(work.faults, len(faults))
        waiting = [work.piece for work in works]
        while waiting:
            state = self._call(waiting)
            done, position = int(state[layout.S_PIECE]), int(state[layout.S_POSITION])
            part, ended = self._part(state, works, list(faults))
            yield part
            if done:
                let_go(self.content, waiting[done - 1][layout.P_END])  # of a mapped file what has been read
            if position < 0:
                waiting = waiting[done:]
                continue
            piece = waiting[done]
            waiting = waiting[done + 1 :]
            # The levels around the place come first again, behind whatever they were read with before.
            if piece[layout.P_TRANSACTION] not in ended:
                waiting = [*_again(piece, works[piece[layout.P_TRANSACTION]].transaction, state), *waiting]

    def _call(self, pieces: list[list[int]]) -> npt.NDArray[np.int64]:
        self._buffers.rotate()
        buffers = self._buffers[0]
        name = buffers.begin()
        table = np.array(pieces, np.int64)
        native().read_pieces(
            *(self._address, len(self._view), table.ctypes.data, len(table)),
            *(*buffers.arguments, name, buffers.state_at),
        )
        return buffers.state

    def _part(
        self, state: npt.NDArray[np.int64], works: list[_Work], faults: list[tuple[str, ...]]
    ) -> tuple[Part, set[int]]:
        """What a call has read, with what it left to the slow reader; and the transactions that are done with that."""
        rows = int(state[layout.S_ROWS])
        buffers = self._buffers[0]
        events = buffers.events[: int(state[layout.S_EVENTS])].tolist()
        replaced: list[Replaced] = []
        ended: set[int] = set()
        starts = buffers.claims["byte"][:rows]
        for event in events:
            number = event[layout.E_TRANSACTION]
            if number in ended:
                continue
            work = works[number]
            row = event[layout.E_ROW]
            if event[layout.E_WHAT] == layout.REJECT_CLAIM:
                replaced.append(Replaced(row, row, [self._without_charge(event, work)]))
                continue
            item = self._claim(event, work) if event[layout.E_WHAT] == layout.READ_CLAIM else None
            if item is not None:
                self.counts.claims_handed_over += 1
                replaced.append(Replaced(row, row + 1, [item]))
                continue
            ended.add(number)
            self.counts.transactions_handed_over += 1
            assert work.transaction.trailer is not None
            last = int(np.searchsorted(starts, work.transaction.trailer))
            reader = TransactionReader(
                self.content, self.file, work.transaction, layout.KINDS[work.piece[layout.P_KIND]]
            )
            replaced.append(Replaced(row, last, list(islice(reader.read(), event[layout.E_ITEMS], None))))
        part = put_in_place(buffers, state, faults, replaced, reused=self.reused)
        self.counts.claims += len(part.table)
        return part, ended

    def _claim(self, event: list[int], work: _Work) -> Claim | Reject | None:
        """The claim of an event, read by the slow reader; None where the whole transaction has to be."""
        levels = event[layout.E_LEVELS : layout.E_LEVELS + 6]
        stretches = [(start, end) for start, end in zip(levels[::2], levels[1::2], strict=True) if end]
        excerpt = ClaimExcerpt(
            self.content,
            self.file,
            work.transaction,
            layout.KINDS[work.piece[layout.P_KIND]],
            header_end=event[layout.E_HEADER_END],
            stretches=[*stretches, (event[layout.E_START], event[layout.E_END])],
            envelope_faults=work.faults,
        )
        return excerpt.only()

    def _without_charge(self, event: list[int], work: _Work) -> Reject:
        """The reject of a claim that names no charge: it is read no further than its number, CLM01."""
        start, element = event[layout.E_START], work.transaction.delimiters.element
        end = self.content.find(work.transaction.terminator, start, event[layout.E_END])
        claim = free_text(trim(self.content[start:end].decode("latin-1").split(element, 2)[1]))
        return Reject(self.file, start, "CLM", str(Fault(start, "CLM", _CHARGE_MISSING)), claim or None)


def _again(piece: list[int], transaction: Transaction, state: npt.NDArray[np.int64]) -> Iterator[list[int]]:
    """The pieces with which the rest of a transaction is read: its header, the levels that are open, the rest."""
    found = state.tolist()
    header = piece.copy()
    header[layout.P_START], header[layout.P_END] = transaction.start, found[layout.S_HEADER_END]
    header[layout.P_ROLE] = layout.HEADER_AGAIN
    yield header
    for number in range(3):
        start, end = found[layout.S_LEVELS + 2 * number : layout.S_LEVELS + 2 * number + 2]
        if end:
            level = header.copy()
            level[layout.P_START], level[layout.P_END] = start, end
            level[layout.P_ROLE] = layout.LEVEL_AGAIN
            yield level
    rest = piece.copy()
    rest[layout.P_START] = found[layout.S_POSITION]
    rest[layout.P_ROLE] = layout.REST
    rest[layout.P_LAST_NUMBER] = found[layout.S_LAST_NUMBER]
    rest[layout.P_ITEMS] = found[layout.S_ITEMS]
    rest[layout.P_ODD] = found[layout.S_ODD]
    yield rest
