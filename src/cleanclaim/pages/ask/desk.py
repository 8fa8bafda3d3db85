"""What the answers are made of: the book on the day, the question's entities, and sentences from code pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cleanclaim.engine.code_page import CodePage, PageFact, Section, code_page
from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.pages.ask.entities import Entities
from cleanclaim.pages.ask.manner import Manner
from cleanclaim.types import Citation, Date, State


@dataclass(frozen=True)
class Reply:
    """An answer without its question: ``known`` is False where the book has no data."""

    answer: str
    text: str
    citations: tuple[Citation, ...] = ()
    known: bool = True


@dataclass
class Desk:
    """Where one question is answered."""

    book: OpenBook
    date: Date
    named: Entities
    manner: Manner

    @cached_property
    def day(self) -> DayBook:
        """The book on the day asked for."""
        return self.book.as_of(self.date)

    @property
    def code(self) -> str:
        """The first procedure code."""
        return self.named.codes[0]

    def page(self, code: str) -> CodePage:
        """The book's page of a code."""
        return code_page(self.book, code, self.date)

    def section(self, code: str, name: str) -> Section:
        """A section of it."""
        return self.page(code).section(name)

    def of_section(self, section: Section, answer: str, facts: Iterable[PageFact] | None = None) -> Reply:
        """A reply that says what a section's facts say, or why it has none."""
        if section.state is State.NO_DATA:
            return Reply("no data", section.why, known=False)
        chosen = list(section.facts if facts is None else facts)
        if not chosen:
            return Reply("not applicable", section.why)
        return Reply(answer, said(chosen), cited(chosen))


def said(facts: Iterable[PageFact]) -> str:
    """Facts as sentences, each with its caveat."""
    sentences = []
    for fact in facts:
        sentences.append(fact.text if fact.text.endswith((".", "!", "?")) else f"{fact.text}.")
        if fact.caveat and fact.caveat not in sentences:
            sentences.append(fact.caveat)
    return " ".join(dict.fromkeys(sentences))


def cited(facts: Iterable[PageFact]) -> tuple[Citation, ...]:
    """The citations of facts, each once."""
    return tuple(dict.fromkeys(fact.citation for fact in facts if fact.citation is not None))


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names in a row, and how many more there are."""
    every = list(names)
    shown = ", ".join(every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most} more"
