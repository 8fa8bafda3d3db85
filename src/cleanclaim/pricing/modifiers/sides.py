"""Both sides of the body: modifier 50, LT and RT, two units, or the code billed twice, by the bilateral indicator.

The record layout (Bilateral Surgery) says what counts as both sides: the modifier 50 or LT with RT for indicator 0; for
1, 2 and 3 the code reported twice by any other means too. Modifiers that tell two services apart (59, 76, a finger)
say that twice is not both sides; LT with RT says it whatever stands beside.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.modifiers.authority import layout, share
from cleanclaim.types import Citation, Money

KEY: Final = "bilateral"
_ONE: Final = Decimal(1)
_TWO: Final = Decimal(2)
_NOT_APPLICABLE: Final = "9"
_EACH_SIDE: Final = "3"
_BY_ANY_MEANS: Final = frozenset("123")
"""Indicators for which the code reported twice is both sides, whatever the means."""

_APART: Final = frozenset(
    "59 XE XS XP XU 76 77 91 LT RT E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 "
    "LC LD RC LM RI".split()
)
"""Modifiers that say why a code stands there again, so that twice is not both sides."""
_SAME_SERVICE: Final = frozenset("26 TC 53 52 22 54 55 56 58 62 66 73 74 78 79 80 81 82 AS FX FY CT CQ CO".split())
"""Modifiers that two lines must share, to be the two sides of one procedure by one practitioner."""

_WHY: Final = {
    "0": "Both sides are paid as one (bilateral indicator 0): the fee of a single code",
    "1": "Both sides (bilateral indicator 1): 150 % of the fee of one side",
    "2": "The fee is for both sides already (bilateral indicator 2)",
    "3": "Both sides (bilateral indicator 3): the fee of one side for each",
}
_OTHER_SIDE: Final = {
    "0": "Other side (bilateral indicator 0): both are paid the fee of a single code, which line {line} has",
    "1": "Other side (bilateral indicator 1): both are paid 150 % of one fee, of which line {line} has 100 %",
    "2": "Other side (bilateral indicator 2): the fee is for both sides, and line {line} has it",
}


def adjust(found: list[tuple[Line, FeeScheduleRow]], context: Context) -> None:
    """Give each procedure that was done on both sides what its indicator pays."""
    single: dict[tuple[object, ...], list[tuple[Line, FeeScheduleRow]]] = defaultdict(list)
    for line, row in found:
        if row.bilateral not in _WHY:
            if line.service.bears("50"):
                line.notes.append(f"50 changes nothing: {_not_applicable(row)}.")
                line.cite(context.cite(row))
        elif _on_one_line(line, row):
            _both(line, row, context)
        else:
            shared = frozenset(_SAME_SERVICE.intersection(line.service.modifiers))
            single[row.hcpcs, line.rate, shared, line.service.units].append((line, row))
    for lines in single.values():
        for one, two, row in _pairs(lines) if len(lines) > 1 else ():
            _pair(one, two, row, context)


def _not_applicable(row: FeeScheduleRow) -> str:
    if row.bilateral == _NOT_APPLICABLE:
        return f"the concept of two sides does not apply to {row.hcpcs} (bilateral indicator 9)"
    return f"the fee schedule gives {row.hcpcs} no bilateral indicator"


def _on_one_line(line: Line, row: FeeScheduleRow) -> bool:
    service = line.service
    if service.bears("50") or (service.bears("LT") and service.bears("RT")):
        return True
    return service.units == _TWO and row.bilateral in _BY_ANY_MEANS and not service.bears(*_APART)


def _worth(line: Line, row: FeeScheduleRow, context: Context) -> tuple[Decimal, Citation] | None:
    """How many times the fee of one side both sides are paid, and by whose word; the line is refused without one."""
    if row.bilateral == "1":
        found = share("bilateral_share", line, context)
        return (found.value, found.citation) if found else None
    times = _TWO if row.bilateral == _EACH_SIDE else _ONE
    return times, layout(f"Bilateral Surgery, {row.bilateral}", _WHY[row.bilateral])


def _both(line: Line, row: FeeScheduleRow, context: Context) -> None:
    """One line for both sides. Two units are the two sides; more are as many procedures on both."""
    worth = _worth(line, row, context)
    if worth is None:
        return
    (times, citation), service = worth, line.service
    procedures = _ONE if service.units in {_ONE, _TWO} else service.units
    factor = times * procedures / service.units
    line.both_sides, line.times = procedures == _ONE, times * procedures
    why = _WHY[row.bilateral]
    if service.units > _ONE and service.bears("50"):
        line.notes.append(
            "50 is billed with 1 unit; 2 are taken for the two sides."
            if line.both_sides
            else f"50 is billed with 1 unit; {service.units} are taken for as many procedures on both sides."
        )
    elif service.units == _TWO:
        why = f"{why}; 2 units are the two sides"
        if row.bilateral != _EACH_SIDE and not service.bears("LT", "RT"):
            line.notes.append(
                "2 units are read as both sides, as the record layout has it; LT, RT or 59 says otherwise."
            )
    if factor != _ONE:
        line.multiply(KEY, why, factor, citation)
    elif row.bilateral != _EACH_SIDE:
        line.notes.append(f"{why}.")
        line.cite(citation)


def _pairs(lines: list[tuple[Line, FeeScheduleRow]]) -> list[tuple[Line, Line, FeeScheduleRow]]:
    """Which lines of one code are the two sides of one procedure: dearest with dearest, whatever their order."""
    row = lines[0][1]
    lefts, rights, plain = [], [], []
    for line, _ in sorted(lines, key=_dearest_first):
        if line.service.bears("LT"):
            lefts.append(line)
        elif line.service.bears("RT"):
            rights.append(line)
        elif row.bilateral in _BY_ANY_MEANS and line.service.units == _ONE and not line.service.bears(*_APART):
            plain.append(line)
    two_sides = list(zip(lefts, rights, strict=False))
    twice = list(zip(plain[::2], plain[1::2], strict=False))
    return [(one, two, row) for one, two in (*two_sides, *twice)]


def _dearest_first(found: tuple[Line, FeeScheduleRow]) -> tuple[bool, Money, tuple[str, ...]]:
    charge = found[0].service.charge
    return charge is not None, -(charge or Decimal(0)), tuple(sorted(found[0].service.modifiers))


def _pair(one: Line, two: Line, row: FeeScheduleRow, context: Context) -> None:
    """Two lines of as many units for the two sides: the first in full, the second what both are worth beyond it.

    So two lines pay to the cent what one with 50 does.
    """
    worth = _worth(two, row, context)
    if worth is None:
        one.refuse(two.reason_key, two.reason)
        return
    one.other_side, two.other_side = two, one
    if row.bilateral == _EACH_SIDE:
        return
    one.charged_with, two.charged_with = two, one
    times, citation = worth
    two.times = two.service.units * (times - _ONE)
    two.multiply(KEY, _OTHER_SIDE[row.bilateral].format(line=one.number), times - _ONE, citation)
