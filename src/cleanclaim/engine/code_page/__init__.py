"""Everything the book says of one code on a day: a procedure, a diagnosis or a modifier.

Every statement is taken from a row of a loaded table, or is a sentence of ours, and cites where it can be read.
What the book does not say is said too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cleanclaim.engine.code_page import clinical, fees, sections
from cleanclaim.engine.code_page.changes import changes
from cleanclaim.engine.code_page.denials import denials
from cleanclaim.engine.code_page.documentation import documentation
from cleanclaim.engine.code_page.modifiers import modifiers
from cleanclaim.engine.code_page.other import diagnosis_sections, modifier_sections
from cleanclaim.engine.code_page.pairs import not_reported_with
from cleanclaim.engine.code_page.payers import payers
from cleanclaim.engine.code_page.record import SECTIONS, CodePage, PageFact, Section, not_applicable
from cleanclaim.engine.code_page.related import related_codes
from cleanclaim.engine.code_page.subject import MEASURE, Diagnosis, Modifier, Procedure, Subject, find_subject
from cleanclaim.errors import InternalError
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.facts import CodeKind
from cleanclaim.types import Date, State, dotted

__all__ = ["SECTIONS", "CodePage", "PageFact", "Section", "code_page"]

_PROCEDURE: Final[dict[str, Callable[[Procedure], Section]]] = {
    "definition": sections.definition,
    "status": sections.status,
    "payment_policy": sections.payment_policy,
    "imaging_guidance": sections.imaging_guidance,
    "modifiers": modifiers,
    "not_reported_with": not_reported_with,
    "add_on": sections.add_on,
    "units": sections.units,
    "sites_of_service": fees.sites_of_service,
    "related_codes": related_codes,
    "documentation": documentation,
    "denials": denials,
    "specialties": clinical.specialties,
    "related_diagnoses": clinical.related_diagnoses,
    "payers": payers,
    "payment": fees.payment,
    "changes": changes,
}
_NOT_IN_THE_BOOK: Final = {
    "benchmarks": "The book has no price-transparency data.",
}
_KINDS: Final = {
    CodeKind.CATEGORY_I: "CPT Category I",
    CodeKind.CATEGORY_II: "CPT Category II",
    CodeKind.CATEGORY_III: "CPT Category III",
    CodeKind.LABORATORY: "CPT laboratory code",
    CodeKind.LEVEL_II: "HCPCS Level II",
}
_OF_ANY_CODE: Final = {
    "payers": "The payer policies at hand are about procedures.",
    "changes": "Releases are compared for procedures only.",
}
_FOR_SERVICES: Final = "The question arises for services only."


def code_page(
    book: OpenBook, code: str, date: Date, *, known_on: Date | None = None, licensed: bool = False
) -> CodePage:
    """The page of ``code``, as the book stood for services on ``date`` (and was known on ``known_on``).

    ``licensed`` also tells the short descriptor of a CPT code that the user's own fee schedule file has: the AMA's, for
    who holds its licence, and not to be published. A code that no loaded list has gets a page without data that says
    so. Raises InputError for text that can be no code at all.
    """
    subject = find_subject(book, code, date, known_on, licensed=licensed)
    match subject:
        case Procedure():
            name, system, category = subject.code, subject.system, subject.category
            headline, made = _procedure(subject)
        case Diagnosis():
            name, system, category = dotted(subject.code), "ICD-10-CM", ""
            headline, made = diagnosis_sections(subject)
            made = _filled(made, headline)
        case Modifier():
            name, system = subject.code, "modifier"
            category = "CPT" if name[0].isdigit() else "HCPCS"
            headline, made = modifier_sections(subject)
            made = _filled(made, headline)
        case _:
            raise InternalError(f"No page is written for a {type(subject).__name__}.")
    made["gaps"] = _gaps(subject, {name: made[name] for name in SECTIONS if name in made})
    return CodePage(
        name,
        system,
        category,
        date,
        headline,
        tuple(made[section] for section in SECTIONS),
        subject.stale(),
        subject.starter(),
    )


def _procedure(subject: Procedure) -> tuple[str, dict[str, Section]]:
    headline = _headline(subject)
    if not subject.listed and subject.kind is not CodeKind.CATEGORY_II:
        return headline, _filled({}, headline)
    made = {name: build(subject) for name, build in _PROCEDURE.items()}
    made |= {name: Section(name, State.NO_DATA, why=why) for name, why in _NOT_IN_THE_BOOK.items()}
    if subject.measure:
        made["benchmarks"] = not_applicable("benchmarks", MEASURE)
    return headline, made


def _headline(subject: Procedure) -> str:
    code, date = subject.code, subject.day.day
    if not subject.listed:
        return f"{code}: {subject.absence()}"
    said = f"{code}: {_KINDS[subject.kind]}{', a measure' if subject.measure else ''}, for services on {date}."
    state = {fact.key: fact for fact in sections.status(subject).facts}
    unlisted = [
        state[key].text for key in ("fee_schedule", "in_force") if key in state and state[key].value is not True
    ]
    return " ".join([said, *unlisted])


def _filled(made: Mapping[str, Section], headline: str) -> dict[str, Section]:
    """Every section of a page that is no procedure's; with none made, nothing is known of the code."""
    if not made:
        unknown = {name: Section(name, State.NO_DATA, why=headline) for name in SECTIONS}
        return unknown | {"imaging_guidance": sections.no_imaging_data(headline)}
    filled = {name: not_applicable(name, _FOR_SERVICES) for name in SECTIONS}
    filled |= {name: Section(name, State.NO_DATA, why=why) for name, why in _OF_ANY_CODE.items()}
    return filled | dict(made)


def _gaps(subject: Subject, made: Mapping[str, Section]) -> Section:
    """What the book does not say, or says by a release that was not issued for the day."""
    facts = [
        PageFact(name, "no_data", section.why)
        for name, section in made.items()
        if section.state is State.NO_DATA and name != "gaps"
    ]
    facts += [PageFact(source, "no_data", text) for source, text in subject.missing()]
    for use in subject.stale():
        until = f"to {use.covers_to}" if use.covers_to is not None else "of other days"
        facts.append(PageFact(use.source, "stale", f"{use.source} {use.release} covers services {until}."))
    return Section("gaps", State.KNOWN, tuple(facts))
