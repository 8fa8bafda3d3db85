"""What every stage of a price may ask: the book on the day, the place, and the terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.index.cite import cite_fact
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.pricing.model import Fee, Locality, Rate, Terms, cents
from cleanclaim.pricing.policy import Parameter, parameter, required, values
from cleanclaim.types import Citation, Date

PAID_BY_RVU = frozenset("ART")
"""Status indicators of the rows that are paid by their relative values (record layout, status code)."""
_FACTOR: Final = "conversion_factor"


@dataclass(frozen=True, slots=True)
class Context:
    """The day's book, the locality, and who is paid."""

    day: DayBook
    locality: Locality
    terms: Terms

    @property
    def date(self) -> Date:
        """The service date, or the day of the release that the fee schedule is held to."""
        return self.day.day_of("mpfs")

    def rows(self, hcpcs: str) -> Answer[FeeScheduleRow]:
        """The fee schedule's rows of a code."""
        return self.day.fee_schedule(hcpcs)

    def row(self, hcpcs: str, modifier: str = "") -> FeeScheduleRow | None:
        """The row of a code with a modifier (26, TC, 53) or without, None where the schedule has none."""
        for row in self.rows(hcpcs).facts:
            if row.modifier == modifier:
                return row
        return None

    def cite(self, row: FeeScheduleRow) -> Citation:
        """Where a row of the fee schedule is published."""
        release = self.rows(row.hcpcs).release
        assert release is not None  # the row came out of it
        return cite_fact(row, release)

    def factor(self, row: FeeScheduleRow) -> tuple[Decimal, Citation | None]:
        """Dollars for one relative value unit, and a citation where it is not the row's own.

        The row's own it is, unless qualifying participants have another, or the row has the factor of other days of
        the year: RVU24A has $32.7442, and for services from 2024-03-09 on the law set $33.2875. A row of another year
        keeps its own: relative values and factor of a year are set together, budget neutral, and the price is stale
        anyway.
        """
        if self.terms.qualifying_apm:
            qualifying = parameter("conversion_factor_qualifying_apm", self.date)
            if qualifying is not None and self._is_of_the_year(row.conversion_factor):
                return qualifying.value, qualifying.citation
        own, dated = row.conversion_factor, parameter(_FACTOR, self.date)
        if dated is None or dated.value == own or not self._is_of_the_year(own):
            return own, None
        told = f"${dated.value} on {self.date}, in place of ${own}, which {self.cite(row).release} has for other days"
        return dated.value, replace(dated.citation, text=f"{told} ({dated.citation.text})")

    def _is_of_the_year(self, factor: Decimal) -> bool:
        """It is the usual factor on some day of the service's year; that of qualifying participants never is."""
        year = self.date.year
        return any(
            known.value == factor and known.valid_from is not None and known.valid_from.year == year
            for known in values(_FACTOR)
        )

    def fee(self, row: FeeScheduleRow, rate: Rate) -> Fee:
        """One unit of a row's service here: each relative value times its index, summed, times the factor.

        It is rounded once. So CMS computes the amounts it publishes: every row of PFREV25C.txt comes out to the cent.
        """
        amount = cents(self.exact(row, rate))
        return Fee(row.work_rvu, expense_of(row, rate), row.mp_rvu, self.locality.indices, self.factor(row)[0], amount)

    def exact(self, row: FeeScheduleRow, rate: Rate) -> Decimal:
        """The dollars of :meth:`fee` before they are rounded."""
        at = self.locality.indices
        units = row.work_rvu * at.work + expense_of(row, rate) * at.pe + row.mp_rvu * at.mp
        return units * self.factor(row)[0]

    def required(self, name: str) -> Parameter:
        """A payment parameter that has a value on every day since its first. Raises InputError for a day before."""
        return required(name, self.date)


def expense_of(row: FeeScheduleRow, rate: Rate) -> Decimal:
    """The relative value of the practice expense at a rate."""
    return row.pe_rvu_facility if rate is Rate.FACILITY else row.pe_rvu_nonfacility
