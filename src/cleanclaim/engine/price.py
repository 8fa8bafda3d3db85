"""``cleanclaim price``: services as people write them, priced together as one claim of a patient, physician and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from cleanclaim.engine.modifier_facts import ModifierState, modifier_state
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.pricing.anesthesia import is_anesthesia
from cleanclaim.pricing.locality import locality_named, locality_of_zip
from cleanclaim.pricing.model import Locality, Priced, Service, Terms
from cleanclaim.pricing.notation import service_from
from cleanclaim.pricing.price import price as price_services
from cleanclaim.types import Date

_POSTOPERATIVE: Final = "55"
_NO_MODIFIER: Final = frozenset({ModifierState.UNKNOWN, ModifierState.UNLISTED})


def price(
    book: OpenBook,
    services: Sequence[str | Service],
    date: Date,
    *,
    locality: str = "",
    zip_code: str = "",
    pos: str = "",
    terms: Terms | None = None,
    minutes: Decimal | None = None,
    postoperative_days: int | None = None,
    known_on: Date | None = None,
) -> Priced:
    """What Medicare allows for services of one patient, physician and day.

    The place is a ``locality`` (``10112-00``, ``national``) or a ``zip_code``. ``pos``, ``minutes`` and
    ``postoperative_days`` are of the services that name none of their own. Raises InputError for a service, place or
    date that cannot be priced with, and never for a service that merely has no price: its line says why.
    """
    if not services:
        raise InputError("No service is given: name one or more, such as 43214 or 76942-26.")
    day = book.as_of(date, known_on)
    read = [service_from(service) if isinstance(service, str) else service for service in services]
    asked = [replace(service, pos=service.pos or pos) for service in read]
    _give(asked, minutes, postoperative_days)
    for service in asked:
        _check_what_counts(service)
        _check_modifiers(day, service)
    return price_services(day, asked, _place(day, locality, zip_code), terms=terms)


def _place(day: DayBook, locality: str, zip_code: str) -> Locality:
    if bool(locality) == bool(zip_code):
        said = "both --locality and --zip are given: give one" if locality else "no place is given"
        raise InputError(
            f"What is paid depends on the place, and {said}: --locality 10112-00 (contractor and locality number), "
            "--zip 35203 (where the service was furnished), or --locality national for the amount without local index."
        )
    return locality_named(day, locality) if locality else locality_of_zip(day, zip_code)


def _give(services: list[Service], minutes: Decimal | None, postoperative_days: int | None) -> None:
    """Put what was said for all services on those it is meant for; refuse it where there is none."""
    if minutes is not None:
        timed = [at for at, service in enumerate(services) if is_anesthesia(service.hcpcs)]
        if not timed:
            raise InputError("--minutes is the time of anesthesia, and no service of 00100 to 01999 is given.")
        for at in timed:
            if services[at].minutes is None:
                services[at] = replace(services[at], minutes=minutes)
    if postoperative_days is not None:
        cared = [at for at, service in enumerate(services) if service.bears(_POSTOPERATIVE)]
        if not cared:
            raise InputError("--postoperative-days are of who bills postoperative care, and no service bears 55.")
        for at in cared:
            if services[at].postoperative_days is None:
                services[at] = replace(services[at], postoperative_days=postoperative_days)


def _check_what_counts(service: Service) -> None:
    """What does not count for a service would be taken for something that did."""
    if service.minutes is not None and not is_anesthesia(service.hcpcs):
        raise InputError(
            f"Service {service.name}: minutes are of anesthesia, 00100 to 01999. Time of other services is billed in "
            "units, such as x2."
        )
    if service.postoperative_days is not None and not service.bears(_POSTOPERATIVE):
        raise InputError(f"Service {service.name}: days of care are of who bills postoperative care, modifier 55.")


def _check_modifiers(day: DayBook, service: Service) -> None:
    """A modifier that does not exist would be priced as if it were not there."""
    for modifier in service.modifiers:
        state, answer = modifier_state(day, modifier)
        if state in _NO_MODIFIER:
            listed = answer.release if answer is not None else None
            where = f"{listed.source} {listed.release}" if listed is not None else "CPT"
            raise InputError(f"Service {service.name}: {where} has no modifier {modifier}.")
