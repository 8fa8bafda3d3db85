"""The technical part of diagnostic services that have no 26 and TC of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from cleanclaim.pricing.context import PAID_BY_RVU, Context
from cleanclaim.pricing.fee import DIAGNOSTIC, GLOBAL_ONLY, PROFESSIONAL, TECHNICAL, TECHNICAL_ONLY
from cleanclaim.pricing.model import Line
from cleanclaim.types import Citation

TECHNICAL_CODES: Final = {
    "93000": ("93005",),
    "93015": ("93017",),
    "93040": ("93041",),
    "93224": ("93225", "93226"),
    "93241": ("93242", "93243"),
    "93245": ("93246", "93247"),
    "93268": ("93270", "93271"),
    "93784": ("93786", "93788"),
}
"""Cardiovascular tests that are global only (PC/TC 4), with the codes for their technical part.

No published column names them. The values of each test are the sums of those of its parts in RVU25D and RVU26C, which
a test holds."""
_BY_SUM: Final = Citation(
    "convention", "", "parts of global tests", text="the relative values of a global test are the sums of its parts'"
)


def complete(line: Line, context: Context) -> None:
    """Tell the technical part of a line that has none told, or say that it is not known."""
    row = line.row
    if line.parts or row is None:
        return
    if row.pc_tc_indicator == TECHNICAL_ONLY:
        line.parts = {TECHNICAL: line.so_far}
    elif row.pc_tc_indicator == GLOBAL_ONLY:
        technical = _technical(line, context)
        if technical is not None:
            line.parts = {TECHNICAL: technical, PROFESSIONAL: line.so_far - technical}
            line.cite(_BY_SUM)
    if not line.parts and row.pc_tc_indicator in {DIAGNOSTIC, GLOBAL_ONLY}:
        line.notes.append(
            "Its technical part is paid less beside others of the day; what that part is, the fee schedule does not "
            "tell, so that nothing is taken off."
        )


def _technical(line: Line, context: Context) -> Decimal | None:
    """What is technical in a global test: the fees of the codes for it, in the share that is left of the own fee."""
    rows = [context.row(code) for code in TECHNICAL_CODES.get(line.service.hcpcs, ())]
    known = [row for row in rows if row is not None and row.status_indicator in PAID_BY_RVU]
    if not known or len(known) < len(rows) or line.fee is None or not line.fee.amount:
        return None
    exact = sum((context.exact(row, line.rate) for row in known), Decimal(0))
    return min(line.so_far, exact * line.so_far / line.fee.amount)
