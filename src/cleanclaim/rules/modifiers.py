"""Modifiers the rules speak of, as positions in a line's flag bytes.

A rule asks ``line.modifiers[M59]``: 1 when modifier 59 is on the line, else 0. The same expression works for
one claim in plain Python and, over arrays, in a compiled loop. Sets of the NCCI manual are closed lists and are
tested with :func:`any_of`.

Sources: NCCI Policy Manual for Medicare 2026, chapter I, sections D and E; MPFS record layout (RVU25D).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_CPT: Final = (
    "22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92 93 "
    "95 96 97 99"
).split()
_ANATOMIC: Final = (
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI"
).split()
_HCPCS: Final = (
    "TC XE XS XP XU AA AD AS QK QX QY QZ QS GA GX GY GZ JW JZ KX GT GQ GC GP GO GN CO CQ QW FS FQ PT 1P 2P 3P 8P "
    "P1 P2 P3 P4 P5 P6 G8 G9 AT NU RR UE "
    "Q7 Q8 Q9"
).split()

CPT: Final = frozenset({*_CPT, *"1P 2P 3P 8P P1 P2 P3 P4 P5 P6".split()})
"""The modifiers of CPT, all there are. Those of HCPCS Level II are in the book, with their dates; the HCPCS list has
the physical status modifiers (P1-P6) too, but only since 2006."""

KNOWN_TO_RULES: Final[tuple[str, ...]] = (*_CPT, *_ANATOMIC, *_HCPCS)
_POSITION: Final = {modifier: position for position, modifier in enumerate(KNOWN_TO_RULES)}


def position(modifier: str) -> int:
    """Where ``modifier`` stands in the flag bytes; KeyError for one no rule speaks of."""
    return _POSITION[modifier]


M22: Final = position("22")
M24: Final = position("24")
M25: Final = position("25")
M26: Final = position("26")
M27: Final = position("27")
M50: Final = position("50")
M51: Final = position("51")
M52: Final = position("52")
M53: Final = position("53")
M54: Final = position("54")
M55: Final = position("55")
M56: Final = position("56")
M57: Final = position("57")
M58: Final = position("58")
M59: Final = position("59")
M76: Final = position("76")
M77: Final = position("77")
M78: Final = position("78")
M79: Final = position("79")
M91: Final = position("91")
TC: Final = position("TC")
LT: Final = position("LT")
RT: Final = position("RT")
XE: Final = position("XE")
XS: Final = position("XS")
XP: Final = position("XP")
XU: Final = position("XU")
GY: Final = position("GY")
P1: Final = position("1P")
P2: Final = position("2P")
P3: Final = position("3P")
P8: Final = position("8P")

ANATOMIC: Final = tuple(position(modifier) for modifier in _ANATOMIC)
"""Anatomic modifiers of the closed list of PTP-associated modifiers (NCCI manual I.E)."""

DISTINCT_BY_X: Final = (XE, XS, XP, XU)
DISTINCT: Final = (M59, *DISTINCT_BY_X)
"""59 and the X modifiers that say more exactly why a service is distinct (NCCI manual I.E.d)."""

DURING_GLOBAL_DAYS: Final = (M24, M58, M78, M79)
"""Modifiers that say how a service stands to an earlier procedure within its global days (NCCI manual I.D-E)."""

ANESTHETISTS: Final = ("AA", "AD", "QK", "QX", "QY", "QZ")
"""Modifiers that say who gave or directed an anesthesia."""
ASSISTANTS: Final = ("80", "81", "82", "AS")
"""Modifiers of an assistant at surgery, who is another practitioner than the surgeon whoever is named."""

PRICING: Final = tuple("AA AD QK QX QY QZ 26 TC 53 50 62 66 80 81 82 AS 54 55 56 78 22 52 51 73 74".split())
"""Modifiers that change the payment, in the order in which they stand first on a line (convention)."""

REPEATED_SERVICE: Final = (*DISTINCT, M27, M76, M77, M91)
"""Modifiers that say why a code is billed again on one day (NCCI manual I.V; 27: further hospital visits, I.E)."""


@lru_cache(maxsize=4096)
def modifier_flags(modifiers: tuple[str, ...]) -> bytes:
    """The flag bytes of a line's modifiers: one byte per modifier known to the rules."""
    flags = bytearray(len(KNOWN_TO_RULES))
    for modifier in modifiers:
        where = _POSITION.get(modifier)
        if where is not None:
            flags[where] = 1
    return bytes(flags)


def any_of(flags: bytes, positions: Iterable[int]) -> bool:
    """True when at least one of the modifiers is on the line."""
    for where in positions:  # noqa: SIM110 - a plain loop is what a compiler can read too
        if flags[where]:
            return True
    return False
