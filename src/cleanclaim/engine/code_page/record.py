"""What a page about a code is made of: facts, each with its citation, in sections, each known or not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from cleanclaim.book.policies import Said
from cleanclaim.book.provenance import Release
from cleanclaim.index.cite import cite_answer, cite_fact
from cleanclaim.index.lookup import Answer
from cleanclaim.types import Citation, Date, StaleUse, State

SECTIONS: Final = (
    "definition",
    "status",
    "payment_policy",
    "imaging_guidance",
    "modifiers",
    "not_reported_with",
    "add_on",
    "units",
    "sites_of_service",
    "specialties",
    "related_diagnoses",
    "related_codes",
    "documentation",
    "denials",
    "payers",
    "benchmarks",
    "payment",
    "changes",
    "gaps",
)
"""Section ids, always all present, in this order."""

Value = str | int | bool | Decimal | None


@dataclass(frozen=True, slots=True)
class PageFact:
    """One statement. ``caveat`` says that its release does not cover the date; "" where it does.

    Without a citation it is a gap: something that the book does not say.
    """

    key: str
    value: Value
    text: str
    citation: Citation | None = None
    valid_from: Date | None = None
    valid_to: Date | None = None
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page. ``why`` is the reason where the state is not *known*."""

    id: str
    state: State
    facts: tuple[PageFact, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class CodePage:
    """Everything the book says of one code for services on one day.

    ``system`` is CPT, HCPCS, ICD-10-CM or modifier; ``category`` I, II or III for CPT, PLA or MAAA for its
    laboratory codes, CPT or HCPCS for a modifier, else "". ``starter`` is True where an answer comes from the facts
    embedded in the package, which do not cover every code.
    """

    code: str
    system: str
    category: str
    date: Date
    headline: str
    sections: tuple[Section, ...]
    stale: tuple[StaleUse, ...] = ()
    starter: bool = False

    def section(self, name: str) -> Section:
        """The section with an id of :data:`SECTIONS`."""
        return self.sections[SECTIONS.index(name)]


def known(name: str, facts: list[PageFact], why: str) -> Section:
    """A section with facts, or without data and ``why``."""
    return Section(name, State.KNOWN, tuple(facts)) if facts else Section(name, State.NO_DATA, why=why)


def not_applicable(name: str, why: str) -> Section:
    """A section whose question does not arise for the code."""
    return Section(name, State.NOT_APPLICABLE, why=why)


def row_fact(answer: Answer[Any], row: Any, key: str, value: Value, text: str) -> PageFact:
    """A statement that one row of a table makes."""
    if answer.release is None:
        return PageFact(key, value, text)
    return cited(key, value, text, cite_fact(row, answer.release), caveat(answer.release, stale=answer.stale))


def absence_fact(answer: Answer[Any], code: str, key: str, value: Value, text: str) -> PageFact:
    """A statement that a release makes by having no row for a code."""
    stale = "" if answer.release is None else caveat(answer.release, stale=answer.stale)
    return cited(key, value, text, cite_answer(answer, code), stale)


def said_fact(key: str, said: Said) -> PageFact:
    """A sentence of our own."""
    return cited(key, said.text, f"{said.text.rstrip('.')}.", said.citation)


def cited(key: str, value: Value, text: str, citation: Citation | None, stale: str = "") -> PageFact:
    """A statement that binds as long as what it cites."""
    valid_from = citation.valid_from if citation is not None else None
    valid_to = citation.valid_to if citation is not None else None
    return PageFact(key, value, text, citation, valid_from, valid_to, stale)


def caveat(release: Release, *, stale: bool) -> str:
    """What to say of a release that was not issued for the day; "" of one that was."""
    if not stale:
        return ""
    until = f" to {release.covers_to}" if release.covers_to is not None else ""
    return f"As of {release.release}, which covers services from {release.covers_from or 'the first'}{until} only."
