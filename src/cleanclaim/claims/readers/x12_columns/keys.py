"""The keys of patients: BLAKE2b (RFC 7693) of their identifiers, eight at a time.

A processor mixes the words of eight identifiers in the time of one. So an identifier waits, in a lane of its own, until
all lanes are taken; up to then the claims of the patient hold the number of the lane in the place of the key.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: PLR0917
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.layout import (
    C_PATIENT,
    CLAIM_BYTES,
    LANES,
    LONGEST_KEY,
    VECTOR,
    W_HASHES,
    W_MESSAGE,
    W_MIXED,
    X_WAITING,
    X_WAITING_ROW,
)
from cleanclaim.claims.readers.x12_columns.machine import (
    helper,
    load_int64,
    load_word,
    mix_lanes,
    signed,
    store_int64,
)
from cleanclaim.claims.readers.x12_columns.words import first_bytes

_WORD: Final = 8
_BYTE: Final = np.uint64(0xFF)
_EIGHT: Final = np.uint64(8)
_NONE: Final = np.uint64(0)
_ONES: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_PARAMETERS: Final = np.uint64(0x01010008)
"""A digest of 8 bytes, no key, one leaf (RFC 7693, 2.5)."""
_START: Final = np.array(
    [
        *(0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1),
        *(0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179),
    ],
    np.uint64,
)
_SIGMA: Final = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    ],
    np.int64,
)
"""The order in which each round takes the message words (RFC 7693, 2.7)."""


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
    # What the length is mixed with (RFC 7693, 3.2): the text is the last block, and the first.
    store_int64(work + W_MIXED + 12 * VECTOR + _WORD * lane, signed(_START[4] ^ np.uint64(length)))
    store_int64(work + X_WAITING, lane + 1)
    return lane + 1


@helper
def give_keys(work: int, row: int) -> None:
    """Make the keys of all identifiers that wait, and give them to the claims before ``row``."""
    _hash_lanes(work)
    for at in range(load_int64(work + X_WAITING_ROW), row, CLAIM_BYTES):
        lane = load_int64(at + C_PATIENT)
        store_int64(at + C_PATIENT, load_int64(work + W_HASHES + _WORD * lane))
    store_int64(work + X_WAITING, 0)
    store_int64(work + X_WAITING_ROW, row)


@helper
def _hash_lanes(work: int) -> None:
    """The hashes of all lanes, as big-endian numbers; at 0, for no identifier, 0."""
    mixed = work + W_MIXED
    message = work + W_MESSAGE
    first = _START[0] ^ _PARAMETERS
    for at in range(0, VECTOR, _WORD):
        store_int64(mixed + at, signed(first))
        for word in range(1, 8):
            store_int64(mixed + VECTOR * word + at, signed(_START[word]))
        for word in range(4):
            store_int64(mixed + VECTOR * (8 + word) + at, signed(_START[word]))
        store_int64(mixed + VECTOR * 13 + at, signed(_START[5]))  # at 12 is what the length was mixed with
        store_int64(mixed + VECTOR * 14 + at, signed(_START[6] ^ _ONES))
        store_int64(mixed + VECTOR * 15 + at, signed(_START[7]))
    for turn in range(len(_SIGMA)):
        for one in range(4):
            _mix(mixed, one, 0, message, turn, 2 * one)
        for one in range(4):
            _mix(mixed, one, 1, message, turn, 8 + 2 * one)
    store_int64(work + W_HASHES, 0)
    for at in range(0, VECTOR, _WORD):
        digest = first ^ load_word(mixed + at) ^ load_word(mixed + 8 * VECTOR + at)
        turned = _NONE
        for _ in range(8):
            turned = (turned << _EIGHT) | (digest & _BYTE)
            digest >>= _EIGHT
        # A hash of 0, one in 2**64, is told as no key.
        store_int64(work + W_HASHES + _WORD + at, signed(turned))


@helper
def _mix(mixed: int, column: int, step: int, message: int, turn: int, at: int) -> None:
    """The function G (RFC 7693, 3.1) on a column, or on a diagonal, which steps a column further with each row."""
    mix_lanes(
        mixed + VECTOR * column,
        mixed + VECTOR * (4 + ((column + step) & 3)),
        mixed + VECTOR * (8 + ((column + 2 * step) & 3)),
        mixed + VECTOR * (12 + ((column + 3 * step) & 3)),
        message + VECTOR * _SIGMA[turn, at],
        message + VECTOR * _SIGMA[turn, at + 1],
    )
