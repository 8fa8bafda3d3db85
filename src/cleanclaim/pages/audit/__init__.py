"""A published page held against the book, statement by statement.

The page is cut into rows of tables and sentences; each is heard by the judges of its kind. A judge that does not
recognise a statement says nothing: opinions and generic sentences are left alone. What it recognises is supported or
contradicted by a fact with its citation, or unverifiable where the book does not say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pages.audit import doses, imaging, meanings, modifiers, names, pairs, patients, payment
from cleanclaim.pages.audit.blocks import Row, Sentence, Text, blocks
from cleanclaim.pages.audit.codes import procedures, subjects
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.labels import Topic, topic_of
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind, PageAudit
from cleanclaim.pages.audit.spoken import Spoken
from cleanclaim.pages.audit.values import judge_value
from cleanclaim.pages.typography import TYPEWRITTEN
from cleanclaim.types import Date

__all__ = ["Assertion", "Judgement", "Kind", "PageAudit", "audit_text"]

_OF_SENTENCES: Final[tuple[Callable[[Spoken, Facts], Iterator[Assertion]], ...]] = (
    imaging.judge,
    pairs.judge,
    modifiers.judge,
    names.judge,
    meanings.judge,
    payment.judge,
    doses.judge,
    patients.judge,
)
_ASIDE: Final = re.compile(
    r"\b(?:before|until|prior\s+to|through|back\s+in)\s+(?:the\s+end\s+of\s+|january\s+\d{1,2},?\s+|\w+\s+)?(?:19|20)\d\d\b"
    r"|\b(?:formerly|historically|used\s+to\s+be|in\s+the\s+(?:old\s+days|past)|was\s+(?:deleted|retired|replaced))\b"
    r"|\b(?:nhs|canada|canadian|ontario|australia\w*|germany|ireland|united\s+kingdom|icd-9)\b"
    r"|\b\d{1,3}[\s-]year[\s-]old\b|\b(?:mr|mrs|ms)\.\s+[A-Z]",
    re.IGNORECASE,
)
"""History, other countries and patients' stories: nothing that the book of the day could settle."""
_WORST_FIRST: Final = (Judgement.CONTRADICTED, Judgement.SUPPORTED, Judgement.UNVERIFIABLE)


def audit_text(book: OpenBook, text: str, date: Date, *, page: str = "") -> PageAudit:
    """Hold the text of a page against the book, as it stands for services on ``date``. ``page`` is its name."""
    about = subjects(text)
    facts = Facts(book, date, tuple(code for code in about if book.index.is_code(code, None)) or about)
    made: list[Assertion] = []
    for block in blocks(text.translate(TYPEWRITTEN)):
        made += _of_row(block, facts) if isinstance(block, Row) else _of_sentence(block, facts)
    quoted = (replace(entry, quote=text[entry.start : entry.end]) for entry in _each_once(made))
    return PageAudit(page, date, text, about, tuple(quoted))


def _of_row(row: Row, facts: Facts) -> Iterator[Assertion]:
    first = row.cells[0]
    if modifiers.is_table(row, facts):
        yield from modifiers.of_row(row, facts)
    elif names.is_taxonomy_table(row):
        yield from names.taxonomy_row(row, facts)
    elif names.is_diagnosis_table(row):
        yield from names.diagnosis_row(row, facts)
    elif meanings.is_table(row):
        yield from _of_code(row, first.text.upper(), facts)
    elif (topic := topic_of(first.text)) is not None:
        yield from _of_label(row, topic, facts)
    else:
        for cell in row.cells:
            yield from _of_sentence(Sentence(cell, heading=row.heading), facts)


def _of_code(row: Row, code: str, facts: Facts) -> Iterator[Assertion]:
    """A row about a procedure code: each cell says what its column names, or speaks of the code."""
    rest: list[int] = []
    for at, cell in enumerate(row.cells[1:], start=1):
        topic = topic_of(row.under(at))
        if topic is None or topic in {Topic.MEANING, Topic.BILLABLE}:
            rest.append(at)
            continue
        judged = _of_value(topic, cell, code, facts)
        if judged is not None:
            yield judged
    yield from meanings.of_row(row, rest, facts)
    for at in rest:
        cell = row.cells[at]
        yield from pairs.of_row(cell, code, facts)
        spoken = Spoken(cell, of_row=(code,))
        yield from modifiers.of_cell(cell, row.under(at), code, facts)
        yield from imaging.judge(spoken, facts)
        yield from payment.judge(spoken, facts)


def _of_label(row: Row, topic: Topic, facts: Facts) -> Iterator[Assertion]:
    """A row that begins with a label: each cell beside it is of the code that its column names, or of the page's."""
    for at, cell in enumerate(row.cells[1:], start=1):
        of_column = [
            found.code for found in procedures(Text(row.under(at).upper(), 0)) if facts.is_procedure(found.code)
        ]
        codes = of_column[:1] or list(Spoken(cell, heading=row.heading).about(facts)[:1])
        if at > 1 and not of_column:
            yield from _of_sentence(Sentence(cell, heading=row.heading), facts)
            continue
        for code in codes:
            if topic is Topic.MEANING and of_column:
                made = meanings.named(cell, code, facts)
            else:
                made = _of_value(topic, cell, code, facts)
            if made is not None:
                yield made
            else:
                spoken = Spoken(cell, of_row=(code,))
                for judge in _OF_SENTENCES:
                    yield from judge(spoken, facts)


def _of_value(topic: Topic, cell: Text, code: str, facts: Facts) -> Assertion | None:
    """The value that a cell gives for what its label or column names."""
    return imaging.judge_value(cell, code, facts) if topic is Topic.IMAGING else judge_value(topic, cell, code, facts)


def _of_sentence(sentence: Sentence, facts: Facts) -> Iterator[Assertion]:
    if _ASIDE.search(sentence.text.text):
        return
    spoken = Spoken.of(sentence)
    for judge in _OF_SENTENCES:
        yield from judge(spoken, facts)


def _each_once(made: Iterable[Assertion]) -> list[Assertion]:
    """Each statement once, in the order of the page: of one kind, place and code the worst word counts."""
    best: dict[tuple[int, int, Kind, tuple[str, ...]], Assertion] = {}
    for assertion in sorted(made, key=lambda entry: _WORST_FIRST.index(entry.verdict)):
        best.setdefault((assertion.start, assertion.end, assertion.kind, assertion.codes), assertion)
    return sorted(best.values(), key=lambda entry: (entry.start, entry.end, entry.kind, entry.codes))
