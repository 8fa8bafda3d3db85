"""One claim of a transaction read by the slow reader, without the claims around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from cleanclaim.claims.model import Claim, ClaimType
from cleanclaim.claims.readers.x12_envelope import Transaction
from cleanclaim.claims.readers.x12_levels import Level
from cleanclaim.claims.readers.x12_segment import Segment, segments
from cleanclaim.claims.readers.x12_transaction import TransactionReader
from cleanclaim.types import Reject


class ClaimExcerpt(TransactionReader):
    """Reads the header, the levels that are open, and one claim.

    ``stretches`` are first byte and end of the levels and of the claim. The numbers of the levels were looked at
    before: what comes between them here would make them look wrong.
    """

    def __init__(
        self,
        content: bytes,
        file: str,
        transaction: Transaction,
        kind: ClaimType,
        *,
        header_end: int,
        stretches: Sequence[tuple[int, int]],
        envelope_faults: tuple[str, ...],
    ) -> None:
        super().__init__(content, file, replace(transaction, end=header_end, trailer=None), kind)
        self._envelope_faults = envelope_faults
        delimiters = transaction.delimiters

        def read(start: int, end: int) -> Iterator[Segment]:
            texts = content[start:end].decode("latin-1").split(delimiters.terminator)
            return segments(texts, start, delimiters.element)

        self._stream = chain(self._stream, *(read(start, end) for start, end in stretches))

    def only(self) -> Claim | Reject | None:
        """The claim or its reject; None where what the claim holds also touches other claims."""
        items = list(self.read())
        if len(items) != 1 or any(level.error is not None for level in self._levels.values()):
            return None
        return items[0]

    def _check_numbers(self, segment: Segment, level: Level) -> None:
        """Nothing: see above."""

    def _finish(self) -> None:
        """Close the claim, which is whole although no SE follows."""
        self._close_claim()
