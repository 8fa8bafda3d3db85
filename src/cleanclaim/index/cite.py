"""Citations and template words: what a finding says of the rows it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from cleanclaim.book.facts import (
    AddOnEdit,
    AnesthesiaBaseUnits,
    AnesthesiaFactor,
    ArticleProcedure,
    DrugLimit,
    EquipmentFee,
    FeeScheduleRow,
    Gpci,
    HcpcsCode,
    Icd10cmCode,
    Icd10cmNote,
    ImagingGuidance,
    LaboratoryFee,
    LcdProcedure,
    MueLimit,
    PlaceOfService,
    PtpEdit,
    SelfAdministeredDrug,
    Taxonomy,
    TaxonomySpecialty,
    ZipLocality,
)
from cleanclaim.book.provenance import Release
from cleanclaim.index.lookup import Answer
from cleanclaim.types import Citation, Date, dotted

_CITED: Final[dict[tuple[int, int], tuple[Citation, Any, Release]]] = {}
_MOST_CITED: Final = 10_000
"""Facts of which the citation is remembered, some 10 MB."""
_AUTHORITIES: Final = {"M": "fee schedule", "T": "NCCI pair edits", "C": "convention of the trade"}
"""The marks of book/policies/imaging_guidance.yaml, besides those of the NCCI manual's items."""
_said: Final = attrgetter(*(of_citation.name for of_citation in fields(Citation)))


def cite_answer(answer: Answer[Any], key: str = "") -> Citation | None:
    """The citation of a lookup: the row it found, or the release that does not have it."""
    if answer.release is None:
        return None
    if not answer.facts:
        return Citation(
            answer.release.source, answer.release.release, key, text=f"{_file(answer.release)}: no row for {key}"
        )
    return cite_fact(answer.fact, answer.release)


def cite_fact(fact: Any, release: Release) -> Citation:
    """The citation of one fact: source, release, the row in its file, and when it binds."""
    # A file stands on the same few rows again and again. What a key is made of is kept, so that it stays theirs.
    key = (id(fact), id(release))
    kept = _CITED.get(key)
    if kept is None:
        if len(_CITED) >= _MOST_CITED:
            _CITED.clear()
        kept = _CITED[key] = (_cited(fact, release), fact, release)
    return kept[0]


def _cited(fact: Any, release: Release) -> Citation:
    locator, text = _describe(fact)
    valid_from: Date | None = getattr(fact, "valid_from", release.covers_from)
    valid_to: Date | None = getattr(fact, "valid_to", release.covers_to)
    file = getattr(fact, "file", "") or _file(release)
    where = f"{file}, row {fact.row:,}" if fact.row else file
    return Citation(release.source, release.release, locator, valid_from, valid_to, f"{where}: {text}")


def _file(release: Release) -> str:
    return release.files[0] if len(release.files) == 1 else f"{release.source} {release.release}"


