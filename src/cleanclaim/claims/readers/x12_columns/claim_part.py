"""One claim, from its CLM to the last segment before the next (loops 2300 to 2440), into its records.

Each function answers False where only the slow reader can say what becomes of the claim.
"""

# Compiled: a call, a set or a generator costs more than it explains here, and arguments go by place.
# ruff: noqa: C901, PLR0911, PLR0912, PLR0917, PLR1714
from __future__ import annotations

from typing import Final

from cleanclaim.claims.readers.x12_columns.elements import (
    address_state,
    address_zip,
    amount_in,
    diagnoses_in,
    facility,
    first_part,
    noted,
    npi,
    period_in,
    pointers_in,
    procedure_in,
    span,
    text_in,
)
from cleanclaim.claims.readers.x12_columns.layout import (
    C_ADMITTED,
    C_ATTACHED,
    C_ATTENDING,
    C_AUTHORIZATION,
    C_BYTE,
    C_CHARGE,
    C_CHARGE_SCALE,
    C_FACILITY,
    C_FROM,
    C_ID,
    C_NOTE,
    C_NPI,
    C_ORIGINAL,
    C_POS,
    C_REFERRING,
    C_SERVICE_STATE,
    C_SERVICE_ZIP,
    C_TAXONOMY,
    C_TO,
    CLAIM,
    CLAIM_BYTES,
    CTP,
    DTP,
    E_71,
    E_77,
    E_82,
    E_DN,
    E_P3,
    HI,
    L_ATTACHED,
    L_AUTHORIZATION,
    L_BASIS,
    L_BYTE,
    L_CHARGE,
    L_CHARGE_SCALE,
    L_CONTROL,
    L_FROM,
    L_NDC,
    L_NDC_BASIS,
    L_NDC_SCALE,
    L_NDC_UNITS,
    L_NO,
    L_NOTE,
    L_NPI,
    L_POINTERS,
    L_POS,
    L_REVENUE,
    L_SEGMENT,
    L_SYSTEM,
    L_TAXONOMY,
    L_TO,
    L_UNITS,
    L_UNITS_SCALE,
    LIN,
    LINE,
    LINE_BYTES,
    LX,
    N4,
    NAMED_QC,
    NM1,
    NTE,
    OF_BILLING,
    OF_HEADER,
    OF_SUBSCRIBER,
    OTHER_PAYER,
    PRV,
    PWK,
    Q_6R,
    Q_434,
    Q_435,
    Q_472,
    Q_AA,
    Q_F8,
    Q_G1,
    Q_N4,
    Q_PE,
    REF,
    SBR,
    SV1,
    SV2,
    T_HC,
    T_SV1,
    T_SV2,
    T_UN,
    W_CLAIM,
    W_LINE,
    X_AREA,
    X_DATED,
    X_DEPENDENT_START,
    X_DIAGNOSIS_TOTAL,
    X_ENTITY,
    X_HAS_OWN,
    X_LINE,
    X_LINE_TOTAL,
    X_LINES,
    X_LINES_LEFT,
    X_NAMED,
    X_NOTE_LENGTH,
    X_NPI,
    X_ODD_LEVELS,
    X_OWN_NPI,
    X_RANK,
    X_REJECTED,
    X_ROW,
    X_SEEN,
    X_SERVED,
)
from cleanclaim.claims.readers.x12_columns.levels import IN_ORDER, patient_ready, standing
from cleanclaim.claims.readers.x12_columns.machine import (
    copier,
    helper,
    load_int64,
    load_uint32,
    store_byte,
    store_int32,
    store_int64,
)
from cleanclaim.claims.readers.x12_columns.scalars import MISSING, NO_DAY, NO_NUMBER
from cleanclaim.claims.readers.x12_columns.words import REFUSED, code, trimmed_start

# Bits of X_SEEN: what the claim has named.
_RENDERING, _REFERRING, _PRIMARY_CARE, _ATTENDING, _SITE, _STATEMENT, _ADMISSION = 1, 2, 4, 8, 16, 32, 64


_copy_claim: Final = copier(CLAIM_BYTES)
_copy_line: Final = copier(LINE_BYTES)


@helper
def zero_words(target: int, count: int) -> None:
    """Make 64-bit words zero."""
    for at in range(0, 8 * count, 8):
        store_int64(target + at, 0)


