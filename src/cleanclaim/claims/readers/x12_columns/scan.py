"""The envelope at the speed of memory: where an ISA may stand, and where the envelope segments stand.

Same places as :func:`cleanclaim.claims.readers.x12_envelope.headers` and ``marks`` find, 64 bytes at a time.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: C901, PLR0912, PLR0917, PLR1714, SIM109
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.layout import MARK_WORDS
from cleanclaim.claims.readers.x12_columns.machine import (
    equal_in_block,
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


@kernel
def marks(
    content: int,
    length: int,
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
    while at < until and count + _BLOCK <= room:
        if at + _BLOCK <= length:
            here = equal_in_block(content + at, terminator)
        else:
            here = np.uint64(0)
            for place in range(length - at):
                if load_byte(content + at + place) == terminator:
                    here |= _ONE << np.uint64(place)
        if at + _BLOCK > limit:
            here &= _ONES >> np.uint64(_BLOCK - (limit - at))
        while here != 0:
            place = at + trailing_zeros(here) + 1
            here &= here - _ONE
            while place < limit:
                byte = load_byte(content + place)
                if byte == terminator or not is_blank(byte):
                    break
                place += 1
            if place >= limit or byte == terminator:
                continue
            segments += 1
            if (byte != _S and byte != _G and byte != _I and byte != _T) or place + 2 >= limit:
                continue
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
                continue
            if byte == _I and second == _S:
                if _is_alphanumeric(behind):
                    continue
            elif behind != element and behind != terminator:
                continue
            store_int64(found + 8 * MARK_WORDS * count, place)
            store_int64(found + 8 * MARK_WORDS * count + 8, name)
            store_int64(found + 8 * MARK_WORDS * count + 16, segments)
            count += 1
        at += _BLOCK
    store_int64(ended, min(at, limit))
    store_int64(ended + 8, segments)
    return count
