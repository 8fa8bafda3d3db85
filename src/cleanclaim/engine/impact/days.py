"""The lines to price, as Medicare ranks them: those of one patient, provider and day stand together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.money import MINUTES, is_quantity
from cleanclaim.engine.shown import has_shape
from cleanclaim.engine.units import is_surgery_center
from cleanclaim.engine.work import ClaimWork, LineWork, Work
from cleanclaim.pricing.anesthesia import is_anesthesia
from cleanclaim.types import Date

VOID: Final = "void"
REPLACED: Final = "replaced"
REPEATED: Final = "repeated"
NO_PROCEDURE: Final = "no_procedure"
NO_DATE: Final = "no_service_date"
NO_UNITS: Final = "no_units"
IN_MINUTES: Final = "billed_in_minutes"
SURGERY_CENTER: Final = "surgery_center"
"""The first and the last of the codes whose time counts."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """A claim line to price, by the number of its claim among those at hand."""

    number: int
    claim: Claim
    line: ClaimLine


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A line that is not asked a price for, and why."""

    number: int
    line: ClaimLine
    reason: str


@dataclass(frozen=True, slots=True)
class Days:
    """What the professional claims at hand hold: lines that are priced together, and lines that are not priced."""

    together: tuple[tuple[Date, tuple[DayLine, ...]], ...]
    alone: tuple[Unpriced, ...]


def days_of(work: Work) -> Days:
    """The lines of the professional claims under work: nothing of them is left out."""
    alone: list[Unpriced] = []
    groups: dict[int, Sequence[LineWork]] = {}
    wanted: set[tuple[int, int]] = set()
    for claim in work.reported():
        if claim.claim.claim_type is not ClaimType.PROFESSIONAL:
            continue
        of_claim = _reason(claim)
        for line in claim.lines:
            reason = of_claim or _reason_of(line)
            if reason:
                alone.append(Unpriced(claim.number, line.line, reason))
            else:
                wanted.add(line.place())
                groups.setdefault(id(line.group), line.group)
    return Days(tuple(_days(groups.values(), wanted)), tuple(alone))


def _days(
    groups: Iterable[Sequence[LineWork]], wanted: set[tuple[int, int]]
) -> Iterator[tuple[Date, tuple[DayLine, ...]]]:
    for group in groups:
        lines = tuple(
            DayLine(line.claim.number, line.claim.claim, line.line) for line in group if line.place() in wanted
        )
        day = lines[0].line.service_from
        assert day is not None  # lines without one are not wanted
        yield day, lines


def _reason(claim: ClaimWork) -> str:
    """Why nothing of a claim is paid, however right it is: it would count twice, or takes back what was paid."""
    if claim.void:
        return VOID
    if claim.superseded:
        return REPLACED
    return REPEATED if claim.duplicate_of is not None else ""


def _reason_of(line: LineWork) -> str:
    if not line.facts.is_hcpcs or not has_shape("procedure", line.line.hcpcs):
        return NO_PROCEDURE
    billed, units = line.line, line.line.units
    if billed.service_from is None:
        return NO_DATE
    if units is None or not is_quantity(units) or units <= 0:
        return NO_UNITS
    if billed.unit_basis == MINUTES and not is_anesthesia(billed.hcpcs):
        return IN_MINUTES
    return SURGERY_CENTER if is_surgery_center(line.claim.claim.billing_taxonomy, billed.pos) else ""
