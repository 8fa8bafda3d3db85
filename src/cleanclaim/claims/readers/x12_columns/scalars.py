"""Numbers, days and the patient key, from the bytes of an element."""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: C901, PLR0912, PLR2004, SIM108
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
