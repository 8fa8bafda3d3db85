"""What single elements and composites of an 837 say. Each function takes the addresses of the first byte and behind it.

What the slow reader would reject, tell as a fault or read by a special rule is answered with REFUSED, NO_DAY or False.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: C901, PLR0917, PLR1714, PLR2004, SIM102, SIM109
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.blocks import equal_in_block
from cleanclaim.claims.readers.x12_columns.layout import (
    C_BILL_TYPE,
    C_FREQUENCY,
    C_POS,
    D_BYTE,
    D_CODE,
    D_PRESENT,
    D_ROLE,
    D_SYSTEM,
    DIAGNOSIS_BYTES,
    DIAGNOSIS_KINDS,
    ENTITY_TABLE,
    L_HCPCS,
    L_MODIFIERS,
    L_NOTE,
    L_POINTERS,
    L_SYSTEM,
    LONGEST,
    Q_D8,
    Q_DT,
    Q_F,
    Q_FEMALE,
    Q_HC,
    Q_M,
    Q_MALE,
    Q_RD8,
    Q_XX,
    T_F,
    T_M,
    T_OTHER,
    T_PRINCIPAL,
    T_U,
    W_CODE,
    W_NOTE,
    W_POSITIONS,
    X_COMPONENT,
    X_DIAGNOSES,
    X_DIAGNOSES_LEFT,
    X_DIAGNOSIS_TOTAL,
    X_KIND,
    X_KNOWN_DATE,
    X_KNOWN_DAY,
    X_NOTE_LENGTH,
    X_REPETITION,
    X_TILE,
    X_VOCABULARY,
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
    store_int16,
    store_int32,
    store_int64,
    trailing_zeros,
)
from cleanclaim.claims.readers.x12_columns.scalars import NO_DAY, amount, eight_digits, ordinal
from cleanclaim.claims.readers.x12_columns.words import (
    REFUSED,
    code,
    first_bytes,
    is_plain,
    number_of,
    trimmed_end,
    trimmed_start,
)
from cleanclaim.claims.table_layout import SLOTS

_ONES: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE: Final = np.uint64(1)
_NONE: Final = np.uint64(0)
_BLOCK: Final = 64
_WORD: Final = 8
_DATE: Final = 8
_ZIP: Final = 5
_ZIP_4: Final = 10
_POINTER_DIGITS: Final = 4
_DESCRIPTION: Final = 7
_SPACE: Final = 0x20
_DELETE: Final = 0x7F
_SMALL_A: Final = 0x61
_SMALL_Z: Final = 0x7A
_A: Final = 0x41
_Z: Final = 0x5A
_ZERO: Final = 0x30
_NINE: Final = 0x39
_MINUS: Final = 0x2D
_DOT: Final = 0x2E
_PRESENT_ON_ADMISSION: Final = 9


@inlined
def span(work: int, at: int, behind: int, element: int) -> tuple[int, int]:
    """First byte and end of an element; both 0 where the segment does not have it.

    The elements of a segment lie between the places ``at`` and ``behind - 1``.
    """
    if at + element >= behind:
        return 0, 0
    tile = load_int64(work + X_TILE)
    place = work + W_POSITIONS + 4 * (at + element)
    return tile + load_uint32(place - 4) + 1, tile + load_uint32(place)


@inlined
def text_in(work: int, at: int, behind: int, element: int, fold: bool) -> int:
    """The number of the text of an element."""
    start, end = span(work, at, behind, element)
    return number_of(start, end, fold, load_int64(work + X_VOCABULARY))


@inlined
def amount_in(work: int, at: int, behind: int, element: int) -> tuple[int, int]:
    """A number and its decimals."""
    start, end = span(work, at, behind, element)
    return amount(start, end)


@helper
def entity_of(packed: int) -> int:
    """The number of an NM101; 0 for one that no loop knows."""
    if packed >> 56 != 2:
        return 0
    return int(ENTITY_TABLE[packed & 0xFFFF])


@helper
def npi(work: int, at: int, behind: int) -> int:
    """The NPI of an NM1; ``""`` where NM108 says that the identifier is of another kind."""
    start, end = span(work, at, behind, 8)
    if code(start, end) != Q_XX:
        return 0
    return text_in(work, at, behind, 9, True)


@helper
def hl_number(start: int, end: int) -> int:
    """HL01 or HL02 as files write it: up to eight digits, no zero before them; 0 where empty, -1 for anything else."""
    length = end - start
    if length == 0:
        return 0
    if length > _DATE or load_byte(start) == _ZERO:
        return -1
    return eight_digits(start, length)


@helper
def copied(start: int, end: int, target: int) -> int:
    """Copy a text, trimmed and in upper case; its length, or REFUSED."""
    length = end - start
    if 0 < length <= 2 * _WORD:
        first = first_bytes(load_word(start), min(length, _WORD))
        second = first_bytes(load_word(start + _WORD), length - _WORD) if length > _WORD else _NONE
        if is_plain(start, end, first, second):
            store_int64(target, signed(first))
            store_int64(target + _WORD, signed(second))
            return length
    start = trimmed_start(start, end)
    end = trimmed_end(start, end)
    if end - start > LONGEST:
        return REFUSED
    for at in range(end - start):
        byte = load_byte(start + at)
        if byte < _SPACE or byte >= _DELETE:
            return REFUSED
        if _SMALL_A <= byte <= _SMALL_Z:
            byte -= 0x20
        store_byte(target + at, byte)
    return end - start


@helper
def noted(work: int, start: int, end: int, target: int) -> bool:
    """Put a text behind the notes there are and store the number of them all; False where they cannot be kept."""
    start = trimmed_start(start, end)
    if start == end:
        return True
    note = work + W_NOTE
    length = load_int64(work + X_NOTE_LENGTH)
    if length > 0:
        store_byte(note + length, _SPACE)
        length += 1
    more = copied(start, end, note + length)
    if more < 0 or length + more > LONGEST:
        return False
    length += more
    number = number_of(note, note + length, True, load_int64(work + X_VOCABULARY))
    store_int32(target, number)
    store_int64(work + X_NOTE_LENGTH, length)
    return number != REFUSED


@helper
def sex_of(start: int, end: int) -> int:
    """M, F, or U for any other text."""
    said = code(start, end)
    if said == 0:
        return 0
    if said == Q_M or said == Q_MALE:
        return T_M
    if said == Q_F or said == Q_FEMALE:
        return T_F
    return T_U if _is_ascii(start, end) else REFUSED


@helper
def _is_ascii(start: int, end: int) -> bool:
    """No byte but the blanks around it is a control character or outside ASCII."""
    start = trimmed_start(start, end)
    end = trimmed_end(start, end)
    for at in range(start, end):
        byte = load_byte(at)
        if byte < _SPACE or byte >= _DELETE:
            return False
    return True


@helper
def address_state(work: int, at: int, behind: int) -> int:
    """N402: two letters; ``""`` for anything else."""
    start, end = span(work, at, behind, 2)
    if not _is_ascii(start, end):
        return REFUSED
    start = trimmed_start(start, end)
    end = trimmed_end(start, end)
    if end - start != 2:
        return 0
    for place in range(start, end):
        byte = load_byte(place) & 0xDF
        if byte < _A or byte > _Z:
            return 0
    return number_of(start, end, True, load_int64(work + X_VOCABULARY))


@helper
def address_zip(work: int, at: int, behind: int) -> int:
    """N403: the first five digits of a ZIP code; ``""`` for anything else."""
    start, end = span(work, at, behind, 3)
    if not _is_ascii(start, end):
        return REFUSED
    start = trimmed_start(start, end)
    end = trimmed_end(start, end)
    length = end - start
    if length not in (_ZIP, _ZIP_4 - 1, _ZIP_4):
        return 0
    for place in range(length):
        byte = load_byte(start + place)
        if (length == _ZIP_4 and place == _ZIP) != (byte == _MINUS):
            return 0
        if byte != _MINUS and (byte < _ZERO or byte > _NINE):
            return 0
    return number_of(start, start + _ZIP, True, load_int64(work + X_VOCABULARY))


@helper
def day_or_none(start: int, end: int) -> tuple[int, int]:
    """The ordinal of a day CCYYMMDD and its digits; 0 where the element is empty."""
    if end - start == _DATE:
        digits = eight_digits(start, _DATE)
        if digits >= 0:
            return ordinal(digits), digits
    start = trimmed_start(start, end)
    end = trimmed_end(start, end)
    if start == end:
        return 0, 0
    if end - start != _DATE:
        return NO_DAY, 0
    digits = eight_digits(start, _DATE)
    return (NO_DAY, 0) if digits < 0 else (ordinal(digits), digits)


@helper
def period_in(work: int, at: int, behind: int) -> tuple[int, int]:
    """First and last day of a DTP; NO_DAY where it cannot be read."""
    start, end = span(work, at, behind, 2)
    qualifier = code(start, end)
    start, end = span(work, at, behind, 3)
    if end - start == _DATE and qualifier == Q_D8:
        date = load_int64(start)
        if date != load_int64(work + X_KNOWN_DATE):  # most dates are the one before
            digits = eight_digits(start, _DATE)
            store_int64(work + X_KNOWN_DATE, date)
            store_int64(work + X_KNOWN_DAY, NO_DAY if digits < 0 else ordinal(digits))
        day = load_int64(work + X_KNOWN_DAY)
        return day, day
    return _unusual_period(qualifier, trimmed_start(start, end), trimmed_end(start, end))


@helper
def _unusual_period(qualifier: int, start: int, end: int) -> tuple[int, int]:
    length = end - start
    if qualifier == Q_RD8:
        readable = length == 2 * _DATE + 1 and load_byte(start + _DATE) == _MINUS
    else:
        readable = (qualifier == Q_D8 and length == _DATE) or (qualifier == Q_DT and length >= _DATE)
    if not readable:
        return NO_DAY, NO_DAY
    digits = eight_digits(start, _DATE)
    first = NO_DAY if digits < 0 else ordinal(digits)
    if qualifier != Q_RD8:
        return first, first
    digits = eight_digits(start + _DATE + 1, _DATE)
    last = NO_DAY if digits < 0 else ordinal(digits)
    return (NO_DAY, NO_DAY) if first == NO_DAY or last == NO_DAY else (first, last)


@helper
def _places(start: int, length: int, byte: int) -> np.uint64:
    """Which of up to 64 bytes are ``byte``; none where it is 0, for no separator."""
    if byte == 0 or length == 0:
        return _NONE
    return equal_in_block(start, byte) & (_ONES >> np.uint64(_BLOCK - length))


@helper
def facility(work: int, at: int, behind: int, row: int) -> bool:
    """Place of service or bill type, and frequency, from CLM05; False for anything unusual in it."""
    vocabulary = load_int64(work + X_VOCABULARY)
    kind = load_int64(work + X_KIND)
    start, end = span(work, at, behind, 5)
    length = end - start
    if length == 0 or length > _BLOCK or _places(start, length, load_int64(work + X_REPETITION)) != _NONE:
        return False
    parts = _places(start, length, load_int64(work + X_COMPONENT))
    first = trailing_zeros(parts)
    if first == 0 or first >= length:
        return False
    for place in range(start, start + first):
        byte = load_byte(place)
        if not (_ZERO <= byte <= _NINE or _A <= byte <= _Z):
            return False
    parts &= parts - _ONE
    # CLM05-2 is B on a professional claim and A on an institutional one.
    if trailing_zeros(parts) != first + 2 or load_byte(start + first + 1) != (_A + 1 if kind == 0 else _A):
        return False
    parts &= parts - _ONE
    last = min(trailing_zeros(parts), length)
    frequency = number_of(start + first + 3, start + last, True, vocabulary)
    if frequency <= 0:
        return False
    store_int32(row + C_FREQUENCY, frequency)
    if kind == 0:
        number = number_of(start, start + first, True, vocabulary)
        store_int32(row + C_POS, number)
    else:
        zero = 1 if load_byte(start) == _ZERO else 0
        number = number_of(start + zero, start + first, True, vocabulary)
        store_int32(row + C_BILL_TYPE, number)
    return number != REFUSED


@helper
def first_part(work: int, at: int, behind: int, element: int) -> int:
    """The number of the first component of a composite."""
    start, end = span(work, at, behind, element)
    length = end - start
    if length > _BLOCK or _places(start, length, load_int64(work + X_REPETITION)) != _NONE:
        return REFUSED
    parts = _places(start, length, load_int64(work + X_COMPONENT))
    return number_of(start, start + min(trailing_zeros(parts), length), True, load_int64(work + X_VOCABULARY))


@helper
def pointers_in(work: int, start: int, end: int, line: int) -> bool:
    """Store the diagnosis pointers of SV107; False where they are more than fit, or not whole numbers."""
    length = end - start
    if length == 0:
        return True
    if length == 1:
        byte = load_byte(start)
        if _ZERO <= byte <= _NINE:
            store_int16(line + L_POINTERS, byte - _ZERO)
            return True
    if length > _BLOCK:
        return False
    parts = _places(start, length, load_int64(work + X_COMPONENT))
    slot = 0
    first = start
    while True:
        last = start + min(trailing_zeros(parts), length)
        from_ = trimmed_start(first, last)
        to = trimmed_end(from_, last)
        if to > from_:
            if slot == SLOTS or to - from_ > _POINTER_DIGITS:
                return False
            number = eight_digits(from_, to - from_)
            if number < 0:
                return False
            store_int16(line + L_POINTERS + 2 * slot, number)
            slot += 1
        if parts == _NONE:
            return True
        parts &= parts - _ONE
        first = last + 1


@helper
def procedure_in(work: int, start: int, end: int, line: int) -> bool:
    """Store code system, procedure code and modifiers, and put the description to the notes; False where one is odd."""
    vocabulary = load_int64(work + X_VOCABULARY)
    length = end - start
    if length == 0 or length > _BLOCK or _places(start, length, load_int64(work + X_REPETITION)) != _NONE:
        return False
    parts = _places(start, length, load_int64(work + X_COMPONENT))
    first = start
    number = 0
    slot = 0
    while True:
        last = start + min(trailing_zeros(parts), length)
        number += 1
        if number == 1:
            if code(first, last) != Q_HC:
                found = number_of(first, last, True, vocabulary)
                if found <= 0:
                    return False
                store_int32(line + L_SYSTEM, found)
        elif number < _DESCRIPTION:
            found = number_of(first, last, True, vocabulary)
            if found == REFUSED:
                return False
            if number == 2:
                if found == 0:
                    return False
                store_int32(line + L_HCPCS, found)
            elif found != 0:
                store_int32(line + L_MODIFIERS + 4 * slot, found)
                slot += 1
        elif number == _DESCRIPTION and not noted(work, first, last, line + L_NOTE):
            return False
        if parts == _NONE:
            return number > 1
        parts &= parts - _ONE
        first = last + 1


@helper
def diagnoses_in(work: int, start: int, end: int, byte: int) -> bool:
    """Store the diagnoses of one element of an HI; False where one is odd."""
    length = end - start
    if length > _BLOCK:
        return False
    components = _places(start, length, load_int64(work + X_COMPONENT))
    repetitions = _places(start, length, load_int64(work + X_REPETITION))
    at = 0
    while at <= length:
        stop = min(trailing_zeros(repetitions), length)
        if repetitions != _NONE:
            repetitions &= repetitions - _ONE
        inner = _NONE if stop == at else components & (_ONES >> np.uint64(_BLOCK - stop))
        components ^= inner
        if trimmed_start(start + at, start + stop) != start + stop:
            if not _diagnosis(work, start, at, stop, inner, byte):
                return False
        at = stop + 1
    return True


@helper
def _diagnosis(work: int, start: int, at: int, stop: int, inner: np.uint64, byte: int) -> bool:
    """Store one diagnosis, the bytes from ``at`` to ``stop``, its components parted at ``inner``."""
    vocabulary = load_int64(work + X_VOCABULARY)
    total = load_int64(work + X_DIAGNOSIS_TOTAL)
    if inner == _NONE or total >= load_int64(work + X_DIAGNOSES_LEFT):
        return False
    record = load_int64(work + X_DIAGNOSES) + DIAGNOSIS_BYTES * total
    store_int64(record + D_ROLE, 0)  # and the one behind it
    store_int64(record + D_BYTE, byte)
    first = at
    part = 0
    is_diagnosis = False
    while True:
        last = min(trailing_zeros(inner), stop)
        part += 1
        from_, to = start + first, start + last
        if part == 1:
            found = _system_and_role(code(from_, to), record)
            is_diagnosis = found > 0
        elif part == 2:
            if trimmed_start(from_, to) == to:
                return False
            found = 0
            if is_diagnosis:
                found = _diagnosis_code(work, from_, to, vocabulary)
                store_int32(record + D_CODE, found)
        elif part == _PRESENT_ON_ADMISSION and is_diagnosis:
            found = number_of(from_, to, True, vocabulary)
            store_int32(record + D_PRESENT, found)
        if found == REFUSED:
            return False
        if inner == _NONE:
            break
        inner &= inner - _ONE
        first = last + 1
    if is_diagnosis:
        store_int64(work + X_DIAGNOSIS_TOTAL, total + 1)
    return True


@helper
def _system_and_role(qualifier: int, record: int) -> int:
    """Store what a code list qualifier says; 1, or 0 for what is no diagnosis, or REFUSED for an unknown one."""
    kinds = DIAGNOSIS_KINDS
    for at in range(len(kinds)):
        if kinds[at, 0] == qualifier:
            store_int32(record + D_SYSTEM, kinds[at, 1])
            store_int32(record + D_ROLE, kinds[at, 2])
            return 1 if kinds[at, 1] != 0 else 0
    return REFUSED


@helper
def _diagnosis_code(work: int, start: int, end: int, vocabulary: int) -> int:
    """The number of a code without its dot."""
    length = end - start
    if length <= _BLOCK and _places(start, length, _DOT) == _NONE:
        return number_of(start, end, True, vocabulary)
    start = trimmed_start(start, end)
    end = trimmed_end(start, end)
    scratch = work + W_CODE
    length = 0
    for at in range(start, end):
        byte = load_byte(at)
        if byte != _DOT:
            store_byte(scratch + length, byte)
            length += 1
    # A blank that stood beside the dot is part of the code to the slow reader.
    if length > 0 and (load_byte(scratch) <= _SPACE or load_byte(scratch + length - 1) <= _SPACE):
        return REFUSED
    return number_of(scratch, scratch + length, True, vocabulary)


@helper
def ranked(diagnoses: int, count: int) -> None:
    """Bring diagnoses of an institutional claim in order: principal, other, then the rest, each as billed."""
    for at in range(1, count):
        place = at
        while place > 0 and _rank(diagnoses, place) < _rank(diagnoses, place - 1):
            one = diagnoses + DIAGNOSIS_BYTES * (place - 1)
            other = one + DIAGNOSIS_BYTES
            for word in range(0, DIAGNOSIS_BYTES, 8):
                kept = load_int64(one + word)
                store_int64(one + word, load_int64(other + word))
                store_int64(other + word, kept)
            place -= 1


@helper
def _rank(diagnoses: int, place: int) -> int:
    role = load_uint32(diagnoses + DIAGNOSIS_BYTES * place + D_ROLE)
    if role == T_PRINCIPAL:
        return 0
    return 1 if role == T_OTHER else 2
