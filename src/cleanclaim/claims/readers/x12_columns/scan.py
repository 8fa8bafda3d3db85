"""The envelope at the speed of memory: where an ISA may stand, and where the envelope segments stand.

Same places as :func:`cleanclaim.claims.readers.x12_envelope.headers` and ``marks`` find, 64 bytes at a time.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: PLR0917, PLR1714, SIM109
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.blocks import between_in_block, equal_in_block
from cleanclaim.claims.readers.x12_columns.layout import MARK_WORDS
from cleanclaim.claims.readers.x12_columns.machine import (
    bits_set,
    fetch,
    helper,
    kernel,
    load_byte,
    store_int64,
    trailing_zeros,
)
from cleanclaim.claims.readers.x12_columns.words import is_blank

_ONE: Final = np.uint64(1)
_ONES: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_BLOCK: Final = 64
_AHEAD: Final = 2048
"""Bytes that are fetched before they are looked at: a processor does not do so across pages by itself."""
_LINE_FEED: Final = 0x0A
_SPACE: Final = 0x20
_I, _S, _A, _G, _T, _E = map(ord, "ISAGTE")
_Z, _SMALL_A, _SMALL_Z, _ZERO, _NINE, _ONE_DIGIT = map(ord, "Zaz091")


@helper
def _is_alphanumeric(byte: int) -> bool:
    return _ZERO <= byte <= _NINE or _A <= byte <= _Z or _SMALL_A <= byte <= _SMALL_Z


@kernel
def letters(content: int, start: int, end: int, found: int, room: int, ended: int) -> int:
    """Write down the places of the letters ISA from ``start`` on, and at ``ended`` where the search did; how many.

    ``end`` lies ``REACH`` before the end of the content.
    """
    count = 0
    at = start
    while at < end and count + _BLOCK <= room:
        fetch(content + at + _AHEAD)
        here = (
            equal_in_block(content + at, _I)
            & equal_in_block(content + at + 1, _S)
            & equal_in_block(content + at + 2, _A)
        )
        if at + _BLOCK > end:
            here &= _ONES >> np.uint64(_BLOCK - (end - at))
        while here != 0:
            store_int64(found + 8 * count, at + trailing_zeros(here))
            count += 1
            here &= here - _ONE
        at += _BLOCK
    store_int64(ended, min(at, end))
    return count


@helper
def _blanks(block: int) -> np.uint64:
    """Which of 64 bytes are trimmed, as :func:`is_blank`: bit 0 for the first."""
    return (
        equal_in_block(block, 0x20)
        | equal_in_block(block, 0x0A)
        | equal_in_block(block, 0x0D)
        | equal_in_block(block, 0x09)
        | equal_in_block(block, 0)
        | equal_in_block(block, 0x1A)
    )


@helper
def _may_be_marks(block: int) -> np.uint64:
    """At which of 64 bytes the first letters of an envelope segment may stand: ST, SE, GS, GE, IS, IE, TA.

    And some others: one of G, H, I, S, T, and one of A, E, S, T behind it. Few segments begin so.
    """
    second = block + 1
    return (between_in_block(block, _G, _I) | between_in_block(block, _S, _T)) & (
        between_in_block(second, _S, _T) | equal_in_block(second, _E) | equal_in_block(second, _A)
    )


@helper
def _segment_from(content: int, place: int, limit: int, terminator: int) -> int:
    """Where the segment begins that is looked for from ``place`` on, blanks before it left out; -1 for none."""
    while place < limit:
        byte = load_byte(content + place)
        if byte == terminator:
            return -1
        if not is_blank(byte):
            return place
        place += 1
    return -1


@helper
def _mark(content: int, place: int, limit: int, element: int, terminator: int) -> int:
    """The identifier of the envelope segment that begins at a place, as bytes from below; 0 where it is another."""
    if place + 2 >= limit:
        return 0
    byte = load_byte(content + place)
    second = load_byte(content + place + 1)
    third = load_byte(content + place + 2)
    name = byte | second << 8
    if (byte == _S and (second == _T or second == _E)) or (byte == _G and (second == _S or second == _E)):
        behind = third
    elif place + 3 < limit and (
        (byte == _I and ((second == _S and third == _A) or (second == _E and third == _A)))
        or (byte == _T and second == _A and third == _ONE_DIGIT)
    ):
        name |= third << 16
        behind = load_byte(content + place + 3)
    else:
        return 0
    if byte == _I and second == _S:
        return 0 if _is_alphanumeric(behind) else name
    return name if behind == element or behind == terminator else 0


@helper
def _written(found: int, count: int, place: int, name: int, segments: int) -> int:
    """Write down an envelope segment; how many there are now."""
    if name == 0:
        return count
    store_int64(found + 8 * MARK_WORDS * count, place)
    store_int64(found + 8 * MARK_WORDS * count + 8, name)
    store_int64(found + 8 * MARK_WORDS * count + 16, segments)
    return count + 1


@kernel
def marks(
    content: int,
    start: int,
    until: int,
    limit: int,
    element: int,
    terminator: int,
    segments: int,
    found: int,
    room: int,
    ended: int,
) -> int:
    """Write down the envelope segments behind the terminators from ``start`` to ``until``, or further; how many.

    They begin before ``limit``. ``segments`` are those counted before ``start``. A segment of nothing but blanks is
    none. At ``ended`` is written where the search ended, and how many segments there are up to there.
    """
    count = 0
    at = start
    while at < until and at + _BLOCK + 2 <= limit and count + _BLOCK <= room:
        fetch(content + at + _AHEAD)
        # Bit by bit what may stand behind a terminator: a sum carries each bit over the blanks that begin there. Most
        # often that is a line feed; only where another begins what is left are all blanks looked for.
        behind = content + at + 1
        ended_here = equal_in_block(content + at, terminator)
        empty = equal_in_block(behind, terminator)
        blanks = equal_in_block(behind, _LINE_FEED) & ~empty
        carried = ended_here + blanks
        begun = carried & ~blanks & ~empty
        if begun & between_in_block(behind, 0, _SPACE) != 0:
            blanks = _blanks(behind) & ~empty
            carried = ended_here + blanks
            begun = carried & ~blanks & ~empty
        here = begun & _may_be_marks(behind)
        while here != 0:
            place = trailing_zeros(here)
            counted = segments + bits_set(begun & (_ONES >> np.uint64(_BLOCK - 1 - place)))
            place += at + 1
            count = _written(found, count, place, _mark(content, place, limit, element, terminator), counted)
            here &= here - _ONE
        segments += bits_set(begun)
        at += _BLOCK
        if carried < blanks:  # carried out of the block
            place = _segment_from(content, at + 1, limit, terminator)
            if place >= 0:
                segments += 1
                count = _written(found, count, place, _mark(content, place, limit, element, terminator), segments)
    if at + _BLOCK + 2 > limit:
        while at < min(until, limit) and count < room:
            if load_byte(content + at) == terminator:
                place = _segment_from(content, at + 1, limit, terminator)
                if place >= 0:
                    segments += 1
                    count = _written(found, count, place, _mark(content, place, limit, element, terminator), segments)
            at += 1
    store_int64(ended, min(at, limit))
    store_int64(ended + 8, segments)
    return count
