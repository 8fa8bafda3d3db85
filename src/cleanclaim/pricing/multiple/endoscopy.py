"""Endoscopies of one family: the dearest in full, each other less the fee of the base, the base itself nothing.

A family is the endoscopies that have one base in the fee schedule, and one endoscopy of that base. It is ranked as one
procedure. Where the base is done again the same day, the further ones are procedures by themselves, since only one can
be what the others include.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.pricing.context import PAID_BY_RVU, Context
from cleanclaim.pricing.model import Line, cents
from cleanclaim.pricing.multiple.procedures import Procedure, become, dollars, likeness

KEY: Final = "multiple_endoscopy"
NO_BASE: Final = "no_endoscopic_base"
_ENDOSCOPY: Final = "3"


@dataclass(frozen=True, slots=True)
class _Family:
    """The endoscopies of one base, the dearest first; ``of_base`` is the base among them, if it was billed."""

    base: str
    members: tuple[Procedure, ...]
    of_base: Procedure | None

    @property
    def dearest(self) -> Procedure:
        return self.members[0]


def families(procedures: Sequence[Procedure], context: Context) -> list[Procedure]:
    """The procedures to be ranked, with each family of several endoscopies made one of them."""
    ranked: list[Procedure] = []
    members: dict[str, list[Procedure]] = defaultdict(list)
    for procedure in procedures:
        base = _base(procedure)
        (members[base] if base else ranked).append(procedure)
    for base, of_base in members.items():
        done = sorted((one for one in ranked if one.lines[0].service.hcpcs == base), key=lambda one: one.order)
        included = replace(done[0], count=1) if done else None
        if included is None and sum(one.count for one in of_base) == 1:
            ranked += of_base
            continue
        if included is not None:
            ranked.remove(done[0])
            if done[0].count > 1:
                ranked.append(replace(done[0], count=done[0].count - 1))
        billed = sorted([*of_base, *([included] if included else [])], key=lambda one: one.order)
        ranked.append(_pay(_Family(base, tuple(billed), included), context))
    return ranked


def _base(procedure: Procedure) -> str:
    row = procedure.lines[0].row
    return row.endoscopic_base if row is not None and row.multiple_procedure == _ENDOSCOPY else ""


def _pay(family: _Family, context: Context) -> Procedure:
    """Pay the endoscopies of a family; it is one procedure with what is left for each line."""
    row = context.row(family.base)
    known = row if row is not None and row.status_indicator in PAID_BY_RVU and row.total_facility else None
    left: dict[Line, Fraction] = {}
    for procedure in family.members:
        if procedure is family.of_base:
            left |= _of_base(procedure, family, context)
        else:
            left |= _of_member(procedure, family, known, context)
    lines = tuple(sorted(left, key=likeness))
    return Procedure(lines, tuple(left[line] for line in lines), name=f"endoscopies with the base {family.base}")


def _of_base(procedure: Procedure, family: _Family, context: Context) -> dict[Line, Fraction]:
    """The base is included in the others, unless it is worth more than each of them."""
    left = {}
    for line, amount in zip(procedure.lines, procedure.amounts, strict=True):
        if procedure is family.dearest:
            left[line] = amount
            cited = context.required("endoscopic_base_deducted").citation
            why = f"Base {family.base}, worth more than the endoscopies of its family: in full"
            line.become(KEY, why, line.so_far, cited, Decimal(1))
            continue
        share = context.required("endoscopic_base_share")
        rest = Fraction(line.so_far) - amount
        why = f"Included in {family.dearest.lines[0].service.hcpcs}, of which it is the endoscopic base"
        why += ": one of its units" if rest else ""
        become(line, rest, key=KEY, why=why, citation=share.citation, factor=None if rest else share.value)
    return left


def _of_member(
    procedure: Procedure, family: _Family, base: FeeScheduleRow | None, context: Context
) -> dict[Line, Fraction]:
    """The dearest endoscopy is paid in full, each other without what it has in it of the base."""
    in_full = 1 if procedure is family.dearest else 0
    reduced = procedure.count - in_full
    if base is None and reduced:
        return _without_base(procedure, family, context)
    less = _in_it(procedure, base, context) if base is not None else Fraction(0)
    worth = procedure.total * in_full + max(Fraction(0), procedure.total - less) * reduced
    deducted = context.required("endoscopic_base_deducted")
    told = f"less the fee of the base {family.base}, ${cents(dollars(less))}"
    if not in_full:
        why = f"Beside {family.dearest.lines[0].service.hcpcs}, of the same endoscopic family: {told}"
    elif reduced:
        why = f"Dearest endoscopy with the base {family.base}: the first in full, each further one {told}"
    else:
        why = f"Dearest endoscopy with the base {family.base}: in full"
    for line, amount in zip(procedure.lines, procedure.amounts, strict=True):
        of_line = worth * amount / procedure.total if procedure.total else Fraction(0)
        factor = None if reduced else Decimal(1)
        become(line, of_line, key=KEY, why=why, citation=deducted.citation, factor=factor)
        line.cite(context.cite(base) if base is not None else None)
    return {line: Fraction(line.so_far) for line in procedure.lines}


def _in_it(procedure: Procedure, base: FeeScheduleRow, context: Context) -> Fraction:
    """The fee of the base in the share of the own fee that is left to the procedure, for as many sides.

    Who assists is paid 16 % of the one and of the other. Where the fee of the base is for both sides anyway, it is
    taken off once.
    """
    line = procedure.lines[0]
    times = Fraction(sum(one.times for one in procedure.lines)) / procedure.count
    if line.fee is None or line.row is None or not line.fee.amount or not times:
        return Fraction(0)
    left = procedure.total / (Fraction(line.fee.amount) * times)
    sides = times if base.bilateral == line.row.bilateral else Fraction(1)
    factor = Fraction(context.required("endoscopic_base_deducted").value)
    return Fraction(context.fee(base, line.rate).amount) * sides * left * factor


def _without_base(procedure: Procedure, family: _Family, context: Context) -> dict[Line, Fraction]:
    """Without the fee of the base nothing can be taken off, and no price is made up."""
    cited = context.required("endoscopic_base_deducted").citation
    missing = f"the fee of its base {family.base} would be taken off, and the fee schedule has none"
    for line, amount in zip(procedure.lines, procedure.amounts, strict=True):
        if procedure is family.dearest:
            become(line, amount, key=KEY, why=f"Only 1 unit has a price: of the others {missing}", citation=cited)
            line.notes.append("The price is without all units but one.")
        else:
            line.refuse(NO_BASE, f"beside {family.dearest.lines[0].service.hcpcs} {missing}", cited)
    return {line: Fraction(line.so_far) for line in procedure.lines if line.priced}
