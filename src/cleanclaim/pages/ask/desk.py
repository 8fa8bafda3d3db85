"""What the answers are made of: the book on the day, the question's entities, and sentences from code pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleanclaim.engine.code_page import PageFact, Section
from cleanclaim.pages.ask.entities import Entities
from cleanclaim.pages.ask.manner import Manner
from cleanclaim.pages.on_day import OnDay
from cleanclaim.types import Citation, State


@dataclass(frozen=True)
class Reply:
    """An answer without its question: ``known`` is False where the book has no data."""

    answer: str
    text: str
    citations: tuple[Citation, ...] = ()
    known: bool = True


@dataclass
class Desk(OnDay):
    """Where one question is answered, from the book on the day asked for."""

    named: Entities
    manner: Manner

    @property
    def code(self) -> str:
        """The first procedure code."""
        return self.named.codes[0]

    def section(self, code: str, name: str) -> Section:
        """A section of the book's page of a code."""
        return self.page(code).section(name)

    def of_section(self, section: Section, answer: str, facts: Iterable[PageFact] | None = None) -> Reply:
        """A reply that says what a section's facts say, or why it has none."""
        if section.state is State.NO_DATA:
            return Reply("no data", section.why, known=False)
        chosen = list(section.facts if facts is None else facts)
        if not chosen:
            return Reply("not applicable", section.why)
        return Reply(answer, said(chosen), cited(chosen))


def together(answer: str, replies: Sequence[Reply]) -> Reply:
    """Several replies as one: their sentences in a row, each citation once; known where one of them is."""
    return Reply(
        answer,
        " ".join(reply.text for reply in replies),
        tuple(dict.fromkeys(entry for reply in replies for entry in reply.citations)),
        known=any(reply.known for reply in replies),
    )


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