def _describe(fact: Any) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912 - one return for each kind of fact
    match fact:
        case PtpEdit():
            return f"{fact.column_one}/{fact.column_two}", (
                f"Column One {fact.column_one}, Column Two {fact.column_two}, "
                f"modifier indicator {fact.modifier_indicator}, "
                f"effective {fact.valid_from or 'not stated'}, deletion {fact.valid_to or 'none'}"
            )
        case MueLimit():
            unit = "unit" if fact.mue_value == 1 else "units"
            return fact.hcpcs, f"{fact.hcpcs}: {fact.mue_value} {unit}, adjudication indicator {fact.mai}"
        case AddOnEdit():
            primary = fact.primary or "contractor-defined"
            return f"{fact.add_on}/{fact.primary or '*'}", (
                f"add-on {fact.add_on}, type {fact.edit_type}, primary {primary}"
            )
        case FeeScheduleRow():
            code = f"{fact.hcpcs}-{fact.modifier}" if fact.modifier else fact.hcpcs
            return code, (
                f"{code}: status {fact.status_indicator}, PC/TC {fact.pc_tc_indicator}, global {fact.global_days}"
            )
        case HcpcsCode():
            referred = f", referred to {' and '.join(fact.successors.split())}" if fact.successors else ""
            dates = f"added {fact.valid_from or '?'}, terminated {fact.valid_to or 'no'}"
            return fact.hcpcs, f"{fact.hcpcs}: {dates}{referred}"
        case Icd10cmCode():
            code = dotted(fact.icd10cm)
            return code, f"{code}: {'billable' if fact.billable else 'a heading, not billable'}"
        case Icd10cmNote():
            return dotted(fact.icd10cm), f"{dotted(fact.icd10cm)}: {_note(fact)}"
        case Taxonomy():
            return fact.taxonomy, f"{fact.taxonomy}: {fact.display_name or fact.classification}"
        case TaxonomySpecialty():
            return fact.taxonomy, f"{fact.taxonomy}: {fact.description or fact.specialty}"
        case PlaceOfService():
            return fact.pos, f"{fact.pos}: {'facility' if fact.facility else 'non-facility'}"
        case Gpci():
            of = f"{fact.mac}-{fact.locality}"
            return of, f"{of}: work {fact.work_gpci}, practice expense {fact.pe_gpci}, malpractice {fact.mp_gpci}"
        case ZipLocality():
            return fact.zip_code, f"{fact.zip_code}: carrier {fact.carrier}, locality {fact.locality}"
        case AnesthesiaFactor():
            of = f"{fact.mac}-{fact.locality}" if fact.mac else "national"
            return of, f"{of}: ${fact.factor.normalize():f} for an anesthesia unit"
        case AnesthesiaBaseUnits():
            return fact.hcpcs, f"{fact.hcpcs}: {fact.base_units} base units"
        case LaboratoryFee():
            code = f"{fact.hcpcs}-{fact.modifier}" if fact.modifier else fact.hcpcs
            return code, f"{code}: ${fact.rate}, indicator {fact.indicator}"
        case EquipmentFee():
            item = "-".join(part for part in (fact.hcpcs, fact.modifier, fact.second_modifier) if part)
            return f"{item} {fact.state}", f"{item}, {fact.state}: ${fact.fee}, rural ${fact.rural_fee}"
        case DrugLimit():
            return fact.hcpcs, f"{fact.hcpcs}: ${fact.payment_limit} for {fact.dosage}"
        case ArticleProcedure() | SelfAdministeredDrug():
            return f"A{fact.article_id}", f"article A{fact.article_id}, version {fact.version}: {fact.hcpcs}"
        case LcdProcedure():
            return f"L{fact.lcd_id}", f"LCD L{fact.lcd_id}, version {fact.version}: {fact.hcpcs}"
        case ImagingGuidance():
            return fact.hcpcs, f"{fact.hcpcs}: imaging {fact.state.replace('_', ' ')} ({_authority(fact.authority)})"
        case _:
            return str(getattr(fact, "code", "")), ""


def _authority(marks: str) -> str:
    """What the marks of imaging_guidance.yaml stand for: ``N VIII.C.21, T``."""
    return ", ".join(_AUTHORITIES.get(mark, mark.replace("N ", "NCCI manual ", 1)) for mark in marks.split(", "))


def _note(note: Icd10cmNote) -> str:
    """What a note of the tabular list says, in a few words."""
    to_last = f" to {dotted(note.last)}" if note.last != note.first else ""
    match note.kind:
        case "excludes1":
            return f"Excludes1 {dotted(note.first)}{to_last}"
        case "code_first":
            return f"Code first {dotted(note.first)}{to_last}"
        case "manifestation":
            return "in diseases classified elsewhere"
        case _:
            return note.first


def distinct(citations: Iterable[Citation | None]) -> tuple[Citation, ...]:
    """Citations in order, each once."""
    return tuple({_said(citation): citation for citation in citations if citation is not None}.values())
