"""What the Medicare physician fee schedule allows for the lines a finding stands on, beside what was billed for them.

Each line is priced as if it were the only service: what the other services of the day would do to its price, and the
terms of the practitioner, are left out. The locality is that of the service facility's ZIP code, else of the billing
provider's, else none (the national amount). More than was billed is not allowed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.shown import has_shape, shown
from cleanclaim.engine.units import is_surgery_center
from cleanclaim.engine.work import DAY, LineWork
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import DayBook
from cleanclaim.types import PRICED_BY, Money

if TYPE_CHECKING:  # a check without findings does not load it
    from cleanclaim.pricing.model import Locality, Service

_SERVICE_ZIP, _BILLING_ZIP, _NATIONAL = PRICED_BY
MINUTES: Final = "MJ"
"""The unit basis of a line that is billed by its time."""
_MOST_DIGITS: Final = 12
"""Units of more digits before the point are no quantity of anything."""
_MOST_KEPT: Final = 50_000
"""Prices that are remembered for one period; beyond that it begins anew."""
_MOST_REASONS: Final = 3
_NOTHING: Final = Decimal(0)


class LinePrice(NamedTuple):
    """What the fee schedule allows for a line, and by what its locality is known; without a price, why."""

    amount: Money | None
    reason: str = ""
    place: str = ""


class Allowed(NamedTuple):
    """What the fee schedule allows for several lines, and why it is not of all of them."""

    amount: Money | None
    reason: str


@dataclass(slots=True, eq=False)
class _Prices:
    """What was asked of days on which neither the book nor a payment parameter changes."""

    localities: dict[tuple[str, str], tuple[Locality, str]] = field(default_factory=dict)
    of_services: dict[tuple[Any, ...], LinePrice] = field(default_factory=dict)


def allowed_for(lines: Sequence[LineWork]) -> Allowed:
    """What the fee schedule allows for lines together. Without a line there is no price, and no reason is needed."""
    if len(lines) == 1:
        amount, reason, _ = price_of(lines[0])
        return Allowed(amount, reason)
    prices = [price_of(line) for line in lines]
    amounts = [price.amount for price in prices if price.amount is not None]
    reasons = list(dict.fromkeys(price.reason for price in prices if price.amount is None))
    reason = ""
    if reasons:
        left = len(reasons) - _MOST_REASONS
        told = [*reasons[:_MOST_REASONS], *([f"and {left} more reasons"] if left > 0 else [])]
        reason = f"{len(prices) - len(amounts)} of {len(prices)} lines have no price: {'; '.join(told)}"
    return Allowed(sum(amounts, _NOTHING) if amounts else None, reason)


def price_of(line: LineWork) -> LinePrice:
    """What the fee schedule allows for a line by itself, never more than its charge."""
    price = line.price
    if price is None:
        price, charge = _price_by_schedule(line), line.line.charge
        if price.amount is not None and charge is not None and charge < price.amount:
            price = LinePrice(max(charge, _NOTHING), price.reason, price.place)
        line.price = price
    return price


def _price_by_schedule(line: LineWork) -> LinePrice:
    billed, day = line.line, line.day
    why_not = _no_service(line)
    if why_not or day is None:
        return LinePrice(None, why_not)
    prices = _prices_of(day)
    claim = line.claim.claim
    locality, place = _locality(claim, day, prices)
    key = (billed.hcpcs, billed.modifiers, billed.pos, billed.units, billed.unit_basis, locality.code, place)
    price = prices.of_services.get(key)
    if price is None:
        if len(prices.of_services) >= _MOST_KEPT:
            prices.of_services.clear()
        price = prices.of_services[key] = _price(line, day, locality, place)
    if DAY in price.reason:
        return price._replace(reason=price.reason.replace(DAY, str(day.day)))
    return price


def _no_service(line: LineWork) -> str:
    """Why a line cannot be priced whatever the schedule holds; "" where it can."""
    billed, claim = line.line, line.claim.claim
    why = ""
    if not line.facts.professional:
        why = f"the physician fee schedule does not pay {claim.claim_type} claims"
    elif not line.facts.is_hcpcs or not has_shape("procedure", billed.hcpcs):
        why = "the line has no procedure code"
    elif line.day is None:
        why = "the line has no readable service date"
    elif not billed.pos:
        why = "the line has no place of service"
    elif not has_shape("place of service", billed.pos):
        why = f"the place of service is {shown('place of service', billed.pos)}"
    elif billed.units is None:
        why = "the line has no units"
    elif not is_quantity(billed.units):
        why = "the units are no quantity"
    elif billed.unit_basis == MINUTES and not _counts_time(billed.hcpcs):
        why = "the line is billed in minutes, and the fee schedule pays units"
    elif is_surgery_center(claim.billing_taxonomy, billed.pos):
        why = "an ambulatory surgical center's share is not paid by the physician fee schedule"
    return why


def is_quantity(units: Decimal) -> bool:
    """Units that can be the quantity of anything."""
    return units.is_finite() and units.adjusted() < _MOST_DIGITS


def service_of(line: ClaimLine) -> Service:
    """What a line bills, minutes as its time; without its charge, so that lines billed alike are one service."""
    from cleanclaim.pricing.model import Service  # noqa: PLC0415 - a check without findings does not load it

    units = line.units or _NOTHING
    if line.unit_basis == MINUTES:
        return Service(line.hcpcs, line.modifiers, Decimal(1), line.pos, minutes=units)
    return Service(line.hcpcs, line.modifiers, units, line.pos)


def _counts_time(hcpcs: str) -> bool:
    from cleanclaim.pricing.anesthesia import is_anesthesia  # noqa: PLC0415 - as above

    return is_anesthesia(hcpcs)


def _prices_of(day: DayBook) -> _Prices:
    prices: _Prices | None = day.kept.get(_Prices)
    if prices is None:
        from cleanclaim.pricing.policy import turns  # noqa: PLC0415 - as above

        of_parameters = bisect_right(turns(), day.day.toordinal())
        prices = day.kept[_Prices] = day.period.kept.setdefault((_Prices, of_parameters), _Prices())
    return prices


def _locality(claim: Claim, day: DayBook, prices: _Prices) -> tuple[Locality, str]:
    """Where the services of a claim were furnished, as well as the claim and the book can tell."""
    key = (claim.service_zip, claim.billing_zip)
    found = prices.localities.get(key)
    if found is None:
        from cleanclaim.pricing.locality import locality_named, locality_of_zip  # noqa: PLC0415 - as above

        found = locality_named(day, _NATIONAL), _NATIONAL
        for place, zip_code in ((_SERVICE_ZIP, claim.service_zip), (_BILLING_ZIP, claim.billing_zip)):
            try:
                found = locality_of_zip(day, zip_code), place
                break
            except InputError:  # none is given, or no loaded table has it
                continue
        if len(prices.localities) >= _MOST_KEPT:
            prices.localities.clear()
        prices.localities[key] = found
    return found


def _price(line: LineWork, day: DayBook, locality: Locality, place: str) -> LinePrice:
    """The price, for every day of the period: a reason has :data:`DAY` where it names the service date."""
    from cleanclaim.pricing.price import price  # noqa: PLC0415 - as above

    try:
        (priced,) = price(day, (service_of(line.line),), locality).lines
    except InputError as error:
        return LinePrice(None, str(error).replace(str(day.day), DAY))
    if priced.allowed is None:
        return LinePrice(None, priced.reason.replace(str(day.day), DAY))
    return LinePrice(priced.allowed, "", place)
