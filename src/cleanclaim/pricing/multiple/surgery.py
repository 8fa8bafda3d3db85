"""Multiple surgery: the procedures of a day ranked by their fees, and what a rank is paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cleanclaim.pricing.context import PAID_BY_RVU, Context
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.multiple import endoscopy
from cleanclaim.pricing.multiple.procedures import Procedure, become, procedures_of
from cleanclaim.pricing.words import listed, ordinal, percent, ranks

KEY: Final = "multiple_surgery"
BY_REPORT: Final = "by_report"
_INDICATORS: Final = frozenset("123")
_OLD_RULE: Final = "1"
_SECOND: Final = 2
_COMPLICATION: Final = "78"
_PAYABLE: Final = PAID_BY_RVU | {"C"}

_ROLES: Final = (
    (("80", "81", "82"), " of the assistant"),
    (("AS",), " of the assistant (AS)"),
    (("55",), " whose care afterwards is billed"),
)
"""Who assists or cares afterwards is not who operates: the procedures of each are ranked by themselves."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What of a line is ranked where: ``amount`` is that of one of ``count`` alike, of which ``paid`` have a price."""

    amount: Fraction
    name: str
    first: int
    count: int
    paid: int


def rank(lines: Sequence[Line], context: Context) -> None:
    """Pay the dearest procedure in full, the next four in part, and say that further ones are paid by report."""
    by_role: dict[str, list[Line]] = defaultdict(list)
    complications = []
    for line in lines:
        if line.row is None or line.row.multiple_procedure not in _INDICATORS:
            continue
        if line.service.bears(_COMPLICATION):
            complications.append(line)
        else:
            by_role[_role(line)].append(line)
    for whose, of_role in by_role.items():
        priced = [line for line in of_role if line.priced]
        _note_unpriced(priced, [line for line in of_role if not line.priced])
        _rank(endoscopy.families(procedures_of(priced), context), whose, context)
    _note_complications(complications, context)


def _role(line: Line) -> str:
    for modifiers, whose in _ROLES:
        if line.service.bears(*modifiers):
            return whose
    return ""


def _rank(procedures: Sequence[Procedure], whose: str, context: Context) -> None:
    of = sum(procedure.count for procedure in procedures)
    if of < _SECOND:
        return
    places: dict[Line, list[_Place]] = defaultdict(list)
    limit, first = int(context.required("multiple_surgery_priced").value), 1
    for procedure in sorted(procedures, key=lambda procedure: procedure.order):
        paid = max(0, min(procedure.count, limit - first + 1))
        for line, amount in zip(procedure.lines, procedure.amounts, strict=True):
            if amount:  # what is 0.00 already is included in another, and stays so
                places[line].append(_Place(amount, procedure.name, first, procedure.count, paid))
        first += procedure.count
    for line, of_line in places.items():
        _pay(line, of_line, f"of {of} procedures{whose} subject to multiple surgery", context)


def _pay(line: Line, places: Sequence[_Place], among: str, context: Context) -> None:
    """Pay a line by its rank, or its ranks; by report if nothing of it comes before those paid by report."""
    priced = context.required("multiple_surgery_priced")
    last = ordinal(int(priced.value))
    if not any(place.paid for place in places):
        told = "; ".join(_told(place, among) for place in places)
        line.refuse(BY_REPORT, f"{told}, and after the {last} they are paid by report", priced.citation)
        return
    worth, words, used = Fraction(0), [], []
    for place in places:
        shares = [_share(line, place.first + position, context) for position in range(place.paid)]
        worth += place.amount * Fraction(sum(shares, Decimal(0)))
        alike = shares[:1] if len(set(shares)) == 1 else shares
        words.append(f"{_told(place, among)}: {', '.join(map(percent, alike))}")
        used += shares
    unpaid = sum(place.count - place.paid for place in places)
    if unpaid:
        line.notes.append(f"{unpaid} of its units come after the {last} and are paid by report, not in this price.")
        line.cite(priced.citation)
    uniform = len(set(used)) == 1 and not unpaid and len(places) == 1
    cited = context.required("multiple_surgery_share").citation
    factor = used[0] if uniform else None
    become(line, worth, key=KEY, why="; ".join(words), citation=cited, factor=factor)


def _told(place: _Place, among: str) -> str:
    """``2nd of 3 procedures subject to multiple surgery``."""
    told = f"{ranks(place.first, place.count)} {among}"
    return f"The {place.name} are the {told}" if place.name else told


def _share(line: Line, rank_of_it: int, context: Context) -> Decimal:
    """What a procedure of a rank is paid."""
    if rank_of_it < _SECOND:
        return Decimal(1)
    old = rank_of_it > _SECOND and line.row is not None and line.row.multiple_procedure == _OLD_RULE
    return context.required("multiple_surgery_share_of_old_rule" if old else "multiple_surgery_share").value


def _note_unpriced(priced: Sequence[Line], unpriced: Sequence[Line]) -> None:
    """Say that what the contractor pays for another procedure may change the ranks."""
    names = sorted(
        line.service.name for line in unpriced if line.status_indicator in _PAYABLE and line.left_to_contractor
    )
    if names:
        for line in priced:
            line.notes.append(
                f"The contractor ranks {listed(names)} too, of which there is no price here: the share of this line "
                "may change."
            )


def _note_complications(lines: Sequence[Line], context: Context) -> None:
    for line in lines:
        if line.priced:
            line.notes.append("A return to the operating room (78) is not ranked with other procedures of the day.")
            line.cite(context.required("multiple_surgery_of_complications").citation)
