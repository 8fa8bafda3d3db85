"""What is ranked: procedures, which are not lines. A line has as many as units; both sides of the body are one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cleanclaim.pricing.model import Line
from cleanclaim.types import Citation

Likeness = tuple[str, tuple[str, ...], str, Decimal, bool, Decimal, int]
Order = tuple[Fraction, Decimal, tuple[Likeness, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """``count`` procedures alike, each with what is allowed for it on each of its lines.

    It stands on one line, or on two for both sides of the body, or on several that are ranked as one (a family of
    endoscopies, which has a ``name``). Amounts are fractions, so that a third of a line times three is the line.
    """

    lines: tuple[Line, ...]
    amounts: tuple[Fraction, ...]
    count: int = 1
    name: str = ""

    @property
    def total(self) -> Fraction:
        """Dollars allowed for one of them."""
        return self.amounts[0] if len(self.amounts) == 1 else sum(self.amounts, Fraction(0))

    @property
    def order(self) -> Order:
        """Sorts the dearest first.

        Of equal ones the one with the higher charge comes first (Claims Processing Manual, ch. 12 sec. 40.6.C, read
        second-hand); further, what is on the lines decides, and only between lines alike their place.
        """
        charged = sum((line.service.charge or Decimal(0) for line in self.lines), Decimal(0)) / self.count
        return -self.total, -charged, tuple(likeness(line) for line in self.lines)


def procedures_of(lines: Iterable[Line], part: str = "") -> list[Procedure]:
    """The procedures on ``lines``, which all have a price; with ``part``, only their technical (TC) or other (26) part.

    Raises KeyError for a line without that part.
    """
    pending = {line.number: line for line in lines}
    found = []
    while pending:
        _, line = pending.popitem()
        other = pending.pop(line.other_side.number, None) if line.other_side is not None else None
        together = (line,) if other is None else tuple(sorted((line, other), key=likeness))
        count = copies(line)
        amounts = tuple(Fraction(one.parts[part] if part else one.so_far) / count for one in together)
        found.append(Procedure(together, amounts, count))
    return found


def copies(line: Line) -> int:
    """How many procedures a line is: its units; one where they stand for both sides, or are no whole number."""
    units = line.service.units
    return 1 if line.both_sides or units != int(units) else int(units)


def likeness(line: Line) -> Likeness:
    """Sorts lines by what is on them; the line number comes last, and parts only lines alike in all that counts."""
    service, charge = line.service, line.service.charge
    modifiers = tuple(sorted(service.modifiers))
    return service.hcpcs, modifiers, line.rate, service.units, charge is None, charge or Decimal(0), line.number


def dollars(amount: Fraction) -> Decimal:
    """An amount as a decimal, exact where it has one."""
    return Decimal(amount.numerator) / Decimal(amount.denominator)


def become(
    line: Line, amount: Fraction, *, key: str, why: str, citation: Citation, factor: Decimal | None = None
) -> None:
    """What is allowed for a line becomes ``amount``, and its technical and professional parts change alike."""
    if line.parts and line.so_far:
        change = amount / Fraction(line.so_far)
        line.parts = {part: dollars(Fraction(was) * change) for part, was in line.parts.items()}
    line.become(key, why, dollars(amount), citation, factor)