@helper
def begin_claim(work: int, at: int, behind: int, where: int, row: int) -> bool:
    """A CLM: the record of the claim, from what its levels say and the CLM itself.

    Without a charge, ``X_REJECTED`` is set.
    """
    store_int64(work + X_ENTITY, 0)
    store_int64(work + X_RANK, 0)
    store_int64(work + X_AREA, CLAIM)
    store_int64(work + X_ROW, row)
    store_int64(work + X_LINE_TOTAL, 0)
    store_int64(work + X_DIAGNOSIS_TOTAL, 0)
    store_int64(work + X_REJECTED, 0)
    store_int64(work + X_SERVED, 0)
    store_int64(work + X_SEEN, 0)
    store_int64(work + X_NPI, 0)
    store_int64(work + X_NOTE_LENGTH, 0)
    wanted = OF_HEADER | OF_BILLING | OF_SUBSCRIBER
    if load_int64(work + X_DEPENDENT_START) != 0:
        wanted |= NAMED_QC
    if load_int64(work + X_NAMED) & wanted != wanted or load_int64(work + X_ODD_LEVELS) != 0:
        return False
    if not patient_ready(work, row):
        return False
    _copy_claim(work + W_CLAIM, row)
    store_int64(row + C_BYTE, where)
    number = text_in(work, at, behind, 1, False)
    store_int32(row + C_ID, number)
    value, scale = amount_in(work, at, behind, 2)
    store_int64(row + C_CHARGE, value)
    store_byte(row + C_CHARGE_SCALE, scale)
    if number <= 0 or scale == NO_NUMBER:
        return False
    if scale == MISSING:
        store_int64(work + X_REJECTED, 1)
        return True
    return facility(work, at, behind, row)


@helper
def claim_segment(work: int, name: int, at: int, behind: int, where: int) -> bool:
    """A segment of the claim that is open."""
    if standing(work, name, at, behind) != IN_ORDER:
        return False
    if name == LX:
        return _begin_line(work)
    if name == SBR:
        store_int64(work + X_AREA, OTHER_PAYER)
        return True
    area = load_int64(work + X_AREA)
    if area == OTHER_PAYER or load_int64(work + X_REJECTED) != 0:
        return True
    if area == LINE:
        return _of_line(work, name, at, behind, where)
    return _of_claim(work, name, at, behind, where)


