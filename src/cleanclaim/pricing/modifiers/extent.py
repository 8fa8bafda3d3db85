"""How much of the procedure was done: more than usual (22), less (52), stopped (53, 73, 74)."""

from __future__ import annotations

from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line, Rate
from cleanclaim.pricing.modifiers.authority import custom, layout, manual, share

_BY_REPORT: Final = "by_report"
_FACILITY_NOTE: Final = (
    "73 and 74 are the facility's modifiers: it is paid under the outpatient or ambulatory surgery schedule. A "
    "practitioner reports 53."
)


def adjust(line: Line, row: FeeScheduleRow, context: Context) -> None:
    """The price of more or less than the whole procedure, or that only a report decides it."""
    if line.service.bears("22"):
        line.notes.append("22 may be paid above the fee, by report: the contractor decides on the documentation.")
        line.cite(manual("20.4.6"))
    if line.service.bears("52"):
        why = "a reduced service (52) is paid by report: the contractor decides how much of the fee is left"
        line.refuse(_BY_REPORT, why, manual("20.4.6"))
    elif line.service.bears("53") and row.modifier != "53":
        why = "a stopped procedure (53) is paid by report: the fee schedule has no row of its own for it"
        line.refuse(_BY_REPORT, why, layout("Modifier, 53"))
    elif line.service.bears("73", "74"):
        _facility(line, context)


def _facility(line: Line, context: Context) -> None:
    if line.rate is not Rate.FACILITY:
        why = "73 and 74 are for facilities, and this is no facility's place of service: a practitioner reports 53"
        line.refuse("facility_modifier", why, custom("73 and 74 are reported by facilities only"))
        return
    if line.service.bears("73"):
        half = share("discontinued_before_anesthesia_share", line, context)
        if half is None:
            return
        line.multiply("stopped_before_anesthesia", "Stopped before anesthesia (73): half", half.value, half.citation)
    line.notes.append(_FACILITY_NOTE)
