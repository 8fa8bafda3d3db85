"""What the compiled reader and Python agree on: tables of segments and entities, places in records and in events.

The tables are made of :mod:`cleanclaim.claims.readers.x12_loops`, so that both readers know the same segments.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims import table_layout
from cleanclaim.claims.model import ClaimType
from cleanclaim.claims.readers.x12_claim import _DIAGNOSES, _OTHER_INFORMATION
from cleanclaim.claims.readers.x12_loops import ENTITIES, SEGMENTS, Area, NameOrder, misplaced
from cleanclaim.claims.readers.x12_segment import Segment

AREAS: Final = tuple(Area)
HEADER, BILLING, SUBSCRIBER, DEPENDENT, CLAIM, OTHER_PAYER, LINE = range(len(AREAS))
KINDS: Final = (ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL)

# --- segments

NAMES: Final = ("HL", "CLM", *sorted(frozenset().union(*SEGMENTS.values())))
"""Every segment identifier that the slow reader knows; the place in this is the number of the segment."""
HL, CLM, LX, SV1, SV2, DTP, REF, NTE, PWK, LIN = map(NAMES.index, "HL CLM LX SV1 SV2 DTP REF NTE PWK LIN".split())
CTP, NM1, PRV, HI, N3, N4, SBR, DMG, BHT = map(NAMES.index, "CTP NM1 PRV HI N3 N4 SBR DMG BHT".split())
_QUALIFIED: Final = frozenset({"NM1", "PRV"})
"""Whether these may stand somewhere depends on their first element too."""


def packed(text: str) -> int:
    """Up to seven characters as the compiled functions pack them: bytes from below, the length on top."""
    return int.from_bytes(text.encode("ascii"), "little") | len(text) << 56


def name_key(name: str) -> int:
    """An identifier of two or three characters in 32 bits, with its length on top."""
    return int.from_bytes(name.encode("ascii"), "little") | len(name) << 24


NAME_SLOTS: Final = 256


def _spread() -> tuple[int, npt.NDArray[np.int64]]:
    """A multiplier that sends every identifier to a slot of its own, and the slots: the key, the number above it."""
    keys = [name_key(name) for name in NAMES]
    for multiplier in range(0x9E3779B1, 0x9E3779B1 + 2_000_000, 2):
        places = {(key * multiplier & 0xFFFFFFFF) >> 24 for key in keys}
        if len(places) == len(keys):
            slots = np.zeros(NAME_SLOTS, np.int64)
            for number, key in enumerate(keys):
                slots[(key * multiplier & 0xFFFFFFFF) >> 24] = key | number << 32
            return multiplier, slots
    raise AssertionError("no multiplier spreads the segment identifiers")


NAME_MULTIPLIER, NAME_TABLE = _spread()


# --- where segments may stand

OPENER: Final = 9
RANKS: Final = tuple(OPENER if name in NameOrder._OPENERS else NameOrder._RANKS.get(name, 0) for name in NAMES)  # noqa: SLF001 - shared
"""The order inside an NM1 loop."""
AREA_STEP: Final = 64
KIND_STEP: Final = AREA_STEP * len(AREAS)


def _places() -> npt.NDArray[np.uint8]:
    """For each kind of transaction, area and segment, 0 where the segment may not stand, else its rank and 1."""
    table = np.zeros((len(KINDS), len(AREAS), AREA_STEP), np.uint8)
    for kind_number, kind in enumerate(KINDS):
        for area_number, area in enumerate(AREAS):
            for name in SEGMENTS[area]:
                number = NAMES.index(name)
                if name in _QUALIFIED or misplaced(Segment(name, 0, "*"), area, kind) is None:
                    table[kind_number, area_number, number] = 1 + RANKS[number]
    return table.reshape(-1)


PLACES: Final = _places()
"""In the order of kinds, areas and segments."""


# --- qualifiers, packed

# What a level must have named before a claim of it can be read without a word, as bits of ``X_NAMED``.
(NAMED_BHT, NAMED_41, NAMED_40, NAMED_85, NAMED_STREET, NAMED_CITY, NAMED_TAX) = (1 << bit for bit in range(7))
(NAMED_SBR, NAMED_IL, NAMED_PR, NAMED_QC) = (1 << bit for bit in range(7, 11))
OF_HEADER: Final = NAMED_BHT | NAMED_41 | NAMED_40
OF_BILLING: Final = NAMED_85 | NAMED_STREET | NAMED_CITY | NAMED_TAX
OF_SUBSCRIBER: Final = NAMED_SBR | NAMED_IL | NAMED_PR

(Q_XX, Q_BI, Q_PE, Q_20, Q_22, Q_23, Q_1, Q_EI, Q_SY, Q_F8, Q_G1, Q_6R, Q_AA) = map(
    packed, "XX BI PE 20 22 23 1 EI SY F8 G1 6R AA".split()
)
(Q_472, Q_434, Q_435, Q_D8, Q_RD8, Q_DT, Q_HC, Q_N4, Q_M, Q_MALE, Q_F, Q_FEMALE, Q_A, Q_B) = map(
    packed, "472 434 435 D8 RD8 DT HC N4 M MALE F FEMALE A B".split()
)

# --- entities: what NM101 says

ENTITY_NAMES: Final = (
    "",
    *sorted(frozenset().union(*(codes for areas in ENTITIES.values() for codes in areas.values()))),
)
"""The place in this is the number of the entity; 0 is none."""
E_85, E_82, E_IL, E_PR, E_QC, E_41, E_40, E_DN, E_P3, E_71, E_77 = map(
    ENTITY_NAMES.index, "85 82 IL PR QC 41 40 DN P3 71 77".split()
)


def _entities() -> npt.NDArray[np.uint8]:
    table = np.zeros(1 << 16, np.uint8)
    for number, name in enumerate(ENTITY_NAMES):
        if name:
            table[int.from_bytes(name.encode("ascii"), "little")] = number
    return table


ENTITY_TABLE: Final = _entities()
"""The number of an entity by its two bytes."""


def _allowed_entities() -> npt.NDArray[np.uint8]:
    table = np.zeros((len(KINDS), len(AREAS), len(ENTITY_NAMES)), np.uint8)
    for kind_number, kind in enumerate(KINDS):
        for area, codes in ENTITIES[kind].items():
            for code in codes:
                table[kind_number, AREAS.index(area), ENTITY_NAMES.index(code)] = 1
    return table


ALLOWED_ENTITIES: Final = _allowed_entities()

# --- texts that every vocabulary begins with

FIRST_TEXTS: Final = (
    *("", "CLM", "SV1", "SV2", "UN", "HC", "M", "F", "U", "icd10cm", "icd9cm"),
    *("principal", "other", "admitting", "reason_for_visit", "external_cause"),
)
T_CLM, T_SV1, T_SV2, T_UN, T_HC, T_M, T_F, T_U, T_ICD10, T_ICD9, T_PRINCIPAL, T_OTHER = range(1, 13)
T_ADMITTING, T_REASON, T_EXTERNAL = 13, 14, 15

# --- diagnoses: what follows on a qualifier, by place


def _diagnosis_kinds() -> npt.NDArray[np.int64]:
    rows = [
        (packed(name), FIRST_TEXTS.index(system), FIRST_TEXTS.index(role))
        for name, (role, system) in _DIAGNOSES.items()
    ]
    rows += [(packed(name), 0, 0) for name in sorted(_OTHER_INFORMATION)]
    return np.array(rows, np.int64)


DIAGNOSIS_KINDS: Final = _diagnosis_kinds()
"""For each code list qualifier its packed form, and the texts of system and role; 0 for what is no diagnosis."""

# --- places in the records, in bytes

CLAIM_BYTES: Final = table_layout.CLAIM.itemsize
LINE_BYTES: Final = table_layout.LINE.itemsize
DIAGNOSIS_BYTES: Final = table_layout.DIAGNOSIS.itemsize


def _at(record: np.dtype[np.void], *names: str) -> tuple[int, ...]:
    fields = record.fields
    assert fields is not None
    return tuple(fields[name][1] for name in names)


(C_ID, C_SEX, C_PAYER_ID, C_PAYER_NAME, C_FILING, C_RESPONSIBILITY) = _at(
    table_layout.CLAIM,
    *("claim_id", "patient_sex", "payer_id", "payer_name", "filing_indicator", "payer_responsibility"),
)
(C_BILLING_NPI, C_BILLING_TAXONOMY, C_NPI, C_TAXONOMY, C_REFERRING, C_ATTENDING, C_FACILITY) = _at(
    table_layout.CLAIM,
    *("billing_npi", "billing_taxonomy", "rendering_npi", "rendering_taxonomy", "referring_npi", "attending_npi"),
    "service_facility_npi",
)
(C_BILLING_STATE, C_BILLING_ZIP, C_SERVICE_STATE, C_SERVICE_ZIP, C_POS, C_BILL_TYPE, C_FREQUENCY) = _at(
    table_layout.CLAIM,
    *("billing_state", "billing_zip", "service_state", "service_zip", "pos", "bill_type", "frequency"),
)
(C_ORIGINAL, C_AUTHORIZATION, C_NOTE, C_FILE, C_SEGMENT, C_BORN, C_FROM, C_TO, C_ADMITTED, C_SUBMITTED) = _at(
    table_layout.CLAIM,
    *("original_reference", "prior_authorization", "note", "file", "segment", "patient_birth_date"),
    *("statement_from", "statement_to", "admission_date", "submitted_on"),
)
(C_FAULTS, C_LINE_COUNT, C_DIAGNOSIS_COUNT, C_CHARGE, C_BYTE, C_FIRST_LINE, C_FIRST_DIAGNOSIS, C_PATIENT) = _at(
    table_layout.CLAIM,
    *("envelope_faults", "line_count", "diagnosis_count", "total_charge", "byte", "first_line", "first_diagnosis"),
    "patient",
)
(C_CHARGE_SCALE, C_TYPE, C_ATTACHED) = _at(table_layout.CLAIM, "total_charge_scale", "claim_type", "has_attachment")

(L_HCPCS, L_BASIS, L_POS, L_REVENUE, L_NPI, L_TAXONOMY, L_NDC, L_NDC_BASIS, L_NOTE, L_SYSTEM, L_CONTROL) = _at(
    table_layout.LINE,
    *("hcpcs", "unit_basis", "pos", "revenue_code", "rendering_npi", "rendering_taxonomy", "ndc", "ndc_unit_basis"),
    *("note", "code_system", "control_number"),
)
(L_AUTHORIZATION, L_SEGMENT, L_FROM, L_TO, L_NO, L_MODIFIERS, L_POINTERS, L_UNITS, L_CHARGE, L_NDC_UNITS) = _at(
    table_layout.LINE,
    *("prior_authorization", "segment", "service_from", "service_to", "line_no", "modifiers", "diagnosis_pointers"),
    *("units", "charge", "ndc_units"),
)
(L_BYTE, L_UNITS_SCALE, L_CHARGE_SCALE, L_NDC_SCALE, L_ATTACHED) = _at(
    table_layout.LINE, "byte", "units_scale", "charge_scale", "ndc_units_scale", "has_attachment"
)
(D_CODE, D_SYSTEM, D_ROLE, D_PRESENT, D_BYTE) = _at(
    table_layout.DIAGNOSIS, "code", "system", "role", "present_on_admission", "byte"
)


# --- what goes in and comes out, as rows of 64-bit words


# A piece is a stretch of bytes to read: a transaction up to its SE, or part of one.
(P_START, P_END, P_TRANSACTION, P_KIND, P_ELEMENT, P_COMPONENT, P_REPETITION, P_TERMINATOR) = range(8)
P_FAULTS, P_ROLE = 8, 9
P_LAST_NUMBER: Final = 10
"""HL01 of the HL before the stretch, where it is the rest of a transaction."""
P_ITEMS: Final = 11
"""Claims and rejects of the transaction that were given out before."""
P_ODD: Final = 12
"""Of those, the claims read by the slow reader."""
PIECE_WORDS: Final = 13

WHOLE, HEADER_AGAIN, LEVEL_AGAIN, REST = range(4)
"""Roles of a piece: a whole transaction; the header, then the levels around the rest of one; the rest of one."""

# An event is something for Python to do at a row.
E_WHAT: Final = 0
E_ROW: Final = 1
"""Claim rows made before it; the row itself, for a claim to be read."""
E_TRANSACTION: Final = 2
E_ITEMS: Final = 3
"""Claims and rejects that the transaction gave before it."""
E_START, E_END, E_HEADER_END = 4, 5, 6
E_LEVELS: Final = 7
"""Start and end of the levels that are open: billing provider, subscriber, dependent; both 0 where there is none."""
EVENT_WORDS: Final = 13

READ_CLAIM, REJECT_CLAIM, READ_TRANSACTION = 1, 2, 3
"""What an event asks for: the slow reader for a claim, the reject of a claim that names no charge, the slow reader for
the rest of a transaction."""

# Where a call ended.
S_PIECE: Final = 0
"""Pieces done."""
S_POSITION: Final = 1
"""Where the next one goes on, -1 at its start."""
S_ROWS, S_LINES, S_DIAGNOSES, S_EVENTS, S_LAST_NUMBER, S_ITEMS, S_ODD, S_HEADER_END = range(2, 10)
S_LEVELS: Final = 10
"""As of an event."""
STATE_WORDS: Final = 16

# --- a vocabulary in memory, byte by byte

LONGEST: Final = 1000
"""A longer text is refused."""
COUNT, POOL_USED, SLOT_MASK, COUNT_LIMIT, POOL_LIMIT, ENTRIES, SLOTS, POOL, SCRATCH, STARTS = range(0, 80, 8)
"""Its head: counts, limits, and the addresses of its parts; at ``STARTS`` stands where each text begins in the pool."""
RECENT: Final = 128
"""Behind those, some texts that were numbered lately: so few that they stay near the processor."""
RECENT_BITS: Final = 9
"""Of a hash, that say where such a text stands."""
HEAD_WORDS: Final = RECENT // 8 + (4 << RECENT_BITS)
ENTRY: Final = 32
"""Bytes of an entry: first word, second word, length, and room to keep it aligned; of one among the recent ones, its
number in the place of the length."""

# --- the envelope

REACH: Final = 128
"""Bytes behind a place that looking at it may touch."""
MARK_WORDS: Final = 3
"""A mark is its place, its identifier as bytes from below, and the segments so far, itself among them."""

# --- memory the compiled reader works in, in bytes

TILE: Final = 16 * 1024
"""So much is looked at at a time, and no segment may be longer."""
BEHIND: Final = 96
"""Bytes behind the tile that reading an element may touch."""
_SCRATCH: Final = 1280
LANES: Final = 8
"""Identifiers that are hashed at a time."""
LONGEST_KEY: Final = 128
"""Bytes of an identifier, one block of BLAKE2b: a longer one is hashed by the slow reader."""
VECTOR: Final = 8 * LANES
"""Bytes of one word of each; the working memory is aligned to it."""
W_MESSAGE: Final = 0
W_LENGTHS: Final = W_MESSAGE + LONGEST_KEY * LANES
W_HASHES: Final = W_LENGTHS + VECTOR
X_WAITING: Final = W_HASHES + 8 + VECTOR
"""How many identifiers wait."""
X_WAITING_ROW: Final = X_WAITING + 8
"""The address of the first claim that does."""
W_POSITIONS: Final = W_HASHES + 2 * VECTOR
W_ENDS: Final = W_POSITIONS + 4 * (TILE + 128)
W_STARTS: Final = W_ENDS + 4 * (TILE + 128)
W_NAMES: Final = W_STARTS + 4 * TILE
W_TAIL: Final = W_NAMES + 4 * TILE
W_CLAIM: Final = W_TAIL + TILE + 2 * BEHIND
W_LINE: Final = W_CLAIM + CLAIM_BYTES
W_MEMBER: Final = W_LINE + LINE_BYTES
W_LAST: Final = W_MEMBER + _SCRATCH
W_FIRST: Final = W_LAST + _SCRATCH
W_DEPENDENT_LAST: Final = W_FIRST + _SCRATCH
W_DEPENDENT_FIRST: Final = W_DEPENDENT_LAST + _SCRATCH
W_KEY: Final = W_DEPENDENT_FIRST + _SCRATCH
W_NOTE: Final = W_KEY + _SCRATCH
W_CODE: Final = W_NOTE + 2 * _SCRATCH
W_STATE: Final = W_CODE + _SCRATCH

# What is known at a point of a transaction: 64-bit words, by their place in the working memory.
(
    X_TILE,
    X_KIND,
    X_COMPONENT,
    X_REPETITION,
    X_VOCABULARY,
    X_AREA,
    X_ENTITY,
    X_RANK,
    X_NAMED,
    X_ODD_LEVELS,
    X_LAST_NUMBER,
    X_HEADER_END,
    X_LEVELS,
    X_BILLING_END,
    X_SUBSCRIBER_START,
    X_SUBSCRIBER_END,
    X_DEPENDENT_START,
    X_DEPENDENT_END,
    X_BILLING_NUMBER,
    X_SUBSCRIBER_NUMBER,
    X_MEMBER_LENGTH,
    X_LAST_LENGTH,
    X_FIRST_LENGTH,
    X_DEPENDENT_LAST_LENGTH,
    X_DEPENDENT_FIRST_LENGTH,
    X_BORN,
    X_SEX,
    X_KEY_READY,
    X_KNOWN_DATE,
    X_KNOWN_DAY,
    X_ROW,
    X_LINE,
    X_LINES,
    X_LINES_LEFT,
    X_LINE_TOTAL,
    X_DIAGNOSES,
    X_DIAGNOSES_LEFT,
    X_DIAGNOSIS_TOTAL,
    X_REJECTED,
    X_SERVED,
    X_DATED,
    X_HAS_OWN,
    X_OWN_NPI,
    X_SEEN,
    X_NPI,
    X_NOTE_LENGTH,
) = range(W_STATE, W_STATE + 8 * 46, 8)
WORK_BYTES: Final = W_STATE + 8 * 64
"""``X_LEVELS`` and the five behind it are start and end of the levels; a level that is not open starts at 0.
``X_LINES`` and ``X_DIAGNOSES`` are the addresses of the claim's first line and diagnosis."""
