"""Units of service as a medically unlikely edit (MUE) counts them, and the limit that binds a line.

Source: NCCI Policy Manual for Medicare 2026, I.V.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final

from cleanclaim.book.facts import MueLimit
from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.work import LineWork
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.code_groups import code_kind
from cleanclaim.rules.facts import CodeKind
from cleanclaim.types import Date, Setting

_MINUTES: Final = "MJ"
_COMPONENTS: Final = ("26", "TC")
_DME_SUPPLIER_TAXONOMIES: Final = ("332B", "332H", "335E")
"""Durable medical equipment and medical supplies, eyewear, prosthetics and orthotics (NUCC)."""
_SURGERY_CENTER_PLACE: Final = "24"
_SURGERY_CENTER_TAXONOMY: Final = "261QA1903X"
"""Ambulatory surgical center (NUCC)."""
_SIDES: Final = frozenset({"LT", "RT"})
_WHOLE: Final = frozenset[str]()


class DmeSupplier(Enum):
    """Whether a professional claim comes from a supplier of durable medical equipment (DME)."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"

    __hash__ = object.__hash__  # it is looked up for every claim


def units_counted(line: ClaimLine) -> Decimal:
    """The line's units on one day: over a range of days they are divided by the days and rounded.

    Minutes (anesthesia) are not units, and units the file does not give count nothing.
    """
    if line.units is None or line.units < 0 or line.unit_basis == _MINUTES:
        return Decimal(0)
    if line.service_from is None or line.service_to is None or line.service_to <= line.service_from:
        return line.units
    days = (line.service_to - line.service_from).days + 1
    return (line.units / days).to_integral_value(ROUND_HALF_UP)


def is_surgery_center(billing_taxonomy: str, pos: str) -> bool:
    """The line is an ambulatory surgical center's own share, which it bills as a professional claim."""
    return pos == _SURGERY_CENTER_PLACE and billing_taxonomy == _SURGERY_CENTER_TAXONOMY


def units_of_day(works: Sequence[LineWork]) -> None:
    """Add up the units of each code by day, over the lines of one patient, provider, payer and setting, in order.

    A surgical center reports a procedure on both sides as two lines, LT and RT, where others report one line with
    50, and the limits follow the others (NCCI manual III.K.5): its sides are counted apart.
    """
    if len(works) == 1:
        _add_up(works)
        return
    of_code: dict[tuple[str, frozenset[str]], list[LineWork]] = {}
    for work in works:
        sides = (
            _SIDES.intersection(work.line.modifiers)
            if work.line.modifiers and is_surgery_center(work.claim.claim.billing_taxonomy, work.line.pos)
            else _WHOLE
        )
        of_code.setdefault((work.line.hcpcs, sides), []).append(work)
    for lines in of_code.values():
        _add_up(lines)


def _add_up(lines: Sequence[LineWork]) -> None:
    """Tell each line of a code the units of the day it touches on which most are billed, and whose they are.

    Over a range of days a line counts its share on each of them. Units only grow on a line's first day, so no other
    days need be looked at.
    """
    if len(lines) == 1:
        (work,) = lines
        work.units_day, work.counted_with, work.facts.units_of_day = (
            work.line.service_from,
            lines,
            work.facts.units_per_day,
        )
        return
    by_day: dict[Date | None, list[LineWork]] = {}
    for work in lines:
        by_day.setdefault(work.line.service_from, []).append(work)
    ranges = [work for work in lines if _is_range(work.line)]
    if ranges:
        for day, of_day in by_day.items():
            of_day.extend(work for work in ranges if _goes_on(work.line, day))
            of_day.sort(key=LineWork.place)
    totals = {day: _sum(work.line for work in of_day) for day, of_day in by_day.items()}
    fullest: dict[int, Date | None] = {}
    for work in lines:
        day = work.line.service_from
        if ranges and _is_range(work.line):
            touched = [other for other in by_day if other == day or _goes_on(work.line, other)]
            day = max(touched, key=totals.__getitem__)
        fullest[id(work)] = day
    last: dict[tuple[int, Date | None], LineWork] = {}
    for work in lines:
        last[work.claim.number, fullest[id(work)]] = work
    for work in lines:
        day = fullest[id(work)]
        work.units_day, work.counted_with = day, by_day[day]
        work.facts.units_of_day = float(totals[day])
        work.facts.last_of_code_and_day = last[work.claim.number, day] is work


def _is_range(line: ClaimLine) -> bool:
    return line.service_from is not None and line.service_to is not None and line.service_to > line.service_from


def _goes_on(line: ClaimLine, day: Date | None) -> bool:
    """The line began before ``day`` and touches it."""
    first, last = line.service_from, line.service_to
    return day is not None and first is not None and last is not None and first < day <= last


def _sum(lines: Iterable[ClaimLine]) -> Decimal:
    """Units of the lines of one code on one day.

    The professional and the technical component of a service are one service (MPFS record layout, PC/TC 1), so a
    line with 26 and a line with TC count one unit together.
    """
    sums: dict[str, Decimal] = {}
    for line in lines:
        component = next((modifier for modifier in _COMPONENTS if modifier in line.modifiers), "")
        sums[component] = sums.get(component, Decimal(0)) + units_counted(line)
    return sums.pop("", Decimal(0)) + max(sums.values(), default=Decimal(0))


def unit_limit(setting: Setting, supplier: DmeSupplier, day: DayBook, hcpcs: str) -> Answer[MueLimit]:
    """The limit that binds a code on a claim: the practitioner's, the outpatient hospital's or the DME supplier's.

    The practitioner's limit is 0 for most of what a DME supplier bills, and physicians and podiatrists are suppliers
    too. Where a professional claim does not tell in which role it is sent, the wider limit is the answer, and no data
    where the supplier's could be wider but is not loaded.
    """
    own = day.mue(setting, hcpcs)
    if supplier is DmeSupplier.NO:
        return own
    dme = day.mue(Setting.DME, hcpcs)
    if supplier is DmeSupplier.YES:
        return dme
    if own.known and dme.known:
        return max(own, dme, key=lambda answer: answer.fact.mue_value)
    return dme if own.known and own.fact.mue_value == 0 and dme.no_data else own


def is_dme_supplier(claim: Claim) -> bool:
    """The claim is a supplier's of durable medical equipment for certain: the billing taxonomy says so."""
    professional = claim.claim_type is ClaimType.PROFESSIONAL
    return professional and claim.billing_taxonomy.startswith(_DME_SUPPLIER_TAXONOMIES)


def dme_supplier(claim: Claim) -> DmeSupplier:
    """By the billing taxonomy; any other biller's claim may be a supplier's if all its codes are HCPCS Level II."""
    if claim.claim_type is not ClaimType.PROFESSIONAL:
        return DmeSupplier.NO
    if is_dme_supplier(claim):
        return DmeSupplier.YES
    return DmeSupplier.MAYBE if all_level_two(claim) else DmeSupplier.NO


def all_level_two(claim: Claim) -> bool:
    """All codes of the claim's lines are HCPCS Level II, as far as they are HCPCS codes."""
    for line in claim.lines:
        if line.code_system == "HC" and code_kind(line.hcpcs) is not CodeKind.LEVEL_II:
            return False
    return True
