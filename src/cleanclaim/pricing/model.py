"""What goes into a price and what comes out of it, and the line that the stages work on in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.types import CENT, Citation, Date, Money

_BY_CONTRACTOR: Final = frozenset({"by_report", "carrier_priced", "no_rvu"})
"""Reasons of lines that have no price here and may be paid all the same."""


class Rate(StrEnum):
    """Which practice expense the place of service calls for."""

    FACILITY = "facility"
    NONFACILITY = "nonfacility"


@dataclass(frozen=True, slots=True)
class Service:
    """One service to be priced, as it would stand on a claim line.

    ``pos`` is the place of service of two digits, "" for the one of the whole request. ``charge`` is for all units;
    nothing is paid above it. ``minutes`` is the time of an anesthesia service. ``postoperative_days`` are the days of
    care that the one who bills 55 gave, where the days were shared.
    """

    hcpcs: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    pos: str = ""
    charge: Money | None = None
    minutes: Decimal | None = None
    postoperative_days: int | None = None

    @property
    def name(self) -> str:
        """The code with its modifiers, as people write it: ``43214-26``."""
        return "-".join((self.hcpcs, *self.modifiers))

    def bears(self, *modifiers: str) -> bool:
        """At least one of ``modifiers`` is on the line."""
        return bool(self.modifiers) and not set(modifiers).isdisjoint(self.modifiers)


@dataclass(frozen=True, slots=True)
class Terms:
    """Who is paid and how, where it is not the usual physician who takes Medicare's fee.

    ``qualifying_apm``: the conversion factor of qualifying participants of an advanced alternative payment model.
    ``participating`` False: paid 95 %, and may charge up to the limiting charge where it takes no assignment.
    ``nonphysician``: a nurse practitioner, physician assistant or clinical nurse specialist, paid 85 %.
    ``present_at_induction``: the directing physician was there at induction (AD).
    ``sequestration``: also say what Medicare itself pays, after coinsurance and sequestration.
    """

    qualifying_apm: bool = False
    participating: bool = True
    nonphysician: bool = False
    present_at_induction: bool = False
    sequestration: bool = False


@dataclass(frozen=True, slots=True)
class Indices:
    """What a locality multiplies each relative value by."""

    work: Decimal
    pe: Decimal
    mp: Decimal


NATIONAL = Indices(Decimal(1), Decimal(1), Decimal(1))
"""No local adjustment: the amounts CMS calls national."""


@dataclass(frozen=True, slots=True)
class Locality:
    """A fee schedule locality, and the row of the index table that says so.

    ``notes`` are what to know of the choice: a ZIP code of which parts lie elsewhere, a floor not in force.
    """

    name: str
    indices: Indices
    mac: str = ""
    number: str = ""
    state: str = ""
    stale: bool = False
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """``10112-00``, or ``national``."""
        return f"{self.mac}-{self.number}" if self.mac else "national"


@dataclass(frozen=True, slots=True)
class Fee:
    """One unit of a service by the relative value formula: dollars to the cent, and what they are made of."""

    work_rvu: Decimal
    pe_rvu: Decimal
    mp_rvu: Decimal
    indices: Indices
    conversion_factor: Decimal
    amount: Money

    @property
    def expense(self) -> Money:
        """The dollars of practice expense in it, unrounded."""
        return self.pe_rvu * self.indices.pe * self.conversion_factor


@dataclass(frozen=True, slots=True)
class Step:
    """What was done to the amount of a line, and by whose word.

    ``key`` is the stage's short name (``bilateral``). ``factor`` is None where the step is no multiplication.
    ``amount`` is what is allowed for the line after it.
    """

    key: str
    why: str
    factor: Decimal | None
    amount: Money
    citation: Citation


@dataclass(slots=True, eq=False)
class Line:
    """A service while it is being priced.

    ``fee`` is of one unit of the row that the line's modifier names; ``amount`` is what is allowed for the line after
    the steps so far, None once ``reason`` says why there is no price. ``schedule`` names the fee schedule that pays.
    """

    number: int
    service: Service
    rate: Rate
    row: FeeScheduleRow | None = None
    """The row of the relative value file that pays it; its indicators say what the later stages do."""
    fee: Fee | None = None
    amount: Money | None = None
    base: Money | None = None
    schedule: str = ""
    steps: list[Step] = field(default_factory=list)
    reason: str = ""
    reason_key: str = ""
    citations: list[Citation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    status_indicator: str = ""
    stale: bool = False
    limiting_charge: Money | None = None
    medicare_pays: Money | None = None
    coinsurance: Decimal | None = None
    """The patient's share of what is allowed, where the schedule that pays sets another than the usual one."""
    units: dict[str, Decimal] = field(default_factory=dict)
    """Anesthesia: base, time and modifying units."""
    times: Decimal = Decimal(1)
    """How many times the fee of one unit is in the amount: the units, and what both sides of the body make of them."""
    parts: dict[str, Decimal] = field(default_factory=dict)
    """The technical (TC) and professional (26) part of the amount, where a service can be divided so."""
    both_sides: bool = False
    """The amount is for both sides of the body, as one procedure, whatever units stand for them on the line."""
    other_side: Line | None = None
    """The line of the other side of the body, where LT and RT stand on two lines: they are ranked as one procedure."""
    charged_with: Line | None = None
    """The line of the other side, where the two together are paid no more than both charges together."""

    @property
    def priced(self) -> bool:
        """There is an amount."""
        return self.amount is not None

    @property
    def left_to_contractor(self) -> bool:
        """There is no amount here, and the contractor may pay one all the same."""
        return self.reason_key in _BY_CONTRACTOR

    def start(self, schedule: str, amount: Money, citation: Citation | None) -> None:
        """Begin with the amount for all units before any step."""
        self.schedule, self.base, self.amount = schedule, cents(amount), cents(amount)
        self.times = self.service.units
        self.cite(citation)

    def refuse(self, key: str, why: str, citation: Citation | None = None) -> None:
        """There is no price, and why: ``key`` is a word for programs (``carrier_priced``), ``why`` a sentence."""
        self.amount, self.reason_key, self.reason = None, key, why
        self.cite(citation)

    def multiply(self, key: str, why: str, factor: Decimal, citation: Citation) -> None:
        """Multiply what is allowed so far, and round it to the cent."""
        self.parts = {part: amount * factor for part, amount in self.parts.items()}
        self.become(key, why, self.so_far * factor, citation, factor)

    def change_part(
        self, part: str, amount: Decimal, *, key: str, why: str, citation: Citation, factor: Decimal | None = None
    ) -> None:
        """The technical (TC) or professional (26) part becomes ``amount``, the other stays; the sum is rounded."""
        self.parts[part] = amount
        self.become(key, why, sum(self.parts.values(), Decimal(0)), citation, factor)

    def become(self, key: str, why: str, amount: Money, citation: Citation, factor: Decimal | None = None) -> None:
        """What is allowed becomes ``amount``."""
        self.amount = cents(amount)
        self.steps.append(Step(key, why, factor, self.amount, citation))

    def cite(self, citation: Citation | None) -> None:
        """Name a row that the price stands on, once."""
        if citation is not None and citation not in self.citations:
            self.citations.append(citation)

    @property
    def so_far(self) -> Money:
        """The amount after the steps so far. Call it only on a priced line."""
        if self.amount is None:
            raise ValueError(f"line {self.number} has no price")
        return self.amount


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What one service pays. ``allowed`` is None where there is no price, and ``reason`` says why."""

    service: Service
    rate: Rate
    schedule: str
    status_indicator: str
    fee: Fee | None
    base: Money | None
    steps: tuple[Step, ...]
    allowed: Money | None
    reason: str
    reason_key: str
    citations: tuple[Citation, ...]
    notes: tuple[str, ...]
    stale: bool
    limiting_charge: Money | None
    medicare_pays: Money | None
    units: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """The prices of the services of one patient, physician and day.

    ``total`` is the sum of what is priced, None where nothing is; ``unpriced`` counts the others.
    """

    date: Date
    locality: Locality
    lines: tuple[PricedLine, ...]
    total: Money | None
    unpriced: int
    notes: tuple[str, ...]
    citations: tuple[Citation, ...]


def cents(amount: Decimal) -> Money:
    """Dollars to the cent, half a cent up, as CMS rounds the amounts it publishes (PFREV)."""
    return amount.quantize(CENT, ROUND_HALF_UP)
