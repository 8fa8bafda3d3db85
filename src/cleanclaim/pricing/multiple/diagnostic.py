"""Diagnostic services of a day: imaging (4), cardiovascular (6), ophthalmology (7).

The technical parts are ranked among each other, and those of imaging in one session the professional parts too; a
global service has both. The dearest is paid in full, each other less by the share of its kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cleanclaim.pricing.cap import cap_of_unit
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.fee import PROFESSIONAL, TECHNICAL
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.multiple.parts import complete
from cleanclaim.pricing.multiple.procedures import Order, Procedure, dollars, procedures_of
from cleanclaim.pricing.policy import Parameter, parameter
from cleanclaim.pricing.words import percent, ranks
from cleanclaim.types import Citation

KEY: Final = "multiple_diagnostic"
_IMAGING: Final = "4"
_NAMES: Final = {_IMAGING: "imaging", "6": "cardiovascular", "7": "ophthalmology"}
_NO_FAMILY: Final = frozenset({"", "99"})
_SECOND: Final = 2
_SHARES: Final = {
    _IMAGING: (
        (TECHNICAL, "multiple_imaging_technical_share"),
        (PROFESSIONAL, "multiple_imaging_professional_share"),
    ),
    "6": ((TECHNICAL, "multiple_cardiovascular_technical_share"),),
    "7": ((TECHNICAL, "multiple_ophthalmology_technical_share"),),
}
_PART_NAMES: Final = {TECHNICAL: "Technical part", PROFESSIONAL: "Professional part"}
_SEPARATE_SESSION: Final = ("59", "XE")
_SESSION: Final = Citation(
    "contractor",
    "2011",
    "TrailBlazer, multiple procedure reduction of diagnostic imaging",
    text="modifier 59 where imaging of the day was in a separate session; XE says the same more exactly",
)


def rank(lines: Sequence[Line], context: Context) -> None:
    """Reduce the technical, and of imaging the professional, part of all but the dearest of each kind."""
    kinds: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.priced and line.row is not None and line.row.multiple_procedure in _SHARES:
            indicator, family = line.row.multiple_procedure, line.row.imaging_family
            if indicator != _IMAGING:
                kinds[indicator, ""].append(line)
            elif family not in _NO_FAMILY:
                kinds[indicator, family].append(line)
    for (indicator, _), of_kind in kinds.items():
        together = _of_one_session(of_kind) if indicator == _IMAGING else of_kind
        if sum(procedure.count for procedure in procedures_of(together)) < _SECOND:
            continue
        for line in together:
            complete(line, context)
        for part, name in _SHARES[indicator]:
            share = parameter(name, context.date)
            if share is not None:
                _rank([line for line in together if part in line.parts], part, _NAMES[indicator], share, context)


def _of_one_session(lines: list[Line]) -> list[Line]:
    """Without the lines that say they were done at another time of the day."""
    together = [line for line in lines if not line.service.bears(*_SEPARATE_SESSION)]
    if len(lines) > 1:
        for line in lines:
            if line.service.bears(*_SEPARATE_SESSION):
                line.notes.append(
                    "Taken for imaging in a session of its own (59, XE), and not reduced; in one session with others "
                    "of the day it is."
                )
                line.cite(_SESSION)
    return together


def _rank(lines: list[Line], part: str, kind: str, share: Parameter, context: Context) -> None:
    procedures = sorted(procedures_of(lines, part), key=lambda procedure: _order(procedure, part, context))
    of = sum(procedure.count for procedure in procedures)
    if of < _SECOND:
        return
    first = 1
    for procedure in procedures:
        in_full = 1 if first == 1 else 0
        paid = in_full + (procedure.count - in_full) * Fraction(share.value)
        told = percent(share.value) if not in_full else percent(Decimal(1))
        if in_full and procedure.count > 1:
            told = f"{told}, the others {percent(share.value)}"
        why = f"{_PART_NAMES[part]}: {ranks(first, procedure.count)} of {of} {kind} services of the day: {told}"
        factor = None if in_full and procedure.count > 1 else Decimal(1) if in_full else share.value
        for line, amount in zip(procedure.lines, procedure.amounts, strict=True):
            if paid == procedure.count:
                line.become(KEY, why, line.so_far, share.citation, factor)
            else:
                reduced = dollars(amount * paid)
                line.change_part(part, reduced, key=KEY, why=why, citation=share.citation, factor=factor)
        first += procedure.count


def _order(procedure: Procedure, part: str, context: Context) -> tuple[Fraction, Order]:
    """The dearest first, of technical parts by the lower of the fee and the outpatient cap on imaging.

    The layout ranks "by fee schedule amount for the TC", and the law puts the outpatient amount in its place where that
    is lower (42 U.S.C. 1395w-4(b)(4)(A), from memory). Ranked by the uncapped fee, one more image with a low cap could
    take the first rank of another and lower what both are paid. What is paid is capped after the reduction, as CMS
    told in its proposal for 2007.
    """
    if part != TECHNICAL:
        return -procedure.total, procedure.order
    most = Fraction(0)
    for line, amount in zip(procedure.lines, procedure.amounts, strict=True):
        row = context.row(line.service.hcpcs, TECHNICAL)
        if row is not None and (row.opps_pe_facility or row.opps_pe_nonfacility):
            cap = Fraction(cap_of_unit(row, context, line.rate)) * Fraction(line.times) / procedure.count
            most += min(amount, cap)
        else:
            most += amount
    return -most, procedure.order
