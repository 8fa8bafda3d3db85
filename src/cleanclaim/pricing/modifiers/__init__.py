"""What a line's own modifiers do to its price, by the indicators of its row.

Two stages. :func:`adjust` comes right after the base fee: contradictions first, then both sides of the body, then who
operated, then which part of the surgical package and how much of the procedure was done. :func:`cut` comes after the
reductions for several procedures and the cap on imaging: what the law takes off the price that is left.

Only what the physician fee schedule pays is looked at; 26, TC and 53 with rows of their own are the base fee's.
Modifiers that leave the price as it is (25, 59, 76, LT alone ...) make no step.
"""

from __future__ import annotations

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.fee import SCHEDULE
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.modifiers import contradictions, cuts, extent, liability, package, sides, surgeons


def adjust(lines: list[Line], context: Context) -> None:
    """Change the price of each line by its own modifiers, or refuse it where they leave no price."""
    found = _of_schedule(lines)
    for line, _ in found:
        contradictions.refuse(line)
    sides.adjust([(line, row) for line, row in found if line.priced], context)
    for line, row in found:
        if not line.service.modifiers:
            continue
        for stage in (surgeons.adjust, package.adjust, extent.adjust):
            if line.priced:
                stage(line, row, context)


def cut(lines: list[Line], context: Context) -> None:
    """Take off what the law takes off last (outdated imaging equipment, therapists' assistants); say what is denied."""
    for line, row in _of_schedule(lines):
        cuts.apply(line, row, context)
    for line in lines:
        if line.priced:
            liability.note(line, context)


def _of_schedule(lines: list[Line]) -> list[tuple[Line, FeeScheduleRow]]:
    """The lines that the physician fee schedule prices, each with the row that pays it."""
    return [(line, line.row) for line in lines if line.priced and line.schedule == SCHEDULE and line.row is not None]
