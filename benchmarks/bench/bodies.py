"""Bodies of everyday claims: the lines and diagnoses of one encounter, drawn once and written down beforehand."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from bench.encounters import Encounter, Specialty

from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.index.tables import spec
from cleanclaim.types import Setting

_VARIANTS: Final = 60
"""Bodies drawn of each encounter."""
_MOST_IN_TAIL: Final = 400
_MODIFIERS_OF_SIDE: Final = ("RT", "LT")
_TAILS: Final = {
    "207N00000X": ("10000", "19999"),
    "207X00000X": ("20000", "29999"),
    "207RC0000X": ("92900", "93999"),
    "2085R0202X": ("70000", "76999"),
    "291U00000X": ("80000", "87999"),
    "207RG0100X": ("43200", "46999"),
    "207W00000X": ("65000", "68999"),
    "208800000X": ("51700", "53899"),
    "207Q00000X": ("90000", "99091"),
}
"""First and last code of the range in which a specialty has rarer procedures."""
_OFFICE: Final = "11"


class Line(NamedTuple):
    """A service line, without its date."""

    code: str
    modifiers: tuple[str, ...]
    units: str
    charge: int
    basis: str = "UN"


@dataclass(frozen=True)
class Body:
    """What a claim says between its number and its end, apart from dates and providers."""

    place: str
    codes: tuple[str, ...]
    lines: tuple[Line, ...]
    total: str = ""
    """CLM02 where it is not the sum of the charges."""
    pointer: str = "1"
    side: str = ""
    """RT or LT where the diagnosis tells a side."""

    @cached_property
    def head(self) -> str:
        """The rest of CLM."""
        total = self.total or str(sum(line.charge for line in self.lines))
        return f"*{total}***{self.place}:B:1*Y*A*Y*Y"

    @cached_property
    def diagnoses(self) -> str:
        """HI."""
        return "HI*" + "*".join(f"{'ABF' if at else 'ABK'}:{code}" for at, code in enumerate(self.codes))

    @cached_property
    def _lines(self) -> tuple[str, ...]:
        """LX and SV1 of every line."""
        texts = []
        for number, line in enumerate(self.lines, start=1):
            code = ":".join((line.code, *line.modifiers))
            texts += [f"LX*{number}", f"SV1*HC:{code}*{line.charge}*{line.basis}*{line.units}***{self.pointer}"]
        return tuple(texts)

    def segments(self, date: str) -> list[str]:
        """The segments of the lines, of services on a day."""
        when = f"DTP*472*D8*{date}"
        return [text for at, text in enumerate(self._lines) for text in ((text, when) if at % 2 else (text,))]


def bodies_of(encounter: Encounter, specialty: Specialty, random_: random.Random) -> Sequence[Body]:
    """Some ways to bill an encounter, all of them right."""
    return [_body(encounter, specialty, random_) for _ in range(_VARIANTS)]


def _body(encounter: Encounter, specialty: Specialty, random_: random.Random) -> Body:
    chosen = random_.choice([one.strip() for one in encounter.diagnoses.split(";")])
    sides = chosen.split("|")
    at = random_.randrange(len(sides))
    side = _MODIFIERS_OF_SIDE[at] if len(sides) == 2 else random_.choice(_MODIFIERS_OF_SIDE)
    words = encounter.lines.split()
    lines: list[Line] = []
    for number, word in enumerate(words):
        if _is_units(word):
            continue
        told = words[number + 1] if number + 1 < len(words) and _is_units(words[number + 1]) else "x1"
        if word[0] == "?" and random_.random() < 0.5:
            continue
        lines.append(_line(random_.choice(word.lstrip("?").split("/")), random_.choice(told.split("/")), side))
    told_side = _MODIFIERS_OF_SIDE[at] if len(sides) == 2 else ""
    return Body(encounter.place or specialty.place, tuple(sides[at].split()), tuple(lines), side=told_side)


def _is_units(word: str) -> bool:
    return word[0] in "xm" and word[1].isdigit()


def _line(word: str, units: str, side: str) -> Line:
    code, _, modifiers = word.partition("-")
    many = int(units[1:])
    charge = charge_of(code) * (1 if units[0] == "m" else many)
    named = tuple(side if one == "side" else one for one in modifiers.split(":") if one)
    return Line(code, _pricing_first(named), str(many), charge, "MJ" if units[0] == "m" else "UN")


def _pricing_first(modifiers: tuple[str, ...]) -> tuple[str, ...]:
    """26 before a side: the modifier that changes the payment comes first."""
    return tuple(sorted(modifiers, key=lambda one: one in _MODIFIERS_OF_SIDE))


def tail_of(book: OpenBook, day: DayBook, specialty: Specialty, random_: random.Random) -> Sequence[Body]:
    """The rarer procedures of a specialty, one line each, the frequent first: drawn from the fee schedule."""
    if specialty.taxonomy not in _TAILS:
        return ()
    first, last = _TAILS[specialty.taxonomy]
    codes = [code for code in book.index.keys_of(spec("mue-practitioner")) if first <= code <= last]
    codes = [code for code in codes if not (limit := day.mue(Setting.PRACTITIONER, code)).known or limit.fact.mue_value]
    random_.shuffle(codes)
    facility = specialty.place != _OFFICE
    bodies: list[Body] = []
    usual = bodies_of(specialty.encounters[0], specialty, random_)
    for code in codes:
        answer = day.fee_schedule(code)
        if not answer.known:
            continue
        row = answer.fact
        laboratory = row.status_indicator == "X"
        if not laboratory and (row.status_indicator not in "AR" or row.pc_tc_indicator not in {"0", "1"}):
            continue
        if row.global_days in {"ZZZ", "090", "MMM"} or (row.na_facility if facility else row.na_nonfacility):
            continue
        told = random_.choice(usual)
        side = (told.side,) if row.bilateral == "1" and told.side else ()
        share = ("26",) if facility and row.pc_tc_indicator == "1" else ()
        line = Line(code, (*share, *side), "1", charge_of(code))
        bodies.append(Body(specialty.place, told.codes, (line,)))
        if len(bodies) == _MOST_IN_TAIL:
            break
    return bodies


def charge_of(code: str) -> int:
    """What everybody charges for a unit of a code, in dollars."""
    return 25 + zlib.crc32(code.encode()) % 300
