"""Pages of what is no procedure: a diagnosis, a modifier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleanclaim.book import policies
from cleanclaim.book.facts import Icd10cmCode
from cleanclaim.engine.code_page.record import PageFact, Section, cited, known, row_fact, said_fact
from cleanclaim.engine.code_page.subject import Diagnosis, Modifier
from cleanclaim.index.lookup import Answer
from cleanclaim.rules.model import convention
from cleanclaim.types import State, dotted

_CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST: Final = 7
_NOT_A_SERVICE: Final = "The question arises for services only."


def diagnosis_sections(subject: Diagnosis) -> tuple[str, dict[str, Section]]:
    """The first line, and the sections that a diagnosis has."""
    answer = subject.keep(subject.day.icd10cm(subject.code))
    name = dotted(subject.code)
    if not answer.known:
        looked = ", ".join(f"{release.source} {release.release}" for release in answer.looked_in)
        where = f"{looked} does not have it" if looked else "no loaded release of ICD-10-CM speaks of that day"
        return f"{name}: unknown as a diagnosis for services on {subject.day.day}; {where}.", {}
    fact = answer.fact
    billable = "It may be billed." if fact.billable else "A heading: it may not be billed, more characters are needed."
    titled = subject.keep(subject.day.icd10cm_title(subject.code))
    title = titled.fact.description
    description = [row_fact(titled, titled.fact, "description", title, f"{title}.")]
    made = {
        "definition": known("definition", description if title else [], "No loaded release has descriptions."),
        "status": known("status", [row_fact(answer, fact, "billable", fact.billable, billable)], ""),
        "related_diagnoses": known(
            "related_diagnoses", list(_related(subject, answer)), "No code is directly above or below it."
        ),
        "imaging_guidance": _no_imaging(row_fact(answer, fact, "imaging_guidance", "not_applicable", _NOT_A_SERVICE)),
    }
    return f"{name}: ICD-10-CM, for services on {subject.day.day}.", made


def _related(subject: Diagnosis, answer: Answer[Icd10cmCode]) -> Iterator[PageFact]:
    """The heading above, and the codes one character below."""
    above = subject.day.icd10cm(subject.code[:-1])
    if above.known:
        yield _relative(subject, above, "broader")
    if answer.fact.billable:
        return
    below = [subject.day.icd10cm(subject.code + character) for character in _CHARACTERS]
    if not any(entry.known for entry in below) and len(subject.code) < _LONGEST - 1:
        # A seventh character stands behind the placeholder X.
        below = [subject.day.icd10cm(subject.code.ljust(_LONGEST - 1, "X") + character) for character in _CHARACTERS]
    for entry in below:
        if entry.known:
            yield _relative(subject, entry, "narrower")


def _relative(subject: Diagnosis, answer: Answer[Icd10cmCode], key: str) -> PageFact:
    fact = answer.fact
    title = subject.day.icd10cm_title(fact.icd10cm).fact.description
    billable = "may be billed" if fact.billable else "a heading"
    text = f"{dotted(fact.icd10cm)} {title}".rstrip() + f" ({billable})."
    return row_fact(answer, fact, key, dotted(fact.icd10cm), text)


def modifier_sections(subject: Modifier) -> tuple[str, dict[str, Section]]:
    """The first line, and the sections that a modifier has."""
    code = subject.code
    answer = subject.keep(subject.day.hcpcs(code))
    said, use = policies.modifier_meaning(code), policies.modifier_use(code)
    facts = [said_fact("meaning", said)] if said is not None else []
    if answer.known and answer.fact.description:
        text = answer.fact.description
        facts.append(row_fact(answer, answer.fact, "description", text, f"CMS's text: {text.rstrip('.')}."))
    if not facts:
        return f"{code}: no loaded list has this modifier in force on {subject.day.day}.", {}
    custom = convention("a modifier is no service")
    made = {
        "definition": known("definition", facts, ""),
        "payment_policy": known(
            "payment_policy",
            [said_fact("use", use)] if use is not None else [],
            "We have no words on how it is paid.",
        ),
        "imaging_guidance": _no_imaging(cited("imaging_guidance", "not_applicable", _NOT_A_SERVICE, custom)),
    }
    listed = []
    if answer.known:
        since = answer.fact.valid_from
        text = "In the HCPCS Level II file" + (f" since {since}." if since is not None else ".")
        listed.append(row_fact(answer, answer.fact, "in_force", value=True, text=text))
    made["status"] = known("status", listed, "No loaded list gives the days of CPT modifiers.")
    return f"{code}: modifier, for services on {subject.day.day}.", made


def _no_imaging(fact: PageFact) -> Section:
    return Section("imaging_guidance", State.NOT_APPLICABLE, (fact,), _NOT_A_SERVICE)