@helper
def _begin_line(work: int) -> bool:
    """An LX: the record of the line, from what the claim says."""
    store_int64(work + X_AREA, LINE)
    if load_int64(work + X_REJECTED) != 0:
        return True
    total = load_int64(work + X_LINE_TOTAL)
    template = work + W_LINE
    if total >= load_int64(work + X_LINES_LEFT):
        return False
    if total == 0:
        row = load_int64(work + X_ROW)
        zero_words(template, LINE_BYTES // 8)
        store_int32(template + L_POS, load_uint32(row + C_POS))
        store_int32(template + L_NPI, load_int64(work + X_NPI))
        store_int32(template + L_TAXONOMY, load_uint32(row + C_TAXONOMY))
        store_int32(template + L_SYSTEM, T_HC)
        store_int32(template + L_BASIS, T_UN)
        store_int64(template + L_POINTERS, -1)
        store_byte(template + L_UNITS_SCALE, MISSING)
        store_byte(template + L_CHARGE_SCALE, MISSING)
        store_byte(template + L_NDC_SCALE, MISSING)
        day = load_uint32(row + C_FROM)
        if day == load_uint32(row + C_TO):
            store_int32(template + L_FROM, day)
            store_int32(template + L_TO, day)
    elif load_int64(work + X_SERVED) == 0:
        return False
    line = load_int64(work + X_LINES) + LINE_BYTES * total
    _copy_line(template, line)
    store_int32(line + L_NO, total + 1)
    store_int64(work + X_LINE, line)
    store_int64(work + X_LINE_TOTAL, total + 1)
    store_int64(work + X_SERVED, 0)
    store_int64(work + X_DATED, 0)
    store_int64(work + X_HAS_OWN, 0)
    store_int64(work + X_NOTE_LENGTH, 0)
    return True


@helper
def _of_line(work: int, name: int, at: int, behind: int, where: int) -> bool:
    line = load_int64(work + X_LINE)
    if name in (SV1, SV2):
        return _service(work, name, at, behind, where, line)
    if name == DTP:
        return _line_date(work, at, behind, line)
    if name == REF:
        start, end = span(work, at, behind, 1)
        qualifier = code(start, end)
        if qualifier in (Q_6R, Q_G1):
            number = text_in(work, at, behind, 2, False)
            if qualifier == Q_6R:
                store_int32(line + L_CONTROL, number)
            elif load_uint32(line + L_AUTHORIZATION) == 0:
                store_int32(line + L_AUTHORIZATION, number)
            return number != REFUSED
    elif name == NM1:
        if load_int64(work + X_ENTITY) == E_82:
            return _line_provider(work, at, behind, line)
    elif name == PRV:
        if load_int64(work + X_ENTITY) == E_82 and load_int64(work + X_HAS_OWN) != 0:
            return _line_taxonomy(work, at, behind, line)
    elif name == NTE:
        start, end = span(work, at, behind, 2)
        return noted(work, start, end, line + L_NOTE)
    elif name == PWK:
        _attached(work, at, behind, line + L_ATTACHED)
    elif name == LIN:
        start, end = span(work, at, behind, 2)
        if code(start, end) == Q_N4:
            if load_uint32(line + L_NDC) != 0:
                return False
            number = text_in(work, at, behind, 3, True)
            store_int32(line + L_NDC, number)
            return number != REFUSED
    elif name == CTP:
        value, scale = amount_in(work, at, behind, 4)
        store_int64(line + L_NDC_UNITS, value)
        store_byte(line + L_NDC_SCALE, scale)
        number = first_part(work, at, behind, 5)
        store_int32(line + L_NDC_BASIS, number)
        return number != REFUSED and scale != NO_NUMBER
    return True


@helper
def _service(work: int, name: int, at: int, behind: int, where: int, line: int) -> bool:
    """An SV1 or SV2."""
    if load_int64(work + X_SERVED) != 0:
        return False
    store_int64(work + X_SERVED, 1)
    store_int64(line + L_BYTE, where)
    shift = 0
    if name == SV1:
        store_int32(line + L_SEGMENT, T_SV1)
        start, end = span(work, at, behind, 1)
        coded = True
    else:
        shift = 1
        store_int32(line + L_SEGMENT, T_SV2)
        number = text_in(work, at, behind, 1, True)
        store_int32(line + L_REVENUE, number)
        if number <= 0:
            return False
        start, end = span(work, at, behind, 2)
        coded = trimmed_start(start, end) != end
    if coded and not procedure_in(work, start, end, line):
        return False
    value, scale = amount_in(work, at, behind, 2 + shift)
    store_int64(line + L_CHARGE, value)
    store_byte(line + L_CHARGE_SCALE, scale)
    units, units_scale = amount_in(work, at, behind, 4 + shift)
    if scale < 0 or units < 0 or units_scale == NO_NUMBER:
        return False
    store_int64(line + L_UNITS, units)
    store_byte(line + L_UNITS_SCALE, units_scale)
    basis = text_in(work, at, behind, 3 + shift, True)
    if basis != 0:
        store_int32(line + L_BASIS, basis)
    if name == SV2:
        return basis != REFUSED
    place = text_in(work, at, behind, 5, True)
    if place != 0:
        store_int32(line + L_POS, place)
    start, end = span(work, at, behind, 7)
    return pointers_in(work, start, end, line) and place != REFUSED and basis != REFUSED


@helper
def _line_date(work: int, at: int, behind: int, line: int) -> bool:
    start, end = span(work, at, behind, 1)
    if code(start, end) != Q_472:
        return True
    first, last = period_in(work, at, behind)
    if first == NO_DAY:
        return False
    if load_int64(work + X_DATED) != 0:
        return first == load_uint32(line + L_FROM) and last == load_uint32(line + L_TO)
    store_int64(work + X_DATED, 1)
    store_int32(line + L_FROM, first)
    store_int32(line + L_TO, last)
    return True


@helper
def _line_provider(work: int, at: int, behind: int, line: int) -> bool:
    number = npi(work, at, behind)
    if number == REFUSED or (load_int64(work + X_HAS_OWN) != 0 and number != load_int64(work + X_OWN_NPI)):
        return False
    store_int64(work + X_HAS_OWN, 1)
    store_int64(work + X_OWN_NPI, number)
    store_int32(line + L_NPI, number)
    # Who is the claim's provider again has the taxonomy that the claim gives, unless a PRV follows.
    same = number == load_int64(work + X_NPI)
    store_int32(line + L_TAXONOMY, load_uint32(load_int64(work + X_ROW) + C_TAXONOMY) if same else 0)
    return True


@helper
def _line_taxonomy(work: int, at: int, behind: int, line: int) -> bool:
    start, end = span(work, at, behind, 1)
    if code(start, end) != Q_PE:
        return True
    number = text_in(work, at, behind, 3, True)
    if number == 0 and load_int64(work + X_OWN_NPI) == load_int64(work + X_NPI):
        number = load_uint32(load_int64(work + X_ROW) + C_TAXONOMY)
    store_int32(line + L_TAXONOMY, number)
    return number != REFUSED


@helper
def _attached(work: int, at: int, behind: int, target: int) -> None:
    """A PWK: paper that is kept at the provider's is not sent."""
    start, end = span(work, at, behind, 2)
    if code(start, end) != Q_AA:
        store_byte(target, 1)


@helper
def _of_claim(work: int, name: int, at: int, behind: int, where: int) -> bool:
    row = load_int64(work + X_ROW)
    if name == HI:
        for element in range(1, behind - at):
            start, end = span(work, at, behind, element)
            if not diagnoses_in(work, start, end, where):
                return False
    elif name == NM1:
        return _provider(work, at, behind, row)
    elif name == PRV:
        start, end = span(work, at, behind, 1)
        if load_int64(work + X_ENTITY) == E_82 and code(start, end) == Q_PE:
            number = text_in(work, at, behind, 3, True)
            store_int32(row + C_TAXONOMY, number)
            return number != REFUSED
    elif name == DTP:
        return _claim_date(work, at, behind, row)
    elif name == REF:
        start, end = span(work, at, behind, 1)
        qualifier = code(start, end)
        if qualifier in (Q_F8, Q_G1):
            number = text_in(work, at, behind, 2, False)
            target = row + (C_ORIGINAL if qualifier == Q_F8 else C_AUTHORIZATION)
            if load_uint32(target) == 0:
                store_int32(target, number)
            return number != REFUSED
    elif name == NTE:
        start, end = span(work, at, behind, 2)
        return noted(work, start, end, row + C_NOTE)
    elif name == PWK:
        _attached(work, at, behind, row + C_ATTACHED)
    elif name == N4 and load_int64(work + X_ENTITY) == E_77:
        state = address_state(work, at, behind)
        zip_code = address_zip(work, at, behind)
        store_int32(row + C_SERVICE_STATE, state)
        store_int32(row + C_SERVICE_ZIP, zip_code)
        return state != REFUSED and zip_code != REFUSED
    return True


@helper
def _claim_date(work: int, at: int, behind: int, row: int) -> bool:
    start, end = span(work, at, behind, 1)
    qualifier = code(start, end)
    if qualifier not in (Q_434, Q_435):
        return True
    first, last = period_in(work, at, behind)
    if first == NO_DAY:
        return False
    seen = load_int64(work + X_SEEN)
    if qualifier == Q_434:
        if seen & _STATEMENT == 0:
            store_int32(row + C_FROM, first)
            store_int32(row + C_TO, last)
        store_int64(work + X_SEEN, seen | _STATEMENT)
    else:
        if seen & _ADMISSION == 0:
            store_int32(row + C_ADMITTED, first)
        store_int64(work + X_SEEN, seen | _ADMISSION)
    return True


@helper
def _provider(work: int, at: int, behind: int, row: int) -> bool:
    """An NM1 of the claim: the first of each entity counts; a referring provider comes before one of primary care."""
    entity = load_int64(work + X_ENTITY)
    seen = load_int64(work + X_SEEN)
    if entity == E_82:
        bit, target = _RENDERING, C_NPI
    elif entity == E_DN:
        bit, target = _REFERRING, C_REFERRING
    elif entity == E_P3:
        bit, target = _PRIMARY_CARE, C_REFERRING
    elif entity == E_71:
        bit, target = _ATTENDING, C_ATTENDING
    elif entity == E_77:
        bit, target = _SITE, C_FACILITY
    else:
        return True
    number = npi(work, at, behind)
    if number == REFUSED:
        return False
    if seen & bit != 0:
        return entity != E_82 or number == load_int64(work + X_NPI)
    store_int64(work + X_SEEN, seen | bit)
    if entity == E_82:
        store_int64(work + X_NPI, number)
    if entity != E_P3 or seen & _REFERRING == 0:
        store_int32(row + target, number)
    return True
