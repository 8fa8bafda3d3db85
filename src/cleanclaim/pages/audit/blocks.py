"""A page's text cut into what can be judged: rows of tables with their header, and sentences.

Offsets are into the text as it was read. A row is a line with cells parted by ``|``, as Markdown has them; a leading
or closing bar may be missing, as it is on many a scraped page. A header is a row with a line of dashes under it, or the
first row of a table where it holds no number. What Markdown marks up (emphasis, links, footnotes) is blanked, character
by character, so that offsets stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from cleanclaim.pages.audit.labels import is_label
from cleanclaim.pages.audit.model import Span

_RULE: Final = re.compile(r"[\s|:\-+]+")
_BAR: Final = re.compile(r"\|")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|Dr|Mr|Mrs|Ms|No|Nos|Inc|St|approx|Fig|Sec|Ch|Ref|U\.S|p\.m|a\.m)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_END: Final = re.compile(r"[.!?][\"')\]]*(?=\s|$)")
_BULLET: Final = re.compile(r"\s*(?:[-*•▪‣·]|\d{1,2}[.)]|#{1,6})\s+")
_NEAR_END: Final = 12
"""Characters before a full stop in which an abbreviation has its place."""
_LEAST_CELLS: Final = 2
_LONGEST: Final = 1_500
"""Characters of the longest sentence that is heard as one."""
_REMEMBERED: Final = 8
"""Sentences of a paragraph that a sentence may point back at."""
_MARKUP: Final = re.compile(
    r"\*\*|__|`|(?<=\w)\*(?!\w)|(?<!\S)\*(?=\w)|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)|!?\[(?!\^)(?=[^\[\]\n]{0,300}\]\()"
    r"|\]\([^()\s]{0,500}\)|\[\^[^\[\]\s]{1,40}\]|https?://[^\s)|]{1,500}"
)
_UNDERLINE: Final = re.compile(r"\s*(?:={3,}|-{3,})\s*")
_TERM: Final = re.compile(r"\s*:\s+(?=\S)")
_ASKED: Final = re.compile(r"[?][\s\"')\]]*$")
_VALUE_NAMED: Final = re.compile(r"answer|value|detail|meaning|what|descri|indicator|setting|note|data", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of the page, with its place in it."""

    text: str
    start: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.start + len(self.text))

    def part(self, start: int, end: int) -> Text:
        """A stretch of this stretch."""
        return Text(self.text[start:end], self.start + start)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells, and the names of their columns in lower case, "" where there is no header."""

    cells: tuple[Text, ...]
    columns: tuple[str, ...]
    heading: str = ""

    def under(self, at: int) -> str:
        """The name of a cell's column."""
        return self.columns[at] if at < len(self.columns) else ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, those before it in its paragraph, and the last heading above."""

    text: Text
    before: tuple[Text, ...] = field(default=())
    heading: str = ""


def unmarked(text: str) -> str:
    """The text with a blank for each character of Markdown's marks and of addresses, as long as it was."""
    return _MARKUP.sub(lambda mark: " " * len(mark[0]), text)


def asks(text: str) -> bool:
    """The sentence is a question."""
    return _ASKED.search(text) is not None


def blocks(text: str) -> Iterator[Row | Sentence]:
    """The rows and sentences of a page, from top to bottom."""
    columns: tuple[str, ...] | None = None
    heading = ""
    before: tuple[Text, ...] = ()
    lines = list(_lines(unmarked(text)))
    for number, line in enumerate(lines):
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        if not line.text.strip():
            columns, before = None, ()
            continue
        cells = _cells(line)
        if len(cells) >= _LEAST_CELLS or (cells and columns is not None):
            if _RULE.fullmatch(line.text):
                continue
            ruled = "-" in following and _RULE.fullmatch(following) is not None
            if ruled or (columns is None and _is_header(cells)):
                columns = tuple(cell.text.lower() for cell in cells)
                continue
            columns = columns or ()
            yield Row(cells, columns, heading)
            continue
        columns = () if _is_empty_header(line.text, following) else None
        if _RULE.fullmatch(line.text):
            continue
        if _is_heading(line.text) or _UNDERLINE.fullmatch(following) or _TERM.match(following):
            heading = line.text.strip("# \t")
        before = ()
        for sentence in (piece for whole in _sentences(line) for piece in _short(whole)):
            yield Sentence(sentence, before, heading)
            before = (*before[-_REMEMBERED:], sentence)


def _is_empty_header(line: str, following: str) -> bool:
    """A table's header of empty cells, with the line of dashes under it."""
    return "|" in line and not line.strip("| \t") and "-" in following and _RULE.fullmatch(following) is not None


def _lines(text: str) -> Iterator[Text]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield Text(line.rstrip("\r\n"), start)
        start += len(line)


def _cells(line: Text) -> tuple[Text, ...]:
    if "|" not in line.text:
        return ()
    bounds = [-1, *(bar.start() for bar in _BAR.finditer(line.text)), len(line.text)]
    cells = [_stripped(line.part(left + 1, min(right, left + 1 + _LONGEST))) for left, right in pairwise(bounds)]
    if cells and not cells[0].text and line.text.lstrip().startswith("|"):
        cells = cells[1:]
    if cells and not cells[-1].text:
        cells = cells[:-1]
    return tuple(cells) if any(cell.text for cell in cells) else ()


def _is_header(cells: tuple[Text, ...]) -> bool:
    """A header names its columns: short words and no code of five characters."""
    if is_label(cells[0].text) and len(cells) == _LEAST_CELLS and not _VALUE_NAMED.search(cells[1].text):
        return False
    return all(len(cell.text) < 60 and not re.search(r"\d{2}", cell.text.replace("ICD-10", "")) for cell in cells)  # noqa: PLR2004


def _is_heading(line: str) -> bool:
    text = line.strip()
    if (_BULLET.match(line) or _TERM.match(line)) and not text.startswith("#"):
        return False
    return text.startswith("#") or (len(text) < 80 and not text.endswith((".", ";", ",")))  # noqa: PLR2004


def _sentences(line: Text) -> Iterator[Text]:
    bullet = _BULLET.match(line.text) or _TERM.match(line.text)
    start = bullet.end() if bullet else 0
    for end in _END.finditer(line.text):
        if _ABBREVIATION.search(line.text[max(start, end.start() - _NEAR_END) : end.start() + 1]) and end.end() < len(
            line.text
        ):
            continue
        sentence = _stripped(line.part(start, end.end()))
        if sentence.text:
            yield sentence
        start = end.end()
    rest = _stripped(line.part(start, len(line.text)))
    if rest.text:
        yield rest


def _short(text: Text) -> Iterator[Text]:
    """What is longer than any sentence, in pieces: no page may take more time than its length."""
    start = 0
    while len(text.text) - start > _LONGEST:
        end = text.text.rfind(" ", start, start + _LONGEST) + 1 or start + _LONGEST
        yield _stripped(text.part(start, end))
        start = end
    yield text.part(start, len(text.text))


def _stripped(text: Text) -> Text:
    lead = len(text.text) - len(text.text.lstrip())
    return Text(text.text.strip(), text.start + lead)
