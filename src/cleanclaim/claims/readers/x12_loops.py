"""Which segments and which entities (NM101) the 5010 837 allows where.

From the implementation guides 005010X222A1 (professional) and 005010X223A2 (institutional), section 2.
A segment that no loop allows where it stands leaves it open what it belongs to, so nothing is read past it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from cleanclaim.claims.model import ClaimType
from cleanclaim.claims.readers.x12_segment import Fault, Segment


class Area(StrEnum):
    """Part of the transaction; the value is its name in messages."""

    HEADER = "the header"
    BILLING = "the billing provider level (2000A)"
    SUBSCRIBER = "the subscriber level (2000B)"
    DEPENDENT = "the dependent level (2000C)"
    CLAIM = "the claim (2300, 2310)"
    OTHER_PAYER = "another payer of the claim (2320, 2330)"
    LINE = "a service line (2400 to 2440)"


_NAME: Final = frozenset({"NM1", "N3", "N4", "REF", "PER"})

SEGMENTS: Final = {
    Area.HEADER: frozenset({"BHT", "NM1", "PER"}),
    Area.BILLING: _NAME | {"PRV", "CUR"},
    Area.SUBSCRIBER: _NAME | {"SBR", "PAT", "DMG"},
    Area.DEPENDENT: _NAME | {"PAT", "DMG"},
    Area.CLAIM: _NAME
    | {"DTP", "CL1", "PWK", "CN1", "AMT", "K3", "NTE", "CR1", "CR2", "CRC", "HI", "HCP", "PRV", "SBR", "LX"},
    Area.OTHER_PAYER: _NAME | {"SBR", "CAS", "AMT", "OI", "MIA", "MOA", "DTP", "LX"},
    Area.LINE: _NAME
    | {"LX", "SV1", "SV2", "SV5", "PWK", "CR1", "CR3", "CRC", "DTP", "QTY", "MEA", "CN1", "AMT", "K3", "NTE"}
    | {"PS1", "HCP", "LIN", "CTP", "PRV", "SVD", "CAS", "LQ", "FRM"},
}
_KNOWN: Final = frozenset({"HL", "CLM"}).union(*SEGMENTS.values())

SERVICE: Final = {ClaimType.PROFESSIONAL: "SV1", ClaimType.INSTITUTIONAL: "SV2"}
_OTHER_SERVICE: Final = {
    ClaimType.PROFESSIONAL: frozenset({"SV2"}),
    ClaimType.INSTITUTIONAL: frozenset({"SV1", "SV5"}),
}

_COMMON: Final = {
    Area.HEADER: frozenset({"41", "40"}),
    Area.BILLING: frozenset({"85", "87", "PE"}),
    Area.SUBSCRIBER: frozenset({"IL", "PR"}),
    Area.DEPENDENT: frozenset({"QC"}),
}
ENTITIES: Final = {
    ClaimType.PROFESSIONAL: {
        **_COMMON,
        Area.CLAIM: frozenset({"DN", "P3", "82", "77", "DQ", "PW", "45"}),
        Area.OTHER_PAYER: frozenset({"IL", "PR", "DN", "P3", "82", "77", "DQ", "85"}),
        Area.LINE: frozenset({"82", "QB", "77", "DQ", "DK", "DN", "P3", "PW", "45"}),
    },
    ClaimType.INSTITUTIONAL: {
        **_COMMON,
        Area.CLAIM: frozenset({"71", "72", "ZZ", "82", "77", "DN"}),
        Area.OTHER_PAYER: frozenset({"IL", "PR", "71", "72", "ZZ", "77", "82", "DN", "85"}),
        Area.LINE: frozenset({"72", "ZZ", "82", "DN"}),
    },
}

LEVEL_OF: Final = {
    "CUR": Area.BILLING,
    "PRV*BI": Area.BILLING,
    "NM1*85": Area.BILLING,
    "NM1*87": Area.BILLING,
    "NM1*PE": Area.BILLING,
    "SBR": Area.SUBSCRIBER,
    "NM1*IL": Area.SUBSCRIBER,
    "NM1*PR": Area.SUBSCRIBER,
    "PAT": Area.DEPENDENT,
    "DMG": Area.DEPENDENT,
    "NM1*QC": Area.DEPENDENT,
}
"""The level a segment opens or describes. Found elsewhere, the HL before it was lost: that level is not known."""

_CLAIM_AREAS: Final = (Area.CLAIM, Area.OTHER_PAYER, Area.LINE)


def misplaced(segment: Segment, area: Area, kind: ClaimType) -> Fault | None:
    """Why ``segment`` belongs to no loop in ``area``; None when it does belong.

    An unknown identifier is not repeated in the message: behind a stray terminator it may be a name.
    """
    name = segment.name
    if name not in SEGMENTS[area] or name in _OTHER_SERVICE[kind]:
        if name not in _KNOWN:
            return Fault(segment.byte, "", f"unknown segment identifier, in {area}")
        return segment.fault(f"it belongs to no loop in {area}")
    if name == "NM1" and segment.code(1) not in ENTITIES[kind][area]:
        return segment.fault(f"its entity (NM101) belongs to no loop in {area}")
    if name == "PRV" and (segment.code(1) == "BI") is not (area is Area.BILLING):
        return segment.fault(f"its provider code (PRV01) belongs to no loop in {area}")
    return None


def part_of_a_claim(segment: Segment, kind: ClaimType) -> bool:
    """True for a segment that only a claim can hold."""
    if key(segment) in LEVEL_OF:
        return False
    return any(misplaced(segment, area, kind) is None for area in _CLAIM_AREAS)


def key(segment: Segment) -> str:
    """The identifier, with the qualifier that tells its loop where it has one: ``NM1*85``, ``PRV*BI``."""
    return f"{segment.name}*{segment.code(1)}" if segment.name in {"NM1", "PRV"} else segment.name


class NameOrder:
    """Keeps the order of segments inside the NM1 loops: NM1, PRV, N3, N4, DMG or DTP, REF, PER.

    ``entity`` is the NM101 of the loop that is open, ``""`` outside of one.
    """

    __slots__ = ("_rank", "entity")

    _RANKS: Final = {"PRV": 1, "N3": 2, "N4": 3, "DMG": 4, "DTP": 4, "REF": 5, "PER": 6}
    _OPENERS: Final = frozenset({"HL", "CLM", "SBR", "LX", "LIN", "SVD", "LQ"})

    def __init__(self) -> None:
        self.entity = ""
        self._rank = 0

    def follow(self, segment: Segment) -> Fault | None:
        """Take note of ``segment``; a fault where it stands out of order."""
        name = segment.name
        if name == "NM1":
            self.entity, self._rank = segment.code(1), 0
            return None if segment.element(2) else segment.fault("NM102 is missing")
        if name in self._OPENERS:
            self.entity = ""
        elif self.entity:
            rank = self._RANKS.get(name, 0)
            if rank < self._rank or rank == 0:
                return segment.fault("it stands out of order")
            self._rank = rank
        return None
