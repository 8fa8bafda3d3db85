"""What the record should hold: by imaging, by kind of service, and for each modifier that needs it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from cleanclaim.book import policies
from cleanclaim.engine.code_page.modifiers import DOES_NOT_APPLY, ONLY_VISITS, modifiers
from cleanclaim.engine.code_page.record import PageFact, Section, cited, known, not_applicable
from cleanclaim.engine.code_page.subject import MEASURE, Procedure
from cleanclaim.rules.code_groups import is_unlisted
from cleanclaim.types import Setting

_NEVER_PAID: Final = {"B": "It is bundled: no record makes it payable.", "P": "It is part of another service."}
_REPORTED: Final = frozenset("ACRTE")


@cache
def _checklists() -> tuple[policies.Checklist, ...]:
    return policies.checklists()


def documentation(subject: Procedure) -> Section:
    """One fact for each thing of a checklist that fits the code; with a modifier's, the modifier leads the text."""
    if subject.measure:
        return not_applicable("documentation", MEASURE)
    if subject.status in _NEVER_PAID:
        return not_applicable("documentation", _NEVER_PAID[subject.status])
    topics = frozenset(_topics(subject))
    state = subject.imaging.fact.state if subject.imaging.known else ""
    facts: list[PageFact] = []
    for checklist in _checklists():
        if checklist.modifiers:
            continue
        if subject.code in checklist.codes or state in checklist.imaging or checklist.topic in topics:
            facts += [cited(key, item, f"{item}.", checklist.citation) for key, item in checklist.items]
    return known("documentation", [*facts, *_with_modifiers(subject)], "No checklist is written for this code.")


def _topics(subject: Procedure) -> Iterator[str]:
    """The kinds of record that the code turns on."""
    if subject.visit:
        yield "visit"
    if subject.add_on.known:
        yield "add-on"
    if is_unlisted(subject.code):
        yield "report"
    limit = subject.limits[Setting.PRACTITIONER]
    if limit.known and limit.fact.mue_value > 1 and subject.status in _REPORTED and not subject.visit:
        yield "units"
    if subject.status == "R" or subject.day.coverage("article-hcpcs", subject.code).known:
        yield "necessity"


def _with_modifiers(subject: Procedure) -> Iterator[PageFact]:
    """What a modifier that fits the code asks of the record besides."""
    fitting = {fact.key for fact in modifiers(subject).facts if fact.value != DOES_NOT_APPLY}
    for checklist in _checklists():
        names = sorted(checklist.modifiers & fitting)
        if names and subject.visit == bool(checklist.modifiers & ONLY_VISITS):
            for key, item in checklist.items:
                text = f"With {', '.join(names)}: {item[0].lower()}{item[1:]}."
                yield cited(f"{key}_with_{names[0]}", item, text, checklist.citation)
