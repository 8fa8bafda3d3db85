"""The cap on imaging: the technical part is paid no more than the hospital outpatient schedule would pay for it.

The relative value file gives for each imaging service the practice expense and malpractice values of that payment
(record layout: "PE used for OPPS payment amount"); with the local indices and the conversion factor they make the
amounts of OPPSCAP, which a test holds them to. It comes after the reductions for several procedures.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.fee import TECHNICAL
from cleanclaim.pricing.model import Line, Rate, cents

KEY: Final = "opps_cap"


def apply(lines: list[Line], context: Context) -> None:
    """Lower the technical part of each imaging line to the cap."""
    for line in lines:
        row = context.row(line.service.hcpcs, TECHNICAL) if TECHNICAL in line.parts and line.priced else None
        if row is None or not (row.opps_pe_facility or row.opps_pe_nonfacility):
            continue
        most = cap_of_unit(row, context, line.rate) * line.times
        if most < line.parts[TECHNICAL]:
            why = (
                f"The technical part is capped at what the hospital outpatient schedule pays: ${cents(most)} instead "
                f"of ${cents(line.parts[TECHNICAL])}"
            )
            line.change_part(TECHNICAL, most, key=KEY, why=why, citation=context.cite(row))


def cap_of_unit(row: FeeScheduleRow, context: Context, rate: Rate) -> Decimal:
    """The dollars, unrounded, above which the technical part of one unit is not paid."""
    expense = row.opps_pe_facility if rate is Rate.FACILITY else row.opps_pe_nonfacility
    at = context.locality.indices
    return (expense * at.pe + row.opps_mp * at.mp) * context.factor(row)[0]
