"""Denials that follow from the kind of service: visits, procedures, imaging, anesthesia, therapy, drugs, measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from cleanclaim.engine.code_page.clinical import MANIPULATION
from cleanclaim.engine.code_page.reason import Reason, by_row
from cleanclaim.engine.code_page.subject import Procedure
from cleanclaim.rules.code_groups import GUIDANCE_OF_ENCOUNTER
from cleanclaim.rules.facts import CodeKind
from cleanclaim.rules.visits import is_new_patient_visit, is_visit
from cleanclaim.types import DateInterval, Setting

_GUIDANCE: Final = ("74360", "76000", "76942", "77001", "77002", "77003", "77012", "77021")
"""The imaging that is most often billed beside a procedure."""
_SURGICAL_DAYS: Final = frozenset({"000", "010", "090"})
_DAILY_PAIN_MANAGEMENT: Final = "01996"


def of_kind(subject: Procedure) -> Iterator[Reason]:
    """What the kind of service gives reason for."""
    if subject.measure:
        yield from _measure(subject)
        return
    for tell in _TOLD:
        yield from tell(subject)


def _measure(subject: Procedure) -> Iterator[Reason]:
    yield Reason("QLT001", "Charged to Medicare at more than a cent", "bill it at 0.00, or 0.01 where zero is refused")
    if subject.kind is CodeKind.CATEGORY_II:
        yield Reason("QLT004", "Billed with another modifier than 1P, 2P, 3P or 8P", "put it on the service it is for")
        yield Reason("QLT006", "Billed with two of 1P, 2P, 3P and 8P", "keep the one reason that the record gives")


def _visit(subject: Procedure) -> Iterator[Reason]:
    if is_visit(subject.code) and subject.payable:
        yield Reason(
            "GLO006",
            "Billed on the day of a procedure with 0 or 10 global days by the same provider, without 25",
            "add 25 only where the record shows a visit beyond the one that leads to the procedure",
        )
        yield Reason(
            "GLO004",
            "Billed on the day of a procedure with 90 global days by the same provider, without 57",
            "add 57 only where the operation was decided at this visit",
        )
        yield Reason(
            "GLO001",
            "Billed within the 10 or 90 global days after a procedure by the same provider, without 24",
            "add 24 only for a visit unrelated to the procedure, and point at its own diagnosis",
        )
    if is_new_patient_visit(subject.code):
        yield Reason(
            "GLO010",
            "Billed for a patient whom the same group and specialty met within three years",
            "bill the visit of an established patient",
        )


def _procedure(subject: Procedure) -> Iterator[Reason]:
    row = subject.row
    if row is None or subject.visit or not subject.payable:
        return
    if row.global_days in _SURGICAL_DAYS:
        yield Reason(
            "GLO007",
            "Done within the 10 or 90 global days of another procedure by the same provider, and no modifier says how "
            "it stands to that",
            "add 58 (planned or more extensive), 78 (return to the operating room) or 79 (unrelated)",
        )


def _imaging(subject: Procedure) -> Iterator[Reason]:
    imaging = subject.imaging
    if subject.code in GUIDANCE_OF_ENCOUNTER:
        yield Reason(
            "IMG006",
            "Billed for each needle, level or lesion",
            "bill one unit for each encounter; a second encounter of the day is a line of its own with XE",
        )
    if not imaging.known:
        return
    others = _imaging_pairs(subject)
    named = f" ({', '.join(others)})" if others else ""
    if imaging.fact.state == "included" and others:
        fault = f"Imaging guidance billed beside it{named}: the imaging is denied, since it is included"
        yield by_row(imaging, imaging.fact, "IMG001", fault, "bill no guidance for the same procedure")
    elif imaging.fact.state == "without" and imaging.fact.partner and others:
        partner = imaging.fact.partner
        fault = f"Imaging guidance billed beside it{named}: the imaging is denied"
        avoid = f"where imaging guided it, bill {partner} in its place, which includes the guidance"
        yield by_row(imaging, imaging.fact, "IMG002", fault, avoid)


def _imaging_pairs(subject: Procedure) -> list[str]:
    """The guidance codes that a pair edit denies beside the code."""
    pairs = subject.pairs[Setting.PRACTITIONER]
    return [code for code in _GUIDANCE if code in pairs.column_one]


def _anesthesia(subject: Procedure) -> Iterator[Reason]:
    if not subject.anesthesia:
        return
    if subject.code != _DAILY_PAIN_MANAGEMENT:
        yield Reason(
            "MOD030",
            "Billed without AA, QK, QX, QY, QZ or AD, which say who gave or directed the anesthesia",
            "add the one that the anesthesia record shows",
        )
    yield Reason(
        "PRV005",
        "Billed by a provider whose taxonomy is of a specialty that gives no anesthesia",
        "check the rendering provider of the line, and the taxonomy",
    )


def _therapy(subject: Procedure) -> Iterator[Reason]:
    if subject.therapy and subject.payable:
        fault = "Billed to Medicare without GN, GO or GP, though it is always therapy (multiple procedures 5)"
        yield by_row(subject.fee, subject.row, "MOD039", fault, "add the one of the plan of care")
    if subject.code in MANIPULATION:
        yield Reason(
            "MOD047",
            "Billed to Medicare without AT, which is taken as maintenance",
            "add AT where the record shows active treatment; otherwise have an ABN signed and add GA",
        )


def _drug(subject: Procedure) -> Iterator[Reason]:
    if not subject.drug:
        return
    listed = subject.day.coverage("self-administered", subject.code)
    day = subject.day.day
    bound = next((drug for drug in listed.facts if DateInterval(drug.valid_from, drug.valid_to).contains(day)), None)
    if bound is not None:
        fault = "Billed to a Medicare contractor whose list of drugs that patients give to themselves has it"
        avoid = "look at the contractor's list; where it has the drug, bill the Part D plan or the patient"
        yield by_row(listed, bound, "COV007", fault, avoid)
    yield Reason(
        "MOD042",
        "Billed with both JW and JZ on one line",
        "JZ where nothing of a single-dose vial was thrown away, else the waste on a line of its own with JW",
    )


def _coverage(subject: Procedure) -> Iterator[Reason]:
    articles = subject.day.coverage("article-hcpcs", subject.code)
    if articles.known:
        fault = "Billed to Medicare for a diagnosis that the contractor's coverage article does not list for it"
        avoid = "point at a diagnosis of the article that the record documents; else have an ABN signed before (GA)"
        yield by_row(articles, articles.fact, "COV001", fault, avoid)


_TOLD: Final[tuple[Callable[[Procedure], Iterator[Reason]], ...]] = (
    _imaging,
    _visit,
    _procedure,
    _anesthesia,
    _therapy,
    _drug,
    _coverage,
)
