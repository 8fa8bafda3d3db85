"""What the fee schedule pays for a procedure, and where: sites of service and national amounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.engine.code_page import words
from cleanclaim.engine.code_page.changes import fee_schedules
from cleanclaim.engine.code_page.localities import extremes, priced
from cleanclaim.engine.code_page.record import PageFact, Section, cited, known, not_applicable, row_fact
from cleanclaim.engine.code_page.subject import MEASURE, Procedure
from cleanclaim.index.cite import cite_fact
from cleanclaim.pricing.context import PAID_BY_RVU, Context, expense_of
from cleanclaim.pricing.model import NATIONAL, Locality, Rate, Terms, cents
from cleanclaim.types import format_money

_NATIONAL: Final = Locality("national", NATIONAL)
_SETTINGS: Final = ((Rate.FACILITY, "in a facility"), (Rate.NONFACILITY, "outside a facility"))
RARELY: Final = "Rarely or never done"
"""Said of an amount that the file only repeats from the other setting."""
_NO_PRICE: Final = {
    "C": "the Medicare contractor sets the price",
    "J": "anesthesia is paid by base and time units and a conversion factor of its own",
}


def sites_of_service(subject: Procedure) -> Section:
    """Where the service is rarely or never done, and what practice expense is paid where."""
    if subject.measure:
        return not_applicable("sites_of_service", MEASURE)
    if subject.paid_nowhere:
        return not_applicable("sites_of_service", "The fee schedule pays it nowhere, so no place makes a difference.")
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
    if row.status_indicator in PAID_BY_RVU and not facts and (inside or outside):
        if inside == outside:
            text = f"{code}: the practice expense is the same in and outside a facility ({inside})."
        else:
            text = f"{code}: the practice expense is {inside} in a facility and {outside} outside one."
        difference = outside - inside
        facts.append(row_fact(subject.fee, row, f"pe_difference{suffix}", difference, text))
    return facts


def payment(subject: Procedure) -> Section:
    """National amounts, before the local cost index: relative values times the conversion factor, and the cap."""
    if subject.measure:
        return not_applicable("payment", MEASURE)
    facts: list[PageFact] = []
    for row in subject.fee.facts:
        facts += _priced(subject, row) if _has_price(row) else [_unpriced(subject, row)]
    facts += _of_other_days(subject)
    return known("payment", facts, "No loaded fee schedule speaks of the code on this day.")


def _has_price(row: FeeScheduleRow) -> bool:
    return row.status_indicator in PAID_BY_RVU and bool(row.total_facility or row.total_nonfacility)


def _unpriced(subject: Procedure, row: FeeScheduleRow) -> PageFact:
    suffix, code = _row_name(subject, row)
    why = _NO_PRICE.get(row.status_indicator, words.STATUS[row.status_indicator])
    if row.status_indicator in PAID_BY_RVU:
        why = f"{why}; no relative values are published"
    text = f"{code} has no price in the physician fee schedule. Status {row.status_indicator}: {why}."
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
    context = Context(subject.day, _NATIONAL, Terms())
    factor, law = context.factor(row)
    key, text = f"conversion_factor{suffix}", f"Conversion factor {factor} dollars."
    own = row_fact(subject.fee, row, key, str(factor), text)
    facts.append(own if law is None else cited(key, str(factor), text, law))
    for rate, where in _SETTINGS:
        line = priced(row, rate, context)
        if line.amount is None:
            text = f"{code} {where}: No price: {line.reason.rstrip('.')}."
            facts.append(row_fact(subject.fee, row, f"national_amount_{rate}{suffix}", None, text))
            continue
        text = (
            f"{code} {where}: ${format_money(line.so_far)} national, before the local index. "
            f"({row.work_rvu} work + {expense_of(row, rate)} practice expense + {row.mp_rvu} malpractice) x {factor}."
        )
        text += "".join(f" {step.why}." for step in line.steps)
        if row.na_facility if rate is Rate.FACILITY else row.na_nonfacility:
            text += f" {RARELY} {where} (NA)."
        facts.append(row_fact(subject.fee, row, f"national_amount_{rate}{suffix}", line.so_far, text))
        if not row.modifier:
            facts += extremes(subject, row, rate, where)
    return facts


def _of_other_days(subject: Procedure) -> Iterator[PageFact]:
    """The national amounts by the other fee schedules that are loaded, before the cap on imaging."""
    for release, row in fee_schedules(subject):
        if release == subject.fee.release or not _has_price(row):
            continue
        amounts = {
            Rate.FACILITY: cents(row.total_facility * row.conversion_factor),
            Rate.NONFACILITY: cents(row.total_nonfacility * row.conversion_factor),
        }
        for rate, where in _SETTINGS:
            text = f"By {release.release}: ${format_money(amounts[rate])} national {where}."
            key = f"national_amount_{rate}_{release.release}"
            yield cited(key, amounts[rate], text, cite_fact(row, release))


def _row_name(subject: Procedure, row: FeeScheduleRow) -> tuple[str, str]:
    """The end of a fact's key, and the code in words, of a row with or without modifier."""
    return (f"_{row.modifier}", f"{subject.code}-{row.modifier}") if row.modifier else ("", subject.code)
