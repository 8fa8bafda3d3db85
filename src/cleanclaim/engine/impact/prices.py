"""What the Medicare fee schedule allows for the lines of a day under each of two releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from cleanclaim.claims.model import Claim
from cleanclaim.engine.impact.days import DayLine
from cleanclaim.engine.money import service_of
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import DayBook
from cleanclaim.index.pinned import PinnedBook
from cleanclaim.pricing.locality import NATIONAL_NAME, locality_named, locality_of_zip
from cleanclaim.pricing.model import Locality, Service
from cleanclaim.pricing.price import price, rate_at
from cleanclaim.types import Date, Money

NO_PLACE: Final = "no_place_of_service"
_MOST_KEPT: Final = 200_000
_FEE_SCHEDULE: Final = "mpfs"
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed for a line, None with the key of the reason; ``capped``: the charge billed is."""

    amount: Money | None
    reason: str = ""
    capped: bool = False


class PriceList:
    """The prices of one of the two books; what was priced once is remembered."""

    def __init__(self, book: PinnedBook) -> None:
        self.book = book
        self._kept: dict[tuple[Any, ...], tuple[Allowed, ...]] = {}
        self._placed: dict[tuple[Any, str], str] = {}

    def of(self, date: Date, locality: Locality, lines: Sequence[DayLine]) -> tuple[Allowed, ...]:
        """What is allowed for each line, all of one patient, provider and day."""
        day = self.book.as_of(date)
        found: list[Allowed | None] = [self._unplaced(day, line.line.pos) for line in lines]
        asked = [at for at, why in enumerate(found) if why is None]
        services = tuple(service_of(lines[at].line) for at in asked)
        allowed = self._of_services(day, locality, services) if services else ()
        charges = [_not_negative(lines[at].line.charge) for at in asked]
        if any(
            charge is not None and made.amount is not None and charge < made.amount
            for charge, made in zip(charges, allowed, strict=True)
        ):
            billed = [replace(service, charge=charge) for service, charge in zip(services, charges, strict=True)]
            allowed = tuple(
                replace(made, capped=made.amount != uncapped.amount)
                for made, uncapped in zip(_priced(day, locality, billed), allowed, strict=True)
            )
        for at, made in zip(asked, allowed, strict=True):
            found[at] = made
        return tuple(made for made in found if made is not None)

    def _of_services(self, day: DayBook, locality: Locality, services: tuple[Service, ...]) -> tuple[Allowed, ...]:
        # Held to one release, the fee schedule answers alike on all days of a period; else parameters may change in it.
        when = day.period if self.book.holds(_FEE_SCHEDULE) else day.day
        key = (when, locality.code, services)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = _priced(day, locality, services)
        return kept

    def _unplaced(self, day: DayBook, pos: str) -> Allowed | None:
        """Why a place of service has no rate; None where it has one."""
        key = (day.period, pos)
        why = self._placed.get(key)
        if why is None:
            try:
                rate_at(day, pos)
            except InputError:
                why = NO_PLACE
            self._placed[key] = why = why or ""
        return Allowed(None, why) if why else None


def _not_negative(charge: Money | None) -> Money | None:
    return None if charge is None else max(charge, _NOTHING)


def _priced(day: DayBook, locality: Locality, services: Sequence[Service]) -> tuple[Allowed, ...]:
    made = price(day, services, locality).lines
    return tuple(Allowed(line.allowed, "" if line.allowed is not None else line.reason_key) for line in made)


class Places:
    """The locality of a claim under both books: that of the service's ZIP code, the biller's, the one given, or none.

    A place that only one of the two knows is not used: the difference would not be one of prices.
    """

    SERVICE_ZIP: Final = "service_zip"
    BILLING_ZIP: Final = "billing_zip"
    GIVEN: Final = "given"
    NATIONAL: Final = "national"

    def __init__(self, books: tuple[PinnedBook, PinnedBook], given: str) -> None:
        self._books = books
        self._given = given
        self._kept: dict[tuple[Date, str, str], tuple[Locality, Locality, str]] = {}

    def of(self, date: Date, claim: Claim) -> tuple[Locality, Locality, str]:
        """The locality under the old and under the new release, and what told it."""
        key = (date, claim.service_zip, claim.billing_zip)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = self._found(*key)
        return kept

    def _found(self, date: Date, service_zip: str, billing_zip: str) -> tuple[Locality, Locality, str]:
        old, new = (book.as_of(date) for book in self._books)
        for how, text, find in (
            (self.SERVICE_ZIP, service_zip, locality_of_zip),
            (self.BILLING_ZIP, billing_zip, locality_of_zip),
            (self.GIVEN, self._given, locality_named),
        ):
            if text:
                try:
                    return find(old, text), find(new, text), how
                except InputError:
                    continue
        return locality_named(old, NATIONAL_NAME), locality_named(new, NATIONAL_NAME), self.NATIONAL
