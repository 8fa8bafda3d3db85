"""The compiled reader: transactions in, records of a claim table out, in one pass over the bytes.

It reads what is in order, and only that. Whatever the slow reader would reject, tell as a fault or read by a special
rule becomes an event, for the slow reader to read that claim or that transaction; so nothing here words a message.

A transaction is worked on in tiles. First the places of all separators and terminators of a tile are written down, 64
bytes at a time; then segment after segment is looked at, each element by the places around it. Every address read lies
inside the tile or in the room behind it, which belongs to the content or, near its end, to a copy of its tail.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: C901, PLR0912, PLR0915, PLR0917
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.blocks import (
    COMPRESSES,
    equal_in_block,
    picked,
    store_places,
    store_ranks,
)
from cleanclaim.claims.readers.x12_columns.claim_part import begin_claim, claim_segment, zero_words
from cleanclaim.claims.readers.x12_columns.elements import ranked
from cleanclaim.claims.readers.x12_columns.keys import give_keys
from cleanclaim.claims.readers.x12_columns.layout import (
    BEHIND,
    BILLING,
    C_BYTE,
    C_DIAGNOSIS_COUNT,
    C_FAULTS,
    C_FILE,
    C_FIRST_DIAGNOSIS,
    C_FIRST_LINE,
    C_LINE_COUNT,
    C_SEGMENT,
    C_TYPE,
    CLAIM_BYTES,
    CLM,
    COUNT,
    COUNT_LIMIT,
    DIAGNOSIS_BYTES,
    E_END,
    E_HEADER_END,
    E_ITEMS,
    E_LEVELS,
    E_ROW,
    E_START,
    E_TRANSACTION,
    E_WHAT,
    EVENT_WORDS,
    HEADER,
    HEADER_AGAIN,
    HL,
    LEVEL_AGAIN,
    LINE_BYTES,
    LONGEST,
    NAME_MULTIPLIER,
    NAME_TABLE,
    P_COMPONENT,
    P_ELEMENT,
    P_END,
    P_FAULTS,
    P_ITEMS,
    P_KIND,
    P_LAST_NUMBER,
    P_ODD,
    P_REPETITION,
    P_ROLE,
    P_START,
    P_TERMINATOR,
    P_TRANSACTION,
    PIECE_WORDS,
    POOL_LIMIT,
    POOL_USED,
    READ_CLAIM,
    READ_TRANSACTION,
    REJECT_CLAIM,
    REST,
    S_DIAGNOSES,
    S_EVENTS,
    S_HEADER_END,
    S_ITEMS,
    S_LAST_NUMBER,
    S_LEVELS,
    S_LINES,
    S_ODD,
    S_PIECE,
    S_POSITION,
    S_ROWS,
    SUBSCRIBER,
    T_CLM,
    TILE,
    W_CLAIM,
    W_ENDS,
    W_NAMES,
    W_POSITIONS,
    W_STARTS,
    W_STATE,
    W_TAIL,
    WHOLE,
    WORK_BYTES,
    X_AREA,
    X_BILLING_END,
    X_COMPONENT,
    X_DEPENDENT_END,
    X_DIAGNOSES,
    X_DIAGNOSES_LEFT,
    X_DIAGNOSIS_TOTAL,
    X_HEADER_END,
    X_KIND,
    X_KNOWN_DATE,
    X_KNOWN_DAY,
    X_LAST_NUMBER,
    X_LEVELS,
    X_LINE_TOTAL,
    X_LINES,
    X_LINES_LEFT,
    X_REJECTED,
    X_REPETITION,
    X_SERVED,
    X_SUBSCRIBER_END,
    X_SUBSCRIBER_START,
    X_TILE,
    X_VOCABULARY,
    X_WAITING_ROW,
)
from cleanclaim.claims.readers.x12_columns.levels import MISPLACED, begin_level, level_segment
from cleanclaim.claims.readers.x12_columns.machine import (
    bits_set,
    fetch,
    helper,
    inlined,
    kernel,
    load_byte,
    load_int32,
    load_int64,
    load_uint32,
    store_byte,
    store_int32,
    store_int64,
    trailing_zeros,
)
from cleanclaim.claims.readers.x12_columns.scalars import NO_DAY
from cleanclaim.claims.readers.x12_columns.words import is_blank

_ONES: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE: Final = np.uint64(1)
_BLOCK: Final = 64
_AHEAD: Final = 1024
"""Bytes that are fetched before they are looked at: a processor does not do so across pages by itself."""
_END: Final = -2
"""Stands for a segment where the piece ends."""
_UNKNOWN: Final = -1
_EMPTY: Final = -3
"""Nothing but blanks stands between two terminators."""
_LOW_32: Final = 0xFFFFFFFF
_LEVEL_WORDS: Final = 6
_TERMINATORS_AT_ONCE: Final = 4
_PLACES_AT_ONCE: Final = 20

# Room that must be left for the next claim to be begun.
_LINES_LEFT: Final = 1024
_DIAGNOSES_LEFT: Final = 256
_TEXTS_LEFT: Final = 1024
_POOL_LEFT: Final = 64 * LONGEST
_EVENTS_LEFT: Final = 4
_FEW_ODD: Final = 64
"""With more claims than these and one in four for the slow reader, the whole transaction is."""


# For a processor that cannot compress. Several at a time, as many as most blocks have: what is written behind the last
# one is written over, or never read. A loop that ends at another turn in each block costs more than it saves.


@inlined
def _store_ends(out: int, terminators: np.uint64, both: np.uint64, found: int) -> None:
    """Write down how many of both there are up to each terminator of a block, ``found`` before it."""
    while True:
        for _ in range(_TERMINATORS_AT_ONCE):
            before = terminators - _ONE
            store_int32(out, found + bits_set(both & (terminators ^ before)))
            terminators &= before
            out += 4
        if terminators == 0:
            break


@inlined
def _store_positions(out: int, both: np.uint64, base: int) -> None:
    """Write down where both stand in the block at ``base``."""
    while True:
        for _ in range(_PLACES_AT_ONCE):
            store_int32(out, base + trailing_zeros(both))
            both &= both - _ONE
            out += 4
        if both == 0:
            break


@helper
def _indexed(tile: int, size: int, element: int, terminator: int, positions: int, ends: int) -> int:
    """Write down where separators and terminators stand, and how many of both there are up to each terminator.

    Returns the number of terminators.
    """
    found = 0
    segments = 0
    for base in range(0, size, _BLOCK):
        fetch(tile + base + _AHEAD)
        terminators = equal_in_block(tile + base, terminator)
        both = equal_in_block(tile + base, element) | terminators
        if base + _BLOCK > size:
            inside = _ONES >> np.uint64(_BLOCK - (size - base))
            terminators &= inside
            both &= inside
        if COMPRESSES:
            store_ranks(ends + 4 * segments, picked(terminators, both), found + 1)
            store_places(positions + 4 * found, both, base)
        else:
            _store_ends(ends + 4 * segments, terminators, both, found)
            _store_positions(positions + 4 * found, both, base)
        segments += bits_set(terminators)
        found += bits_set(both)
    return segments


@helper
def _tile(work: int, content: int, length: int, begin: int, size: int) -> int:
    """The address of a tile: in the content, or in a copy where the content ends too near behind it."""
    if size > 0 and begin + size + BEHIND <= length:
        return content + begin
    tail = work + W_TAIL
    for at in range(size):
        store_byte(tail + at, load_byte(content + begin + at))
    for at in range(size, size + BEHIND):
        store_byte(tail + at, 0)
    return tail


@inlined
def _name(start: int, length: int) -> int:
    """The number of a segment identifier; _UNKNOWN for one that no loop knows."""
    if length not in (2, 3):
        return _UNKNOWN
    text = (load_uint32(start) & (_LOW_32 >> (32 - 8 * length))) | length << 24
    slot = NAME_TABLE[np.uint64((text * NAME_MULTIPLIER & _LOW_32) >> 24)]
    return slot >> 32 if slot & _LOW_32 == text else _UNKNOWN


@helper
def _named(work: int, tile: int, segments: int) -> int:
    """Write down where each segment starts, blanks before it left out, and the number of its identifier.

    Returns the place behind the last of them. All of them before the first is read: the processor then looks at
    several at a time, and knows early on which way reading goes.
    """
    place = 0
    at = 0
    for number in range(segments):
        behind = load_uint32(work + W_ENDS + 4 * number)
        stop = load_uint32(work + W_POSITIONS + 4 * (behind - 1))
        while place < stop and is_blank(load_byte(tile + place)):
            place += 1
        store_int32(work + W_STARTS + 4 * number, place)
        name = _EMPTY
        if place < stop:
            name = _name(tile + place, load_uint32(work + W_POSITIONS + 4 * at) - place)
        store_int32(work + W_NAMES + 4 * number, name)
        place = stop + 1
        at = behind
    return place


@helper
def _begin_transaction(work: int, kind: int, file: int, faults: int) -> None:
    """Forget the transaction before."""
    zero_words(work + W_STATE, (WORK_BYTES - W_STATE) // 8)
    store_int64(work + X_KNOWN_DATE, -1)
    store_int64(work + X_KNOWN_DAY, NO_DAY)
    template = work + W_CLAIM
    zero_words(template, CLAIM_BYTES // 8)
    store_int32(template + C_FILE, file)
    store_int32(template + C_SEGMENT, T_CLM)
    store_int32(template + C_FAULTS, faults)
    store_byte(template + C_TYPE, kind)


@helper
def _end_level(work: int, where: int) -> None:
    """No more segments of a level follow, only its claims and the levels below."""
    area = load_int64(work + X_AREA)
    if area == HEADER:
        end = work + X_HEADER_END
    elif area == BILLING:
        end = work + X_BILLING_END
    elif area == SUBSCRIBER:
        end = work + X_SUBSCRIBER_END
    else:
        end = work + X_DEPENDENT_END
    if load_int64(end) == 0:
        store_int64(end, where)


@helper
def _event(event: int, what: int, row: int, transaction: int, items: int) -> None:
    store_int64(event + 8 * E_WHAT, what)
    store_int64(event + 8 * E_ROW, row)
    store_int64(event + 8 * E_TRANSACTION, transaction)
    store_int64(event + 8 * E_ITEMS, items)


@helper
def _claim_event(event: int, work: int, start: int, end: int) -> None:
    store_int64(event + 8 * E_START, start)
    store_int64(event + 8 * E_END, end)
    store_int64(event + 8 * E_HEADER_END, load_int64(work + X_HEADER_END))
    for at in range(0, 8 * _LEVEL_WORDS, 8):
        store_int64(event + 8 * E_LEVELS + at, load_int64(work + X_LEVELS + at))


@kernel
def read_pieces(
    content: int,
    length: int,
    pieces: int,
    piece_count: int,
    claims: int,
    claim_limit: int,
    lines: int,
    line_limit: int,
    diagnoses: int,
    diagnosis_limit: int,
    events: int,
    event_limit: int,
    vocabulary: int,
    work: int,
    file: int,
    state: int,
) -> int:
    """Read ``pieces`` one after the other until they end or a buffer is nearly full; ``state`` says where.

    All are addresses and numbers of records; ``file`` is the number of the file's name. Returns how many claim rows
    were made.
    """
    rows = line_count = diagnosis_count = event_count = 0
    items = odd_items = 0
    piece = 0
    stopped = False
    position = -1
    store_int64(work + X_WAITING_ROW, claims)
    while piece < piece_count and not stopped:
        if event_count + _EVENTS_LEFT > event_limit:
            break
        words = pieces + 8 * PIECE_WORDS * piece
        end = load_int64(words + 8 * P_END)
        kind = load_int64(words + 8 * P_KIND)
        element = load_int64(words + 8 * P_ELEMENT)
        terminator = load_int64(words + 8 * P_TERMINATOR)
        role = load_int64(words + 8 * P_ROLE)
        transaction = load_int64(words + 8 * P_TRANSACTION)
        again = role in (HEADER_AGAIN, LEVEL_AGAIN)
        skip_start = role in (WHOLE, HEADER_AGAIN)
        if skip_start:
            items = odd_items = 0
            _begin_transaction(work, kind, file, load_int64(words + 8 * P_FAULTS))
        elif role == REST:
            items = load_int64(words + 8 * P_ITEMS)
            odd_items = load_int64(words + 8 * P_ODD)
            store_int64(work + X_LAST_NUMBER, load_int64(words + 8 * P_LAST_NUMBER))
        store_int64(work + X_KIND, kind)
        store_int64(work + X_COMPONENT, load_int64(words + 8 * P_COMPONENT))
        store_int64(work + X_REPETITION, load_int64(words + 8 * P_REPETITION))
        store_int64(work + X_VOCABULARY, vocabulary)

        is_open = is_odd = False
        claim_start = 0
        row = claims
        begin = load_int64(words + 8 * P_START)
        over = False
        while not over:
            size = max(min(TILE, end - begin), 0)
            tile = _tile(work, content, length, begin, size)
            store_int64(work + X_TILE, tile)
            segments = _indexed(tile, size, element, terminator, work + W_POSITIONS, work + W_ENDS)
            read = _named(work, tile, segments)
            last_tile = begin + size >= end
            too_long = segments == 0 and not last_tile
            behind = 0
            for number in range(segments + 1):
                # --- the next segment
                at = behind
                if number < segments:
                    behind = load_uint32(work + W_ENDS + 4 * number)
                    name = load_int32(work + W_NAMES + 4 * number)
                    if name == _EMPTY:
                        continue
                    if skip_start:
                        skip_start = False
                        continue
                    where = begin + load_uint32(work + W_STARTS + 4 * number)
                    if name not in (HL, CLM):
                        if is_open:
                            if not is_odd:
                                is_odd = not claim_segment(work, name, at, behind, where)
                            continue
                        if level_segment(work, name, at, behind) != MISPLACED:
                            continue
                elif last_tile or too_long:
                    name = _END
                    where = end
                else:
                    break

                # --- the claim before it is whole
                if is_open and not too_long:
                    event = events + 8 * EVENT_WORDS * event_count
                    line_total = load_int64(work + X_LINE_TOTAL)
                    rejected = load_int64(work + X_REJECTED) != 0
                    if not rejected and (line_total == 0 or load_int64(work + X_SERVED) == 0):
                        is_odd = True
                    if is_odd:
                        _event(event, READ_CLAIM, rows, transaction, items)
                        _claim_event(event, work, claim_start, where)
                        event_count += 1
                        zero_words(row, CLAIM_BYTES // 8)
                        store_int64(row + C_BYTE, claim_start)
                        odd_items += 1
                        rows += 1
                    elif rejected:
                        _event(event, REJECT_CLAIM, rows, transaction, items)
                        _claim_event(event, work, claim_start, where)
                        event_count += 1
                    else:
                        diagnosis_total = load_int64(work + X_DIAGNOSIS_TOTAL)
                        store_int32(row + C_LINE_COUNT, line_total)
                        store_int32(row + C_DIAGNOSIS_COUNT, diagnosis_total)
                        store_int64(row + C_FIRST_LINE, line_count)
                        store_int64(row + C_FIRST_DIAGNOSIS, diagnosis_count)
                        if kind == 1:
                            ranked(diagnoses + DIAGNOSIS_BYTES * diagnosis_count, diagnosis_total)
                        line_count += line_total
                        diagnosis_count += diagnosis_total
                        rows += 1
                    items += 1
                if not is_open:
                    _end_level(work, where)
                is_open = False

                # --- what begins, or ends, here
                if name == _END:
                    give_up = too_long or (items == 0 and not again)
                    over = True
                elif name not in (HL, CLM):
                    give_up = True  # a segment that no level can hold
                elif odd_items > _FEW_ODD and 4 * odd_items > items:
                    give_up = True
                elif not again and (
                    rows + 1 > claim_limit
                    or line_count + _LINES_LEFT > line_limit
                    or diagnosis_count + _DIAGNOSES_LEFT > diagnosis_limit
                    or event_count + _EVENTS_LEFT > event_limit
                    or load_int64(vocabulary + COUNT) + _TEXTS_LEFT > load_int64(vocabulary + COUNT_LIMIT)
                    or load_int64(vocabulary + POOL_USED) + _POOL_LEFT > load_int64(vocabulary + POOL_LIMIT)
                ):
                    give_up = False
                    stopped = over = True
                    position = where
                    break
                elif name == HL:
                    give_up = not begin_level(work, at, behind, where, again)
                elif load_int64(work + X_SUBSCRIBER_START) == 0 or behind - at == 1:
                    give_up = True  # a claim under no subscriber, or a bare CLM
                else:
                    give_up = False
                    is_open = True
                    claim_start = where
                    row = claims + CLAIM_BYTES * rows
                    store_int64(work + X_LINES, lines + LINE_BYTES * line_count)
                    store_int64(work + X_LINES_LEFT, line_limit - line_count)
                    store_int64(work + X_DIAGNOSES, diagnoses + DIAGNOSIS_BYTES * diagnosis_count)
                    store_int64(work + X_DIAGNOSES_LEFT, diagnosis_limit - diagnosis_count)
                    is_odd = not begin_claim(work, at, behind, where, row)
                if give_up:
                    _event(events + 8 * EVENT_WORDS * event_count, READ_TRANSACTION, rows, transaction, items)
                    event_count += 1
                    over = True
                if over:
                    break
            begin += read
        if not stopped:
            piece += 1

    give_keys(work, claims + CLAIM_BYTES * rows)
    store_int64(state + 8 * S_PIECE, piece)
    store_int64(state + 8 * S_POSITION, position)
    store_int64(state + 8 * S_ROWS, rows)
    store_int64(state + 8 * S_LINES, line_count)
    store_int64(state + 8 * S_DIAGNOSES, diagnosis_count)
    store_int64(state + 8 * S_EVENTS, event_count)
    store_int64(state + 8 * S_LAST_NUMBER, load_int64(work + X_LAST_NUMBER))
    store_int64(state + 8 * S_ITEMS, items)
    store_int64(state + 8 * S_ODD, odd_items)
    store_int64(state + 8 * S_HEADER_END, load_int64(work + X_HEADER_END))
    for at in range(_LEVEL_WORDS):
        store_int64(state + 8 * (S_LEVELS + at), load_int64(work + X_LEVELS + 8 * at))
    return rows
