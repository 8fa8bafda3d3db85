"""The header and the levels: an HL, the segments up to the first claim of it, and the patient's key.

What a level says is written into the record that each of its claims begins as a copy of.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: PLR0911, PLR0915, PLR0917, PLR1714
from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.readers.x12_columns.elements import (
    address_state,
    address_zip,
    copied,
    day_or_none,
    entity_of,
    hl_number,
    npi,
    sex_of,
    span,
    text_in,
)
from cleanclaim.claims.readers.x12_columns.keys import waiting_lane
from cleanclaim.claims.readers.x12_columns.layout import (
    ALLOWED_ENTITIES,
    AREA_STEP,
    BHT,
    BILLING,
    C_BILLING_NPI,
    C_BILLING_STATE,
    C_BILLING_TAXONOMY,
    C_BILLING_ZIP,
    C_BORN,
    C_FILING,
    C_PATIENT,
    C_PAYER_ID,
    C_PAYER_NAME,
    C_RESPONSIBILITY,
    C_SEX,
    C_SUBMITTED,
    DEPENDENT,
    DMG,
    E_40,
    E_41,
    E_85,
    E_IL,
    E_PR,
    E_QC,
    KIND_STEP,
    LONGEST_KEY,
    N3,
    N4,
    NAMED_40,
    NAMED_41,
    NAMED_85,
    NAMED_BHT,
    NAMED_CITY,
    NAMED_IL,
    NAMED_PR,
    NAMED_QC,
    NAMED_SBR,
    NAMED_STREET,
    NAMED_TAX,
    NM1,
    OF_BILLING,
    OF_HEADER,
    OPENER,
    PLACES,
    PRV,
    Q_1,
    Q_20,
    Q_22,
    Q_23,
    Q_BI,
    Q_EI,
    Q_SY,
    REF,
    SBR,
    SUBSCRIBER,
    T_F,
    T_M,
    W_CLAIM,
    W_DEPENDENT_FIRST,
    W_DEPENDENT_LAST,
    W_FIRST,
    W_KEY,
    W_LAST,
    W_MEMBER,
    X_AREA,
    X_BILLING_END,
    X_BILLING_NUMBER,
    X_BORN,
    X_DEPENDENT_END,
    X_DEPENDENT_FIRST_LENGTH,
    X_DEPENDENT_LAST_LENGTH,
    X_DEPENDENT_START,
    X_ENTITY,
    X_FIRST_LENGTH,
    X_KEY_READY,
    X_KIND,
    X_LAST_LENGTH,
    X_LAST_NUMBER,
    X_LEVELS,
    X_MEMBER_LENGTH,
    X_NAMED,
    X_ODD_LEVELS,
    X_RANK,
    X_SEX,
    X_SUBSCRIBER_END,
    X_SUBSCRIBER_NUMBER,
    X_SUBSCRIBER_START,
)
from cleanclaim.claims.readers.x12_columns.machine import (
    helper,
    inlined,
    load_byte,
    load_int64,
    store_byte,
    store_int32,
    store_int64,
)
from cleanclaim.claims.readers.x12_columns.scalars import NO_DAY
from cleanclaim.claims.readers.x12_columns.words import REFUSED, code, trimmed_start

IN_ORDER, ODD, MISPLACED = 0, 1, 2
"""How a segment is where it stands: the slow reader must read the claims it concerns, or the whole transaction."""
_UNIT: Final = 0x1F
_SPACE: Final = 0x20
_MOST_ADDED: Final = 20


@inlined
def standing(work: int, name: int, at: int, behind: int) -> int:
    """Whether a segment may stand where it does, and in the order of its NM1 loop (x12_loops.misplaced, NameOrder)."""
    kind = load_int64(work + X_KIND)
    area = load_int64(work + X_AREA)
    if name < 0:
        return MISPLACED
    place = PLACES[np.uint64(kind * KIND_STEP + area * AREA_STEP + name)]
    if place == 0:
        return MISPLACED
    if name == NM1:
        start, end = span(work, at, behind, 1)
        entity = entity_of(code(start, end))
        store_int64(work + X_ENTITY, entity)
        store_int64(work + X_RANK, 0)
        if ALLOWED_ENTITIES[kind, area, entity] == 0:
            return MISPLACED
        start, end = span(work, at, behind, 2)
        return ODD if trimmed_start(start, end) == end else IN_ORDER
    if name == PRV:
        start, end = span(work, at, behind, 1)
        if (code(start, end) == Q_BI) != (area == BILLING):
            return MISPLACED
    step = int(place) - 1
    if step == OPENER:
        store_int64(work + X_ENTITY, 0)
    elif load_int64(work + X_ENTITY) != 0:
        if step < load_int64(work + X_RANK) or step == 0:
            return ODD
        store_int64(work + X_RANK, step)
    return IN_ORDER


@helper
def begin_level(work: int, at: int, behind: int, where: int, again: bool) -> int:
    """An HL. False where its numbers are not as they should be, or it stands under no level that it can."""
    template = work + W_CLAIM
    store_int64(work + X_ENTITY, 0)
    store_int64(work + X_RANK, 0)
    start, end = span(work, at, behind, 1)
    number = hl_number(start, end)
    regular = number > 0 and (again or number == load_int64(work + X_LAST_NUMBER) + 1)
    store_int64(work + X_LAST_NUMBER, number)
    start, end = span(work, at, behind, 2)
    parent = hl_number(start, end)
    start, end = span(work, at, behind, 3)
    level = code(start, end)
    named = load_int64(work + X_NAMED)
    odd = load_int64(work + X_ODD_LEVELS)
    if level == Q_20:
        area = BILLING
        regular = regular and parent == 0
        store_int64(work + X_LEVELS, where)
        store_int64(work + X_BILLING_END, 0)
        store_int64(work + X_SUBSCRIBER_START, 0)
        store_int64(work + X_SUBSCRIBER_END, 0)
        store_int64(work + X_BILLING_NUMBER, number)
        named &= OF_HEADER
        store_int32(template + C_BILLING_NPI, 0)
        store_int32(template + C_BILLING_TAXONOMY, 0)
        store_int32(template + C_BILLING_STATE, 0)
        store_int32(template + C_BILLING_ZIP, 0)
    elif level == Q_22:
        area = SUBSCRIBER
        regular = regular and load_int64(work + X_LEVELS) != 0 and parent == load_int64(work + X_BILLING_NUMBER)
        store_int64(work + X_SUBSCRIBER_START, where)
        store_int64(work + X_SUBSCRIBER_END, 0)
        store_int64(work + X_SUBSCRIBER_NUMBER, number)
        named &= OF_HEADER | OF_BILLING
        store_int64(work + X_MEMBER_LENGTH, 0)
        store_int64(work + X_LAST_LENGTH, 0)
        store_int64(work + X_FIRST_LENGTH, 0)
        store_int32(template + C_PAYER_ID, 0)
        store_int32(template + C_PAYER_NAME, 0)
        store_int32(template + C_FILING, 0)
        store_int32(template + C_RESPONSIBILITY, 0)
    else:
        area = DEPENDENT
        regular = (
            regular
            and level == Q_23
            and load_int64(work + X_SUBSCRIBER_START) != 0
            and parent == load_int64(work + X_SUBSCRIBER_NUMBER)
        )
        named &= ~NAMED_QC
        store_int64(work + X_DEPENDENT_LAST_LENGTH, 0)
        store_int64(work + X_DEPENDENT_FIRST_LENGTH, 0)
    store_int64(work + X_DEPENDENT_START, where if area == DEPENDENT else 0)
    store_int64(work + X_DEPENDENT_END, 0)
    store_int64(work + X_AREA, area)
    store_int64(work + X_NAMED, named)
    # What was odd about a level goes with it, and with those below.
    store_int64(work + X_ODD_LEVELS, odd & ((1 << area) - 1))
    store_int64(work + X_KEY_READY, 0)
    store_int64(work + X_BORN, 0)
    store_int64(work + X_SEX, 0)
    store_int32(template + C_BORN, 0)
    store_int32(template + C_SEX, 0)
    return regular


@helper
def level_segment(work: int, name: int, at: int, behind: int) -> int:
    """A segment of the header or of a level. MISPLACED where the level can no longer be read."""
    found = standing(work, name, at, behind)
    if found != MISPLACED:
        found = max(found, _said(work, name, at, behind))
    if found == ODD:
        odd = load_int64(work + X_ODD_LEVELS)
        store_int64(work + X_ODD_LEVELS, odd | 1 << load_int64(work + X_AREA))
    return found


@helper
def _said(work: int, name: int, at: int, behind: int) -> int:
    template = work + W_CLAIM
    if name == NM1:
        return _named(work, at, behind)
    if name == PRV:
        return _text(work, at, behind, 3, template + C_BILLING_TAXONOMY)
    if name == SBR:
        found = _first_of(work, NAMED_SBR)
        found = max(found, _text(work, at, behind, 9, template + C_FILING))
        return max(found, _text(work, at, behind, 1, template + C_RESPONSIBILITY))
    if name == DMG:
        start, end = span(work, at, behind, 2)
        day, digits = day_or_none(start, end)
        start, end = span(work, at, behind, 3)
        sex = sex_of(start, end)
        store_int64(work + X_KEY_READY, 0)
        store_int64(work + X_BORN, digits)
        store_int64(work + X_SEX, sex)
        store_int32(template + C_BORN, day)
        store_int32(template + C_SEX, sex)
        return ODD if day == NO_DAY or sex == REFUSED else IN_ORDER
    if name == BHT:
        start, end = span(work, at, behind, 4)
        day, _ = day_or_none(start, end)
        store_int32(template + C_SUBMITTED, day)
        _first_of(work, NAMED_BHT)
        return ODD if day == NO_DAY else IN_ORDER
    if load_int64(work + X_ENTITY) == E_85:
        return _of_billing_provider(work, name, at, behind)
    return IN_ORDER


@helper
def _first_of(work: int, bit: int) -> int:
    """Note that something was named; MISPLACED where it was before."""
    named = load_int64(work + X_NAMED)
    store_int64(work + X_NAMED, named | bit)
    return MISPLACED if named & bit else IN_ORDER


@helper
def _text(work: int, at: int, behind: int, element: int, target: int) -> int:
    """Store the number of a text."""
    number = text_in(work, at, behind, element, True)
    store_int32(target, number)
    return ODD if number == REFUSED else IN_ORDER


@helper
def _named(work: int, at: int, behind: int) -> int:
    """An NM1."""
    template = work + W_CLAIM
    entity = load_int64(work + X_ENTITY)
    if entity == E_85:
        number = npi(work, at, behind)
        store_int32(template + C_BILLING_NPI, number)
        return max(_first_of(work, NAMED_85), ODD if number == REFUSED else IN_ORDER)
    if entity == E_PR:
        found = _first_of(work, NAMED_PR)
        found = max(found, _text(work, at, behind, 9, template + C_PAYER_ID))
        return max(found, _text(work, at, behind, 3, template + C_PAYER_NAME))
    if entity == E_IL:
        found = _first_of(work, NAMED_IL)
        found = max(found, _kept(work, at, behind, 3, W_LAST, X_LAST_LENGTH))
        found = max(found, _kept(work, at, behind, 4, W_FIRST, X_FIRST_LENGTH))
        found = max(found, _kept(work, at, behind, 9, W_MEMBER, X_MEMBER_LENGTH))
        start, end = span(work, at, behind, 2)
        if load_int64(work + X_MEMBER_LENGTH) == 0 and code(start, end) == Q_1:
            found = max(found, ODD)
        store_int64(work + X_KEY_READY, 0)
        return found
    if entity == E_QC:
        found = _first_of(work, NAMED_QC)
        found = max(found, _kept(work, at, behind, 3, W_DEPENDENT_LAST, X_DEPENDENT_LAST_LENGTH))
        found = max(found, _kept(work, at, behind, 4, W_DEPENDENT_FIRST, X_DEPENDENT_FIRST_LENGTH))
        store_int64(work + X_KEY_READY, 0)
        return found
    if entity == E_41:
        _first_of(work, NAMED_41)
    elif entity == E_40:
        _first_of(work, NAMED_40)
    return IN_ORDER


@helper
def _kept(work: int, at: int, behind: int, element: int, place: int, length: int) -> int:
    """Copy a text to a place of its own."""
    start, end = span(work, at, behind, element)
    count = copied(start, end, work + place)
    store_int64(work + length, count)
    return ODD if count == REFUSED else IN_ORDER


@helper
def _of_billing_provider(work: int, name: int, at: int, behind: int) -> int:
    """The address and the tax identification in loop 2010AA."""
    template = work + W_CLAIM
    if name == N3:
        _first_of(work, NAMED_STREET)
    elif name == N4:
        _first_of(work, NAMED_CITY)
        state = address_state(work, at, behind)
        zip_code = address_zip(work, at, behind)
        store_int32(template + C_BILLING_STATE, state)
        store_int32(template + C_BILLING_ZIP, zip_code)
        return ODD if state == REFUSED or zip_code == REFUSED else IN_ORDER
    elif name == REF:
        start, end = span(work, at, behind, 1)
        qualifier = code(start, end)
        if qualifier in (Q_EI, Q_SY):
            return ODD if _first_of(work, NAMED_TAX) == MISPLACED else IN_ORDER
    return IN_ORDER


@helper
def patient_ready(work: int, row: int) -> bool:
    """Have the patient's key in the record, as x12_levels.key_of_patient; False where only the slow reader can.

    ``row`` is the address of the claim that is begun.
    """
    if load_int64(work + X_KEY_READY) != 0:
        return True
    dependent = load_int64(work + X_DEPENDENT_START) != 0
    member = load_int64(work + X_MEMBER_LENGTH)
    text = work + W_MEMBER
    length = member
    if dependent or member == 0:
        last = work + (W_DEPENDENT_LAST if dependent else W_LAST)
        first = work + (W_DEPENDENT_FIRST if dependent else W_FIRST)
        last_length = load_int64(work + (X_DEPENDENT_LAST_LENGTH if dependent else X_LAST_LENGTH))
        first_length = load_int64(work + (X_DEPENDENT_FIRST_LENGTH if dependent else X_FIRST_LENGTH))
        if last_length + first_length == 0 or (member == 0 and load_int64(work + X_BORN) == 0):
            length = 0
        elif member + last_length + first_length + _MOST_ADDED > LONGEST_KEY:
            length = LONGEST_KEY + 1
        else:
            text, length = _person(work, last, last_length, first, first_length)
    if length > LONGEST_KEY:
        return False
    store_int64(work + W_CLAIM + C_PATIENT, waiting_lane(work, text, length, row) if length > 0 else 0)
    store_int64(work + X_KEY_READY, 1)
    return True


@helper
def _person(work: int, last: int, last_length: int, first: int, first_length: int) -> tuple[int, int]:
    """The address and length of what tells a patient who has no number of their own."""
    key = work + W_KEY
    member = load_int64(work + X_MEMBER_LENGTH)
    born = load_int64(work + X_BORN)
    sex = load_int64(work + X_SEX)
    length = 0
    if member > 0:
        length = _put_behind(key, length, work + W_MEMBER, member)
    length = _put_behind(key, length, last, last_length)
    length = _put_behind(key, length, first, first_length)
    if born != 0:
        for at in range(10):
            store_byte(key + length + at, 0x2D)
        rest = born
        for at in (9, 8, 6, 5, 3, 2, 1, 0):
            store_byte(key + length + at, 0x30 + rest % 10)
            rest //= 10
        length += 10
    if member > 0:
        store_byte(key + length, _UNIT)
        length += 1
        if sex != 0:
            store_byte(key + length, 0x4D if sex == T_M else 0x46 if sex == T_F else 0x55)
            length += 1
    # str.strip() takes these separators for blanks.
    begin = 0
    while begin < length and load_byte(key + begin) in (_UNIT, _SPACE):
        begin += 1
    while length > begin and load_byte(key + length - 1) in (_UNIT, _SPACE):
        length -= 1
    return key + begin, length - begin


@helper
def _put_behind(key: int, length: int, text: int, count: int) -> int:
    """Put a text and a separator behind what there is; the length of it all."""
    for at in range(count):
        store_byte(key + length + at, load_byte(text + at))
    store_byte(key + length + count, _UNIT)
    return length + count + 1
