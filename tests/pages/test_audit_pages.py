"""Pages of our own, written and labelled before the audit was run on them (``audit_pages``): all kinds, mostly true.

Beside each page a csv with its statements: ``at`` (offset in the file), ``anchor`` (the exact text), kind, verdict
(true, false, or none for what is no checkable statement), why, and the table it was looked up in.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pages.audit import Assertion, Judgement, PageAudit, audit_text
from cleanclaim.pages.reading import page_text

DAY = dt.date(2026, 7, 1)
FOLDER = Path(__file__).with_name("audit_pages")
PAGES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".csv")
LEAST_RECALL = 0.85


@dataclass(frozen=True)
class Label:
    """A labelled statement, and where it stands in the text as it is read."""

    start: int
    end: int
    verdict: str
    anchor: str

    def meets(self, entry: Assertion) -> bool:
        return entry.start < self.end and self.start < entry.end


def audited(book: OpenBook, page: Path) -> PageAudit:
    return audit_text(book, page_text(page.read_bytes(), page.name), DAY, page=page.name)


def labels(page: Path, text: str) -> Iterator[Label]:
    at = 0
    with page.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            anchor = (
                row["anchor"] if text.find(row["anchor"], at) >= 0 else " ".join(html.unescape(row["anchor"]).split())
            )
            at = text.index(anchor, at)
            yield Label(at, at + len(anchor), row["verdict"], anchor)
            at += len(anchor)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_nothing_true_and_nothing_that_states_nothing_is_called_false(starter_book: OpenBook, page: Path) -> None:
    made = audited(starter_book, page)
    false = [label for label in labels(page, made.text) if label.verdict == "false"]
    wrong = [entry for entry in made.assertions if entry.verdict is Judgement.CONTRADICTED]
    assert [entry.quote for entry in wrong if not any(label.meets(entry) for label in false)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_opinions_history_stories_and_questions_bear_no_mark(starter_book: OpenBook, page: Path) -> None:
    made = audited(starter_book, page)
    known = list(labels(page, made.text))
    checkable = [label for label in known if label.verdict != "none"]
    marked = [
        label.anchor
        for label in known
        if label.verdict == "none"
        and any(label.meets(entry) and not any(other.meets(entry) for other in checkable) for entry in made.assertions)
    ]
    assert marked == []


def test_most_false_statements_are_found(starter_book: OpenBook) -> None:
    false = found = 0
    for page in PAGES:
        made = audited(starter_book, page)
        wrong = [entry for entry in made.assertions if entry.verdict is Judgement.CONTRADICTED]
        of_page = [label for label in labels(page, made.text) if label.verdict == "false"]
        false += len(of_page)
        found += sum(any(label.meets(entry) for entry in wrong) for label in of_page)
    assert false >= 90
    assert found / false >= LEAST_RECALL


@pytest.mark.published
def test_the_whole_book_calls_nothing_true_false(published_book: OpenBook) -> None:
    alarms = []
    for page in PAGES:
        made = audited(published_book, page)
        false = [label for label in labels(page, made.text) if label.verdict == "false"]
        alarms += [
            (page.name, entry.quote)
            for entry in made.assertions
            if entry.verdict is Judgement.CONTRADICTED and not any(label.meets(entry) for label in false)
        ]
    assert alarms == []
