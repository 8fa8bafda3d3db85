"""The keys of patients: hashes of their identifiers, made eight at a time.

A processor mixes the words of eight identifiers in the time of one. So an identifier waits, in a lane of its own, until
all lanes are taken; up to then the claims of the patient hold the number of the lane in the place of the key.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.lanes import hash_lanes
from cleanclaim.claims.readers.x12_columns.layout import (
    C_PATIENT,
    CLAIM_BYTES,
    LANES,
    LONGEST_KEY,
    W_HASHES,
    W_LENGTHS,
    W_MESSAGE,
    X_WAITING,
    X_WAITING_ROW,
)
from cleanclaim.claims.readers.x12_columns.machine import helper, load_int64, load_word, signed, store_int64
from cleanclaim.claims.readers.x12_columns.words import first_bytes

_WORD: Final = 8
_NONE: Final = np.uint64(0)


@helper
def waiting_lane(work: int, text: int, length: int, row: int) -> int:
    """Have an identifier wait, of at most ``LONGEST_KEY`` bytes; the number of its lane, from 1.

    ``row`` is the address of the claim that is begun.
    """
    if load_int64(work + X_WAITING) == LANES:
        give_keys(work, row)
    lane = load_int64(work + X_WAITING)
    message = work + W_MESSAGE + _WORD * lane
    for at in range(0, LONGEST_KEY, _WORD):
        left = min(length - at, _WORD)
        word = first_bytes(load_word(text + at), left) if left > 0 else _NONE
        store_int64(message + LANES * at, signed(word))
    store_int64(work + W_LENGTHS + _WORD * lane, length)
    store_int64(work + X_WAITING, lane + 1)
    return lane + 1


@helper
def give_keys(work: int, row: int) -> None:
    """Make the keys of all identifiers that wait, and give them to the claims before ``row``.

    At 0, for no identifier, stands 0. A hash of 0, one in 2**64, is told as no key.
    """
    store_int64(work + W_HASHES, 0)
    hash_lanes(work + W_MESSAGE, work + W_LENGTHS, work + W_HASHES + _WORD)
    for at in range(load_int64(work + X_WAITING_ROW), row, CLAIM_BYTES):
        lane = load_int64(at + C_PATIENT)
        store_int64(at + C_PATIENT, load_int64(work + W_HASHES + _WORD * lane))
    store_int64(work + X_WAITING, 0)
    store_int64(work + X_WAITING_ROW, row)
