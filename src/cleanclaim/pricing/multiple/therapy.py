"""Therapy (5): the practice expense of all units of the day but one is paid in part.

Units of all disciplines count together. In full is paid the one unit with the highest practice expense.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Fee, Line, cents
from cleanclaim.pricing.multiple.procedures import Likeness, become, likeness
from cleanclaim.pricing.policy import parameter
from cleanclaim.pricing.words import percent
from cleanclaim.types import Money

KEY: Final = "multiple_therapy"
_THERAPY: Final = "5"
_ONE: Final = Decimal(1)


def rank(lines: Sequence[Line], context: Context) -> None:
    """Reduce the practice expense of the units of therapy that are not the first."""
    share = parameter("multiple_therapy_expense_share", context.date)
    units = [
        (line, line.fee)
        for line in lines
        if line.priced and line.row is not None and line.row.multiple_procedure == _THERAPY and line.fee is not None
    ]
    if share is None or sum(line.service.units for line, _ in units) <= _ONE:
        return
    ordered = sorted(units, key=lambda found: _rank_of(*found))
    for place, (line, fee) in enumerate(ordered):
        in_full = min(_ONE, line.service.units) if place == 0 else Decimal(0)
        reduced = line.service.units - in_full
        told = f"the practice expense at {percent(share.value)}"
        if not in_full:
            why = f"Beside {ordered[0][0].service.hcpcs}, which has the highest practice expense of the day: {told}"
        elif reduced:
            why = f"Highest practice expense of the therapy of the day: 1 unit in full, of {reduced} more {told}"
        else:
            why = "Highest practice expense of the therapy of the day: in full"
        amount = _left(line, fee) * Fraction(fee.amount * in_full + _reduced(fee, share.value) * reduced)
        become(line, amount, key=KEY, why=why, citation=share.citation, factor=None if reduced else _ONE)


def _rank_of(line: Line, fee: Fee) -> tuple[Fraction, Fraction, Likeness]:
    """The highest practice expense comes first; of equal ones the one with the higher fee, as Novitas tells."""
    left = _left(line, fee)
    return -left * Fraction(fee.expense), -left * Fraction(fee.amount), likeness(line)


def _left(line: Line, fee: Fee) -> Fraction:
    """The share of the fee that the line's own modifiers left of it."""
    full = Fraction(fee.amount * line.service.units)
    return Fraction(line.so_far) / full if full else Fraction(0)


def _reduced(fee: Fee, share: Decimal) -> Money:
    """The fee of one unit with a share of its practice expense, rounded once, as contractors publish it."""
    at = fee.indices
    units = fee.work_rvu * at.work + fee.pe_rvu * at.pe * share + fee.mp_rvu * at.mp
    return cents(units * fee.conversion_factor)
