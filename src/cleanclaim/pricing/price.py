"""The price of services: the stages in their order.

1. ``schedules``, ``anesthesia``, ``fee``: which schedule pays, and the amount of each line by itself.
2. ``modifiers``: what a line's own modifiers do (bilateral first, then who did it and how much of it).
3. ``alone``: what is paid only where nothing else is that day.
4. ``multiple``: what several procedures of the day do to each other.
5. ``cap``: the technical component of imaging pays no more than the hospital outpatient schedule.
6. ``modifiers.cut``: what the law takes off for outdated imaging equipment and for therapists' assistants.
7. ``settle``: terms of the practitioner, the billed charge, and what Medicare itself pays of it.

The order of 2 to 5 is that of RULES.md: bilateral before multiple procedures by the record layout, the rest by
convention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from cleanclaim.errors import InputError
from cleanclaim.index.cite import distinct
from cleanclaim.index.lookup import DayBook
from cleanclaim.pricing import alone, anesthesia, cap, fee, modifiers, multiple, schedules, settle
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line, Locality, Priced, PricedLine, Rate, Service, Terms


def price(
    day: DayBook, services: Sequence[Service], locality: Locality, *, pos: str = "", terms: Terms | None = None
) -> Priced:
    """What Medicare allows for the services of one patient, one physician (or group and specialty) and one day.

    ``pos`` is the place of service of those that name none. The total does not depend on the order of the services.
    Raises InputError for a place of service that is not known, for units that are not above 0, for a charge or minutes
    below 0, and for a day on which no value of a payment parameter is known that a price needs.
    """
    context = Context(day, locality, terms or Terms())
    placed = [replace(service, pos=service.pos or pos) for service in services]
    lines = [Line(number, service, rate_at(day, service.pos)) for number, service in enumerate(placed, start=1)]
    for line in lines:
        _check(line)
        for stage in (schedules.start, anesthesia.start, fee.start):
            if not line.schedule and not line.reason:
                stage(line, context)
    for across in (
        modifiers.adjust,
        alone.bundle,
        multiple.rank,
        cap.apply,
        modifiers.cut,
        settle.apply,
        anesthesia.tell_of_several,
    ):
        across(lines, context)
    return _priced(lines, context)


def rate_at(day: DayBook, pos: str) -> Rate:
    """Whether the facility or the non-facility expense is paid at a place of service.

    Raises InputError where the place is missing, not on the published list, or no list is loaded.
    """
    if not pos:
        raise InputError("No place of service is given: --pos 11 is an office, 21 inpatient, 22 and 19 outpatient.")
    answer = day.place_of_service(pos)
    if not answer.known:
        raise InputError(f"Place of service {pos!r} is not on the published list; 11 is an office, 22 outpatient.")
    return Rate.FACILITY if answer.fact.facility else Rate.NONFACILITY


def _check(line: Line) -> None:
    service = line.service
    if not service.units.is_finite() or service.units <= 0:
        raise InputError(f"{service.name}: {service.units} units; give a number above 0.")
    for amount, what in ((service.charge, "charge"), (service.minutes, "number of minutes")):
        if amount is not None and (not amount.is_finite() or amount < 0):
            raise InputError(f"{service.name}: a {what} of {amount}; give a number of 0 or above, or none.")


def _priced(lines: list[Line], context: Context) -> Priced:
    made = tuple(_priced_line(line) for line in lines)
    allowed = [line.allowed for line in made if line.allowed is not None]
    of_lines = (cited for line in made for cited in (*line.citations, *(step.citation for step in line.steps)))
    return Priced(
        context.date,
        context.locality,
        made,
        sum(allowed, Decimal(0)) if allowed else None,
        len(made) - len(allowed),
        (*context.locality.notes, *settle.notes(context)),
        distinct([*context.locality.citations, *of_lines]),
    )


def _priced_line(line: Line) -> PricedLine:
    return PricedLine(
        service=line.service,
        rate=line.rate,
        schedule=line.schedule,
        status_indicator=line.status_indicator,
        fee=line.fee,
        base=line.base,
        steps=tuple(line.steps),
        allowed=line.amount,
        reason=line.reason,
        reason_key=line.reason_key,
        citations=tuple(line.citations),
        notes=tuple(line.notes),
        stale=line.stale,
        limiting_charge=line.limiting_charge,
        medicare_pays=line.medicare_pays,
        units=tuple(line.units.items()),
    )
