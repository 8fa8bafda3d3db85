"""The national amounts of a fee schedule release: what its relative values come to without a locality.

The sum of the three relative values times the conversion factor of the same row, rounded once to the cent, half up, as
CMS computes the amounts it publishes. Rows that are not paid by relative values have none.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

NATIONAL_AMOUNTS: Final = ("amount_nonfacility", "amount_facility")

_PAID_BY_RVU: Final = ("A", "R", "T")
"""Status indicators of rows that are paid by their relative values (record layout, status code)."""


def with_national_amounts(rows: pa.Table) -> pa.Table:
    """The rows with the amount of one unit in both settings, in dollars; null where no relative values price it."""
    status = pc.is_in(rows["status_indicator"].cast(pa.string()), pa.array(_PAID_BY_RVU))
    valued = pc.greater(pc.add(rows["total_nonfacility"], rows["total_facility"]), 0)
    priced = pc.and_(status, valued)
    for name in NATIONAL_AMOUNTS:
        expense = rows[f"pe_rvu_{name.removeprefix('amount_')}"]
        units = pc.add(pc.add(rows["work_rvu"], expense), rows["mp_rvu"])
        exact = pc.multiply(units, rows["conversion_factor"])
        cents = pc.round(exact, 2, "half_towards_infinity").cast(pa.decimal128(12, 2))  # no amount is negative
        rows = rows.append_column(name, pc.if_else(priced, cents, None))
    return rows
