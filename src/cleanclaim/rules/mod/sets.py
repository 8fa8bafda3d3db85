"""Modifiers that belong together, as positions in a line's flag bytes, and kinds of code by their numbers."""

from __future__ import annotations

import datetime as dt
from typing import Final

from cleanclaim.rules.code_groups import code_number, is_of_digits
from cleanclaim.rules.facts import CodeKind, LineFacts
from cleanclaim.rules.modifiers import ANESTHETISTS, ASSISTANTS, LT, M50, RT, position

M33: Final = position("33")
M47: Final = position("47")
M62: Final = position("62")
M63: Final = position("63")
M66: Final = position("66")
M73: Final = position("73")
M74: Final = position("74")
M93: Final = position("93")
AS: Final = position("AS")
AT: Final = position("AT")
CO: Final = position("CO")
CQ: Final = position("CQ")
GA: Final = position("GA")
GO: Final = position("GO")
GP: Final = position("GP")
GQ: Final = position("GQ")
GX: Final = position("GX")
GY: Final = position("GY")
GZ: Final = position("GZ")
PT: Final = position("PT")
JW: Final = position("JW")
JZ: Final = position("JZ")

ASSISTANT_PHYSICIAN: Final = (position("80"), position("81"), position("82"))
ASSISTANT: Final = tuple(position(modifier) for modifier in ASSISTANTS)
SURGEONS: Final = (M62, M66)
ANESTHESIA_PROVIDER: Final = tuple(position(modifier) for modifier in ANESTHETISTS)
PHYSICAL_STATUS: Final = tuple(position(modifier) for modifier in ("P1", "P2", "P3", "P4", "P5", "P6"))
ANESTHESIA_DETAIL: Final = (position("23"), *PHYSICAL_STATUS, *(position(m) for m in ("QS", "G8", "G9")))
"""Unusual anesthesia, physical status, monitored care: they describe an anesthesia service."""
SHARES: Final = (position("54"), position("55"), position("56"))
AFTER_SURGERY: Final = (position("58"), position("78"), position("79"))
VISIT: Final = (position("24"), position("25"), position("57"))
PROCEDURE_ONLY: Final = (position("22"), M47, position("53"), M63, position("76"), position("77"))
"""Modifiers of a procedure's work, circumstances or repetition that a visit does not have."""
STOPPED: Final = (position("52"), position("53"), M73, M74)
LABORATORY: Final = (position("90"), position("91"), position("92"), position("QW"))
THERAPY_PLAN: Final = (position("GN"), GO, GP)
LIABILITY: Final = (GA, GX, GY, GZ)
LIVE_VIDEO: Final = (position("95"), position("GT"))
PURCHASE: Final = (position("NU"), position("RR"), position("UE"))
SIDES: Final = (LT, RT)
SITES: Final = (M50, *(position(modifier) for modifier in "E1 E2 E3 E4 LT RT LC LD RC LM RI".split()))
DIGITS: Final = tuple(
    position(modifier) for modifier in "FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9".split()
)

ASSISTANTS_OF_THERAPISTS_FROM: Final = dt.date(2020, 1, 1).toordinal()
"""Services that a therapy assistant gives in whole or in part bear CQ or CO (42 CFR 410.59 and 410.60)."""

ACTIVE_TREATMENT_FROM: Final = dt.date(2004, 10, 1).toordinal()
"""Medicare denies manipulation without AT from this day on (MM3449, as a contractor quotes it)."""

_ANESTHESIA_FIRST: Final = code_number("00100")
_ANESTHESIA_LAST: Final = code_number("01999")
_DAILY_PAIN_MANAGEMENT: Final = code_number("01996")
_CIRCUMSTANCE_FIRST: Final = code_number("99100")
_CIRCUMSTANCE_LAST: Final = code_number("99140")
_MANIPULATION_FIRST: Final = code_number("98940")
_MANIPULATION_LAST: Final = code_number("98942")
_SIGMOIDOSCOPY_FIRST: Final = code_number("45330")
_COLONOSCOPY_LAST: Final = code_number("45398")
_PROCTECTOMIES: Final = (code_number("45395"), code_number("45397"))
"""By laparoscope, among the numbers of the scopes."""
_STOMA_FIRST: Final = code_number("44388")
_STOMA_LAST: Final = code_number("44408")
_LOWER_ENDOSCOPY_ANESTHESIA: Final = code_number("00811")
_BIOLOGICAL_FIRST: Final = code_number("90281")
_BIOLOGICAL_LAST: Final = code_number("90759")
_SERVICES: Final = (CodeKind.CATEGORY_I, CodeKind.CATEGORY_III)
"""A tuple, since a set of enum members cannot be compiled."""


def bears(line: LineFacts) -> bool:
    """The line has modifiers to be judged; those of Category II codes are the QLT family's."""
    return line.modifier_count > 0 and line.is_hcpcs and line.code_kind != CodeKind.CATEGORY_II


def count_of(flags: bytes, positions: tuple[int, ...]) -> int:
    """How many of the modifiers are on the line."""
    found = 0
    for where in positions:
        found += flags[where]
    return found


def _between(line: LineFacts, first: int, last: int) -> bool:
    """A five-digit CPT code in a range; 0111A, a vaccine's, lies between 00100 and 01999 by its characters alone."""
    return is_of_digits(line.code_kind, line.code_number) and first <= line.code_number <= last


def is_anesthesia(line: LineFacts) -> bool:
    """An anesthesia service, 00100-01999."""
    return _between(line, _ANESTHESIA_FIRST, _ANESTHESIA_LAST)


def wants_provider(line: LineFacts) -> bool:
    """An anesthesia service for which someone gave or directed anesthesia; 01996 is a day's care of a catheter."""
    return is_anesthesia(line) and line.code_number != _DAILY_PAIN_MANAGEMENT


def is_qualifying_circumstance(line: LineFacts) -> bool:
    """99100-99140, which are billed beside an anesthesia service."""
    return _between(line, _CIRCUMSTANCE_FIRST, _CIRCUMSTANCE_LAST)


def is_manipulation(line: LineFacts) -> bool:
    """Chiropractic manipulation of the spine, 98940-98942."""
    return _between(line, _MANIPULATION_FIRST, _MANIPULATION_LAST)


def may_be_screening_turned(line: LineFacts) -> bool:
    """What a colorectal screening may turn into: sigmoidoscopy, colonoscopy, also through a stoma, its anesthesia."""
    return line.code_number not in _PROCTECTOMIES and (
        _between(line, _SIGMOIDOSCOPY_FIRST, _COLONOSCOPY_LAST)
        or _between(line, _STOMA_FIRST, _STOMA_LAST)
        or line.code_number == _LOWER_ENDOSCOPY_ANESTHESIA
    )


def is_biological(line: LineFacts) -> bool:
    """Immune globulins and vaccines with a CPT code of their own."""
    return _between(line, _BIOLOGICAL_FIRST, _BIOLOGICAL_LAST)


def is_cpt_service(line: LineFacts) -> bool:
    """A CPT code of Category I or III."""
    return line.is_hcpcs and line.code_kind in _SERVICES
