"""Numbers, days and the patient key, from the bytes of an element."""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: C901, PLR0912, PLR0917, PLR2004, SIM108
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.machine import helper, inlined, load_byte, load_word, signed
from cleanclaim.claims.readers.x12_columns.words import is_blank

NO_NUMBER: Final = -2
"""Scale of what only the slow reader can say: no number, or one that does not fit."""
MISSING: Final = -1
NO_DAY: Final = -1

_ONES: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_ZEROS: Final = np.uint64(0x3030303030303030)
_UPPER: Final = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIX: Final = np.uint64(0x0606060606060606)
_TENS: Final = np.uint64(2561)
_PAIRS: Final = np.uint64(0x00FF00FF00FF00FF)
_HUNDREDS: Final = np.uint64(6553601)
_QUARTETS: Final = np.uint64(0x0000FFFF0000FFFF)
_MYRIADS: Final = np.uint64(42949672960001)
_EIGHT: Final = np.uint64(8)
_SIXTEEN: Final = np.uint64(16)
_HALF: Final = np.uint64(32)
_NONE: Final = np.uint64(0)
_WORD: Final = 8
_MOST_DIGITS: Final = 18
_MOST_WHOLE: Final = 15
_MOST_DECIMALS: Final = 10
_DOT: Final = 0x2E
_MINUS: Final = 0x2D
_ZERO: Final = 0x30
_NINE: Final = 0x39


@inlined
def eight_digits(start: int, length: int) -> int:
    """The number that 1 to 8 digits give; -1 where a byte is none. Reads eight bytes."""
    shift = np.uint64(64 - 8 * length)
    word = load_word(start) << shift
    # The places before the digits are filled with zeros (shifting by 64 is not defined, and 8 digits have none).
    if length < _WORD:
        word |= _ZEROS >> np.uint64(8 * length)
    if (word & _UPPER) != _ZEROS or ((word + _SIX) & _UPPER) != _ZEROS:
        return -1
    word -= _ZEROS
    word = (word * _TENS) >> _EIGHT
    word = ((word & _PAIRS) * _HUNDREDS) >> _SIXTEEN
    return signed(((word & _QUARTETS) * _MYRIADS) >> _HALF)


@inlined
def amount(start: int, end: int) -> tuple[int, int]:
    """A number and its decimals (X12 data type R): scale MISSING where the element is empty, NO_NUMBER where odd."""
    length = end - start
    if length == 0:
        return 0, MISSING
    if length <= _WORD:
        number = eight_digits(start, length)
        if number >= 0:
            return number, 0
    return _slow_amount(start, end)


@helper
def _slow_amount(start: int, end: int) -> tuple[int, int]:
    while start < end and is_blank(load_byte(start)):
        start += 1
    while end > start and is_blank(load_byte(end - 1)):
        end -= 1
    if start == end:
        return 0, MISSING
    negative = load_byte(start) == _MINUS
    if negative:
        start += 1
    number = 0
    whole = 0
    decimals = -1
    for at in range(start, end):
        byte = load_byte(at)
        if _ZERO <= byte <= _NINE:
            number = number * 10 + (byte - _ZERO)
            if decimals < 0:
                whole += 1
            else:
                decimals += 1
        elif byte == _DOT and decimals < 0:
            decimals = 0
        else:
            return 0, NO_NUMBER
        if whole + decimals > _MOST_DIGITS:
            return 0, NO_NUMBER
    scale = max(decimals, 0)
    if whole > _MOST_WHOLE or scale > _MOST_DECIMALS or whole + scale == 0 or whole + scale >= _MOST_DIGITS:
        return 0, NO_NUMBER
    if negative:
        if number == 0:
            return 0, NO_NUMBER  # Decimal keeps the sign of a zero; the records cannot
        number = -number
    return number, scale


@helper
def ordinal(digits: int) -> int:
    """The ordinal of a day given as the number CCYYMMDD; NO_DAY where there is no such day."""
    year = digits // 10000
    month = digits // 100 % 100
    day = digits % 100
    if year < 1 or month < 1 or month > 12 or day < 1:
        return NO_DAY
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month == 2:
        longest = 29 if leap else 28
    else:
        longest = 30 if month in (4, 6, 9, 11) else 31
    if day > longest:
        return NO_DAY
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    # Days before the month in a year that begins in March have a pattern; January and February end such a year.
    if month > 2:
        days += (153 * (month - 3) + 2) // 5 + (60 if leap else 59)
    elif month == 2:
        days += 31
    return days + day


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
_START: Final = tuple(
    np.uint64(word)
    for word in (
        *(0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1),
        *(0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179),
    )
)
_H0, _H1, _H2, _H3, _H4, _H5, _H6, _H7 = _START
_PARAMETERS: Final = np.uint64(0x01010008)
"""A digest of 8 bytes, no key, one leaf (RFC 7693, 2.5)."""
LONGEST_KEY: Final = 128
"""Bytes of one block: a longer identifier is hashed by the slow reader."""


@helper
def _turned(word: np.uint64, right: int) -> np.uint64:
    return (word >> np.uint64(right)) | (word << np.uint64(64 - right))


@helper
def _mixed(
    a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, x: np.uint64, y: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    a = a + b + x
    d = _turned(d ^ a, 32)
    c = c + d
    b = _turned(b ^ c, 24)
    a = a + b + y
    d = _turned(d ^ a, 16)
    c = c + d
    b = _turned(b ^ c, 63)
    return a, b, c, d


@helper
def hashed(block: int, length: int) -> int:
    """BLAKE2b with a digest of 8 bytes (RFC 7693) of ``length`` bytes, at most 128, as a big-endian number.

    ``block`` is the address of 128 bytes, zero behind the text.
    """
    v0, v1, v2, v3, v4, v5, v6, v7 = _H0 ^ _PARAMETERS, _H1, _H2, _H3, _H4, _H5, _H6, _H7
    v8, v9, v10, v11 = _H0, _H1, _H2, _H3
    v12, v13, v14, v15 = _H4 ^ np.uint64(length), _H5, _H6 ^ _ONES, _H7
    for turn in range(12):
        s = _SIGMA[turn]
        v0, v4, v8, v12 = _mixed(v0, v4, v8, v12, load_word(block + 8 * s[0]), load_word(block + 8 * s[1]))
        v1, v5, v9, v13 = _mixed(v1, v5, v9, v13, load_word(block + 8 * s[2]), load_word(block + 8 * s[3]))
        v2, v6, v10, v14 = _mixed(v2, v6, v10, v14, load_word(block + 8 * s[4]), load_word(block + 8 * s[5]))
        v3, v7, v11, v15 = _mixed(v3, v7, v11, v15, load_word(block + 8 * s[6]), load_word(block + 8 * s[7]))
        v0, v5, v10, v15 = _mixed(v0, v5, v10, v15, load_word(block + 8 * s[8]), load_word(block + 8 * s[9]))
        v1, v6, v11, v12 = _mixed(v1, v6, v11, v12, load_word(block + 8 * s[10]), load_word(block + 8 * s[11]))
        v2, v7, v8, v13 = _mixed(v2, v7, v8, v13, load_word(block + 8 * s[12]), load_word(block + 8 * s[13]))
        v3, v4, v9, v14 = _mixed(v3, v4, v9, v14, load_word(block + 8 * s[14]), load_word(block + 8 * s[15]))
    digest = (_H0 ^ _PARAMETERS) ^ v0 ^ v8
    turned = _NONE
    for _ in range(8):
        turned = (turned << _EIGHT) | (digest & np.uint64(0xFF))
        digest >>= _EIGHT
    return signed(turned)
