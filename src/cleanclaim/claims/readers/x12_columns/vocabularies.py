"""Texts that come from Python, put among those the compiled reader has found."""

from __future__ import annotations

from cleanclaim.claims.readers.x12_columns.layout import LONGEST
from cleanclaim.claims.readers.x12_columns.machine import kernel, load_int64, store_int32
from cleanclaim.claims.readers.x12_columns.words import exactly_numbered


@kernel
def add_texts(pool: int, starts: int, numbers: int, count: int, vocabulary: int) -> int:
    """Give each text of a pool, as it stands, its number; 0 where there is no room, or one is too long, else 1."""
    for at in range(count):
        start = load_int64(starts + 8 * at)
        length = load_int64(starts + 8 * at + 8) - start
        if length > LONGEST:
            return 0
        found = exactly_numbered(pool + start, length, vocabulary)
        if found < 0:
            return 0
        store_int32(numbers + 4 * at, found)
    return 1
