"""Which row pays a service, and what one unit of it is worth before anything else is looked at."""

from __future__ import annotations

from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.index.cite import cite_answer
from cleanclaim.pricing.context import PAID_BY_RVU, Context
from cleanclaim.pricing.model import Line, Rate
from cleanclaim.types import Citation

SCHEDULE: Final = "mpfs"
DIAGNOSTIC: Final = "1"
"""PC/TC indicator of services with a technical and a professional part."""
TECHNICAL: Final = "TC"
PROFESSIONAL: Final = "26"
PARTS: Final = (TECHNICAL, PROFESSIONAL)
TECHNICAL_ONLY: Final = "3"
"""PC/TC indicator of codes that are technical altogether."""
GLOBAL_ONLY: Final = "4"
"""PC/TC indicator of codes for the whole test, whose parts have codes of their own."""
_INCIDENT_TO: Final = "5"
_OF_THERAPISTS: Final = "7"
_SMEAR: Final = "8"
_HOSPITAL: Final = frozenset({"19", "21", "22", "23"})
"""Places of service of a hospital's patients: outpatient off and on campus, inpatient, emergency room."""
_INPATIENT: Final = frozenset({"21", "51", "61"})
_RESTRICTED: Final = "R"
_OWN_ROW: Final = (PROFESSIONAL, TECHNICAL, "53")
"""Modifiers under which the fee schedule may have a row of its own."""

NO_PRICE: Final = {
    "B": ("bundled", "payment for it is always bundled into other services (status B)"),
    "C": ("carrier_priced", "the Medicare contractor sets the price (status C)"),
    "D": ("deleted", "the code is deleted (status D)"),
    "E": ("excluded", "it is excluded from the fee schedule by regulation (status E)"),
    "F": ("deleted", "the code is deleted, without a grace period (status F)"),
    "G": ("not_valid", "it is not valid for Medicare, which uses another code (status G)"),
    "H": ("deleted", "the modifier is deleted (status H)"),
    "I": ("not_valid", "it is not valid for Medicare, which uses another code (status I)"),
    "M": ("measure", "it reports quality and is not paid (status M)"),
    "N": ("non_covered", "Medicare does not cover it (status N)"),
    "P": ("bundled", "it is bundled, or paid on another basis than the fee schedule (status P)"),
    "X": ("excluded", "it is excluded from the fee schedule by law (status X)"),
}
"""Why a row without price has none: the record layout's status codes, in our words."""


def start(line: Line, context: Context) -> None:
    """Give the line its fee by the relative value formula, or the reason why it has none."""
    service = line.service
    answer = context.rows(service.hcpcs)
    line.stale = answer.stale
    if not answer.known:
        cited = cite_answer(answer, service.hcpcs)
        if answer.no_data:
            line.refuse("no_data", f"no loaded fee schedule speaks of {service.hcpcs} on {context.date}", cited)
        else:
            line.refuse("not_on_schedule", f"the physician fee schedule has no row for {service.hcpcs}", cited)
        return
    row = _row(line, answer.facts)
    if row is None:
        return
    line.row, line.status_indicator = row, row.status_indicator
    cited = context.cite(row)
    if row.status_indicator not in PAID_BY_RVU:
        known = NO_PRICE.get(row.status_indicator, ("no_price", f"status {row.status_indicator} has no price"))
        line.refuse(*known, cited)
        return
    if not (row.total_facility or row.total_nonfacility):
        line.refuse("no_rvu", "no relative values are published for it, so that the contractor sets the price", cited)
        return
    if not _is_paid_at_place(line, row):
        line.cite(cited)
        return
    line.fee = context.fee(row, line.rate)
    line.start(SCHEDULE, line.fee.amount * service.units, cited)
    line.cite(context.factor(row)[1])
    _note(line, row)
    _divide(line, row, context)
    if row.na_facility if line.rate is Rate.FACILITY else row.na_nonfacility:
        line.notes.append(
            f"Rarely or never done at a {line.rate} place (NA); the schedule repeats the figure of the other setting."
        )


def _is_paid_at_place(line: Line, row: FeeScheduleRow) -> bool:
    """False, with the reason, for what the practitioner is not paid where it was done (record layout, PC/TC)."""
    pos, indicator = line.service.pos, row.pc_tc_indicator
    if indicator == _INCIDENT_TO and pos in _HOSPITAL:
        line.refuse(
            "incident_to_in_hospital",
            f"a service of the practitioner's staff (PC/TC 5) is not paid for a hospital's patient, place of service "
            f"{pos}: the hospital bills it",
            _indicator("5", "no payment for hospital inpatients or in a hospital outpatient department"),
        )
        return False
    if indicator == _SMEAR and pos not in _INPATIENT:
        line.refuse(
            "inpatients_only",
            "a physician is paid for reading an abnormal smear (PC/TC 8) for hospital inpatients only",
            _indicator("8", "no payment for hospital outpatients or non-hospital patients"),
        )
        return False
    return True


def _indicator(value: str, text: str) -> Citation:
    return Citation("mpfs-record-layout", "RVU25D", f"Attachment A, PC/TC indicator {value}", text=text)


def _note(line: Line, row: FeeScheduleRow) -> None:
    """What the price takes for granted."""
    indicator = row.pc_tc_indicator
    if line.rate is Rate.FACILITY and indicator == DIAGNOSTIC and row.modifier != PROFESSIONAL:
        line.notes.append("In a facility the practitioner is paid the professional part only, which is billed with 26.")
    elif line.rate is Rate.FACILITY and indicator in {TECHNICAL_ONLY, GLOBAL_ONLY}:
        line.notes.append("In a facility what is technical is paid to the facility, not to the practitioner.")
    elif indicator == _OF_THERAPISTS and line.service.pos in _HOSPITAL:
        line.notes.append("Not paid to a therapist in independent practice for a hospital's patient (PC/TC 7).")
        line.cite(_indicator("7", "no payment to an independent therapist for a hospital's patient"))
    if row.status_indicator == _RESTRICTED:
        line.notes.append("Restricted coverage (status R): paid only where the conditions of its coverage are met.")


def _divide(line: Line, row: FeeScheduleRow, context: Context) -> None:
    """The technical and professional part of a diagnostic service (PC/TC 1); together they are the unrounded global."""
    if row.pc_tc_indicator != DIAGNOSTIC:
        return
    if row.modifier in PARTS:
        line.parts[row.modifier] = line.so_far
    elif not row.modifier:
        rows = {part: context.row(row.hcpcs, part) for part in PARTS}
        for part, of_part in rows.items():
            if of_part is None or of_part.status_indicator not in PAID_BY_RVU:
                line.parts.clear()
                return
            line.parts[part] = context.exact(of_part, line.rate) * line.times


def _row(line: Line, rows: tuple[FeeScheduleRow, ...]) -> FeeScheduleRow | None:
    """The row that the line's modifier names; the line is refused where the schedule has no such row."""
    by_modifier = {row.modifier: row for row in rows}
    borne = [modifier for modifier in _OWN_ROW if line.service.bears(modifier)]
    if PROFESSIONAL in borne and TECHNICAL in borne:
        line.refuse("modifier_conflict", "26 and TC on one line contradict each other: without both it is the global")
        return None
    for modifier in borne:
        if modifier in by_modifier:
            return by_modifier[modifier]
        if modifier != "53":
            line.refuse(
                "modifier_not_allowed",
                f"the fee schedule has no row for {line.service.hcpcs} with {modifier}",
            )
            return None
    return by_modifier.get("") or rows[0]
