"""What goes wrong on everyday claims, put in on purpose."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from typing import Final

from bench.bodies import Body, Line, charge_of

Fault = Callable[[Body, str, random.Random], Body | None]
"""A fault in a body, of a patient of a sex: the body with it, or None where it cannot have it."""

_BUNDLED: Final = {
    "80053": "80048",
    "85025": "85027",
    "93000": "93010",
    "71046": "71045",
    "45385": "45378",
    "43239": "43235",
    "97110": "97150",
    "93306": "93308",
    "20610": "20600",
    "92014": "92012",
    "99214": "36410",
    "99213": "36410",
    "74177": "74176",
    "84443": "80050",
    "11102": "69990",
    "17110": "17000",
    "66984": "66982",
}
"""A code, and one that is bundled into it or excludes it."""
_ADD_ONS: Final = frozenset({"17003", "11103", "90833", "90461", "96375", "96415"})


def spoil(body: Body, doctor: str, sex: str, random_: random.Random) -> tuple[Body, str]:
    """The body, or its doctor's number, with one thing wrong."""
    for _ in range(20):
        fault = _FAULTS[bisect(_SUMMED, random_.random() * _SUMMED[-1])]
        spoiled = fault(body, sex, random_)
        if spoiled is not None:
            return spoiled, doctor
    return body, doctor[:-1] + str((int(doctor[-1]) + 1) % 10)


def unreadable(body: Body) -> Body:
    """The body of a claim that cannot be read: CLM02 is required."""
    return replace(body, total=" ")


def _with_line(body: Body, at: int, line: Line) -> Body:
    return replace(body, lines=(*body.lines[:at], line, *body.lines[at + 1 :]))


def _without_modifier(*names: str) -> Fault:
    def fault(body: Body, _sex: str, _random: random.Random) -> Body | None:
        for at, line in enumerate(body.lines):
            if not set(names).isdisjoint(line.modifiers):
                left = tuple(one for one in line.modifiers if one not in names)
                return _with_line(body, at, line._replace(modifiers=left))
        return None

    return fault


def _bundled(body: Body, _sex: str, _random: random.Random) -> Body | None:
    for line in body.lines:
        if line.code in _BUNDLED:
            other = _BUNDLED[line.code]
            return replace(body, lines=(*body.lines, Line(other, line.modifiers, "1", charge_of(other))))
    return None


def _units(body: Body, _sex: str, random_: random.Random) -> Body | None:
    at = random_.randrange(len(body.lines))
    line = body.lines[at]
    if line.basis != "UN":
        return None
    many = int(line.units) * random_.choice((2, 3, 4, 10, 10))
    return _with_line(body, at, line._replace(units=str(many), charge=charge_of(line.code) * many))


def _line_twice(body: Body, _sex: str, _random: random.Random) -> Body | None:
    return replace(body, lines=(*body.lines, body.lines[-1]))


def _code(body: Body, _sex: str, random_: random.Random) -> Body | None:
    code = random_.choice(("99201", "00001", "8005O", "99299", "9921"))
    return _with_line(body, 0, body.lines[0]._replace(code=code))


def _modifier(body: Body, _sex: str, random_: random.Random) -> Body | None:
    line, wrong = body.lines[-1], random_.choice(("50", "ZZ", "TC", "80"))
    return _with_line(body, len(body.lines) - 1, line._replace(modifiers=(*line.modifiers, wrong)))


def _diagnosis(body: Body, sex: str, random_: random.Random) -> Body | None:
    wrong = random_.choice(("Z99999", "E11", "M54", "I1", "N401" if sex == "F" else "N939", "G63"))
    return replace(body, codes=(wrong, *body.codes[1:]))


def _alone(body: Body, _sex: str, _random: random.Random) -> Body | None:
    left = tuple(line for line in body.lines if line.code in _ADD_ONS)
    return replace(body, lines=left) if left else None


def _place(body: Body, _sex: str, _random: random.Random) -> Body | None:
    return replace(body, place="21" if body.place == "11" else "11")


def _pointer(body: Body, _sex: str, _random: random.Random) -> Body | None:
    return replace(body, pointer="9")


def _total(body: Body, _sex: str, random_: random.Random) -> Body | None:
    return replace(body, total=str(sum(line.charge for line in body.lines) + random_.choice((1, -20, 100))))


def _charge(body: Body, _sex: str, _random: random.Random) -> Body | None:
    return _with_line(body, 0, body.lines[0]._replace(charge=0))


# The first ask for something that few bodies have; where a body has it not, another is drawn.
_WEIGHTS: Final[tuple[tuple[float, Fault], ...]] = (
    (60, _without_modifier("25")),
    (30, _without_modifier("59")),
    (3, _without_modifier("RT", "LT")),
    (10, _without_modifier("26")),
    (4, _without_modifier("GP", "GO", "AT", "AA")),
    (50, _bundled),
    (14, _units),
    (6, _line_twice),
    (8, _code),
    (5, _modifier),
    (10, _diagnosis),
    (20, _alone),
    (4, _place),
    (3, _pointer),
    (2, _total),
    (1, _charge),
)
_FAULTS: Final = tuple(fault for _, fault in _WEIGHTS)
_SUMMED: Final = tuple(accumulate(weight for weight, _ in _WEIGHTS))
