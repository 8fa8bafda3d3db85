"""Short texts as machine words: which are as they should be already, and each distinct one under a number.

A text is *plain* when trimming and upper case leave it as it is and no byte of it is a control character or outside
ASCII. A text that is not is made so in a scratch place, or refused (-1) where only the slow reader can say what it
means. Reading a text may touch up to 16 bytes behind it: a tile has that much behind its end.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: PLR0917, SIM110
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.layout import (
    COUNT,
    COUNT_LIMIT,
    ENTRIES,
    ENTRY,
    LONGEST,
    POOL,
    POOL_LIMIT,
    POOL_USED,
    RECENT,
    RECENT_BITS,
    SCRATCH,
    SLOT_MASK,
    SLOTS,
    STARTS,
)
from cleanclaim.claims.readers.x12_columns.machine import (
    helper,
    inlined,
    load_byte,
    load_int64,
    load_uint32,
    load_word,
    signed,
    store_byte,
    store_int32,
    store_int64,
)

REFUSED: Final = -1
_ONES: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_HIGH: Final = np.uint64(0x8080808080808080)
_SIXES: Final = np.uint64(0x4040404040404040)
_ONE: Final = np.uint64(1)
_NONE: Final = np.uint64(0)
_MIX_1: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_2: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_3: Final = np.uint64(0x165667B19E3779F9)
_HALF: Final = np.uint64(32)
_WORD: Final = 8
_TWO_WORDS: Final = 16
_SPACE: Final = 0x20
_DELETE: Final = 0x7F
_SMALL_A: Final = 0x61
_SMALL_Z: Final = 0x7A


@helper
def first_bytes(word: np.uint64, count: int) -> np.uint64:
    """The first ``count`` bytes of a word, 1 to 8; the rest zero."""
    return word & (_ONES >> np.uint64(64 - 8 * count))


@helper
def is_blank(byte: int) -> bool:
    """A byte that is trimmed: space, tab, line end, NUL, end-of-file mark."""
    return byte <= _SPACE and (byte in (0x20, 0x0A, 0x0D, 0x09, 0, 0x1A))


@helper
def trimmed_start(start: int, end: int) -> int:
    """Address of the first byte that is not blank."""
    while start < end and is_blank(load_byte(start)):
        start += 1
    return start


@helper
def trimmed_end(start: int, end: int) -> int:
    """Address behind the last byte that is not blank."""
    while end > start and is_blank(load_byte(end - 1)):
        end -= 1
    return end


@helper
def _is_plain(word: np.uint64, count: int) -> bool:
    """No byte is a control character, small letter or outside ASCII, as far as the first ``count`` go.

    Such bytes have one and only one of their bits 5 and 6, and not bit 7.
    """
    marks = _SIXES & (_ONES >> np.uint64(64 - 8 * count))
    return bool((word & _HIGH) == _NONE and ((word ^ (word << _ONE)) & _SIXES) == marks)


@helper
def is_plain(start: int, end: int, first: np.uint64, second: np.uint64) -> bool:
    """A text of 1 to 16 bytes is plain; ``first`` and ``second`` are its words, zero behind it."""
    length = end - start
    if _spaced(start, end) or not _is_plain(first, min(length, _WORD)):
        return False
    return length <= _WORD or _is_plain(second, length - _WORD)


@helper
def _spaced(start: int, end: int) -> bool:
    """The text begins or ends with a space."""
    return load_byte(start) == _SPACE or load_byte(end - 1) == _SPACE


@inlined
def code(start: int, end: int) -> int:
    """A qualifier of up to seven bytes, trimmed and in upper case, packed with its length; -1 for a longer one."""
    length = end - start
    if 0 < length < _WORD:
        word = first_bytes(load_word(start), length)
        if _is_plain(word, length) and not _spaced(start, end):
            return signed(word) | (length << 56)
    return _odd_code(start, end)


@helper
def _odd_code(start: int, end: int) -> int:
    start = trimmed_start(start, end)
    end = trimmed_end(start, end)
    if end - start >= _WORD:
        return -1
    packed = (end - start) << 56
    for at in range(end - start):
        byte = load_byte(start + at)
        if _SMALL_A <= byte <= _SMALL_Z:
            byte -= 0x20
        packed |= byte << (8 * at)
    return packed


@helper
def number_of(start: int, end: int, fold: bool, vocabulary: int) -> int:
    """The number of a text, trimmed, in upper case where ``fold``; -1 where it is refused. 0 is ``""``."""
    length = end - start
    if length == 0:
        return 0
    if length > _TWO_WORDS:
        return _odd_number(start, end, fold, vocabulary)
    first = load_word(start)
    second = _NONE
    if length <= _WORD:
        first = first_bytes(first, length)
    else:
        second = first_bytes(load_word(start + _WORD), length - _WORD)
    # The recent ones are plain, so their words tell their length. Only such a text, with NULs behind it or not, which
    # are trimmed, has the same words.
    place = ((first * _MIX_1) ^ (second * _MIX_2)) >> np.uint64(64 - RECENT_BITS)
    recent = vocabulary + RECENT + ENTRY * signed(place)
    if load_word(recent) == first and load_word(recent + 8) == second:
        return load_int64(recent + 16)
    if is_plain(start, end, first, second):
        return _numbered_lately(start, length, first, second, vocabulary, recent)
    return _odd_number(start, end, fold, vocabulary)


@helper
def _numbered_lately(start: int, length: int, first: np.uint64, second: np.uint64, vocabulary: int, recent: int) -> int:
    """The number of a plain text of up to two words, which is one of the recent ones then."""
    number = _numbered(start, length, first, second, vocabulary)
    if number != REFUSED:
        store_int64(recent, signed(first))
        store_int64(recent + 8, signed(second))
        store_int64(recent + 16, number)
    return number


@helper
def _odd_number(start: int, end: int, fold: bool, vocabulary: int) -> int:
    start = trimmed_start(start, end)
    end = trimmed_end(start, end)
    length = end - start
    if length == 0:
        return 0
    if length > LONGEST:
        return REFUSED
    scratch = load_int64(vocabulary + SCRATCH)
    for at in range(length):
        byte = load_byte(start + at)
        if byte < _SPACE or byte >= _DELETE:
            return REFUSED
        if fold and _SMALL_A <= byte <= _SMALL_Z:
            byte -= 0x20
        store_byte(scratch + at, byte)
    return exactly_numbered(scratch, length, vocabulary)


@helper
def exactly_numbered(start: int, length: int, vocabulary: int) -> int:
    """The number of a text as it stands; -1 where there is no room."""
    if length == 0:
        return 0
    first = first_bytes(load_word(start), min(length, _WORD))
    second = first_bytes(load_word(start + _WORD), min(length - _WORD, _WORD)) if length > _WORD else _NONE
    return _numbered(start, length, first, second, vocabulary)


@helper
def _numbered(start: int, length: int, first: np.uint64, second: np.uint64, vocabulary: int) -> int:
    """The number of the text whose first two words are given."""
    mixed = (first * _MIX_1) ^ (second * _MIX_2) ^ (np.uint64(length) * _MIX_3)
    if length > _TWO_WORDS:
        for at in range(_TWO_WORDS, length, _WORD):
            mixed = (mixed ^ first_bytes(load_word(start + at), min(length - at, _WORD))) * _MIX_1
            mixed ^= mixed >> _HALF
    # Twice: one product leaves what stands last in a text out of the low bits, and numbers in a row differ in that.
    mixed = (mixed ^ (mixed >> _HALF)) * _MIX_1
    mixed ^= mixed >> _HALF
    mask = load_int64(vocabulary + SLOT_MASK)
    entries = load_int64(vocabulary + ENTRIES)
    slots = load_int64(vocabulary + SLOTS)
    slot = signed(mixed) & mask
    while True:
        number = load_uint32(slots + 4 * slot)
        if number == 0:
            return _added(start, length, first, second, slots + 4 * slot, vocabulary)
        entry = entries + ENTRY * number
        if (
            load_word(entry) == first
            and load_word(entry + 8) == second
            and load_int64(entry + 16) == length
            and (length <= _TWO_WORDS or _same_tail(start, length, number, vocabulary))
        ):
            return number
        slot = (slot + 1) & mask


@helper
def _same_tail(start: int, length: int, number: int, vocabulary: int) -> bool:
    place = load_int64(vocabulary + POOL) + load_int64(load_int64(vocabulary + STARTS) + 8 * number)
    for at in range(_TWO_WORDS, length):
        if load_byte(start + at) != load_byte(place + at):
            return False
    return True


@helper
def _added(start: int, length: int, first: np.uint64, second: np.uint64, slot: int, vocabulary: int) -> int:
    """A new text, where there is room for it."""
    number = load_int64(vocabulary + COUNT)
    used = load_int64(vocabulary + POOL_USED)
    if number >= load_int64(vocabulary + COUNT_LIMIT) or used + LONGEST > load_int64(vocabulary + POOL_LIMIT):
        return REFUSED
    place = load_int64(vocabulary + POOL) + used
    # The room of LONGEST bytes that was asked for holds both words, whatever the length.
    store_int64(place, signed(first))
    store_int64(place + _WORD, signed(second))
    for at in range(_TWO_WORDS, length):
        store_byte(place + at, load_byte(start + at))
    entry = load_int64(vocabulary + ENTRIES) + ENTRY * number
    store_int64(entry, signed(first))
    store_int64(entry + 8, signed(second))
    store_int64(entry + 16, length)
    store_int64(load_int64(vocabulary + STARTS) + 8 * number, used)
    store_int32(slot, number)
    store_int64(vocabulary + COUNT, number + 1)
    store_int64(vocabulary + POOL_USED, used + length)
    return number
