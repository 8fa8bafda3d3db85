"""What the fee schedule pays for a procedure, and where: sites of service and national amounts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.engine.code_page import words
from cleanclaim.engine.code_page.record import PageFact, Section, known, not_applicable, row_fact
from cleanclaim.engine.code_page.subject import MEASURE, Procedure
from cleanclaim.types import CENT, format_money

_PAID_BY_RVU: Final = frozenset("ART")
_NO_PRICE: Final = {
    "C": "the Medicare contractor sets the price",
    "J": "anesthesia is paid by base and time units and a conversion factor of its own",
}


def sites_of_service(subject: Procedure) -> Section:
    """Where the service is rarely or never done, and what practice expense is paid where."""
    if subject.measure:
        return not_applicable("sites_of_service", MEASURE)
    facts: list[PageFact] = []
    for row in subject.fee.facts:
        facts += _sites(subject, row)
    return known("sites_of_service", facts, "The fee schedule says nothing of where the service is done.")


def _sites(subject: Procedure, row: FeeScheduleRow) -> list[PageFact]:
    suffix, code = _row_name(subject, row)
    facts = []
    for setting, rarely, where in (
        ("facility", row.na_facility, "in a facility"),
        ("nonfacility", row.na_nonfacility, "outside a facility"),
    ):
        if rarely:
            text = f"{code} is rarely or never done {where} (NA); the file repeats the figure of the other setting."
            facts.append(row_fact(subject.fee, row, f"{setting}{suffix}", "rarely_or_never", text))
    inside, outside = row.pe_rvu_facility, row.pe_rvu_nonfacility
    if row.status_indicator in _PAID_BY_RVU and not facts and (inside or outside):
        if inside == outside:
            text = f"{code}: the practice expense is the same in and outside a facility ({inside})."
        else:
            text = f"{code}: the practice expense is {inside} in a facility and {outside} outside one."
        difference = outside - inside
        facts.append(row_fact(subject.fee, row, f"pe_difference{suffix}", difference, text))
    return facts


def payment(subject: Procedure) -> Section:
    """National amounts, before the local cost index: relative values times the conversion factor."""
    if subject.measure:
        return not_applicable("payment", MEASURE)
    facts: list[PageFact] = []
    for row in subject.fee.facts:
        facts += _priced(subject, row) if _has_price(row) else [_unpriced(subject, row)]
    return known("payment", facts, "No loaded fee schedule speaks of the code on this day.")


def _has_price(row: FeeScheduleRow) -> bool:
    return row.status_indicator in _PAID_BY_RVU and bool(row.total_facility or row.total_nonfacility)


def _unpriced(subject: Procedure, row: FeeScheduleRow) -> PageFact:
    suffix, code = _row_name(subject, row)
    why = _NO_PRICE.get(row.status_indicator, words.STATUS[row.status_indicator])
    if row.status_indicator in _PAID_BY_RVU:
        why = f"{why}; no relative values are published"
    text = f"{code} has no national price. Status {row.status_indicator}: {why}."
    return row_fact(subject.fee, row, f"national_amount{suffix}", None, text)


def _priced(subject: Procedure, row: FeeScheduleRow) -> list[PageFact]:
    suffix, code = _row_name(subject, row)
    figures = (
        ("work_rvu", row.work_rvu, "work"),
        ("pe_rvu_facility", row.pe_rvu_facility, "practice expense in a facility"),
        ("pe_rvu_nonfacility", row.pe_rvu_nonfacility, "practice expense outside a facility"),
        ("mp_rvu", row.mp_rvu, "malpractice"),
    )
    facts = [
        row_fact(subject.fee, row, f"{key}{suffix}", value, f"{code}: {value} relative value units for {what}.")
        for key, value, what in figures
    ]
    factor = row.conversion_factor
    text = f"Conversion factor {factor} dollars."
    facts.append(row_fact(subject.fee, row, f"conversion_factor{suffix}", str(factor), text))
    for setting, expense, rarely, where in (
        ("facility", row.pe_rvu_facility, row.na_facility, "in a facility"),
        ("nonfacility", row.pe_rvu_nonfacility, row.na_nonfacility, "outside a facility"),
    ):
        amount = national_amount(row.work_rvu, expense, row.mp_rvu, factor)
        text = (
            f"{code} {where}: ${format_money(amount)} national, before the local index. "
            f"({row.work_rvu} work + {expense} practice expense + {row.mp_rvu} malpractice) x {factor}."
        )
        if rarely:
            text += f" Rarely or never done {where} (NA)."
        facts.append(row_fact(subject.fee, row, f"national_amount_{setting}{suffix}", amount, text))
    return facts


def national_amount(work: Decimal, practice_expense: Decimal, malpractice: Decimal, factor: Decimal) -> Decimal:
    """Dollars to the cent, with every geographic index 1: the formula of the relative value file's record layout."""
    return ((work + practice_expense + malpractice) * factor).quantize(CENT, ROUND_HALF_UP)


def _row_name(subject: Procedure, row: FeeScheduleRow) -> tuple[str, str]:
    """The end of a fact's key, and the code in words, of a row with or without modifier."""
    return (f"_{row.modifier}", f"{subject.code}-{row.modifier}") if row.modifier else ("", subject.code)
