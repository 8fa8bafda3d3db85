"""The codes that stand in a text, and the procedure codes a page is about."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from cleanclaim.pages.audit.blocks import Text
from cleanclaim.pages.audit.model import Span

_PROCEDURE: Final = re.compile(r"(?<![\w.$,-])(?:[0-9]{4}[0-9FTUM]|[A-VXY][0-9]{4})(?![\w%]|\.\d|,\d{3})")
_DIAGNOSIS: Final = re.compile(r"(?<![\w.])[A-TV-Z][0-9][0-9A-B](?:\.[0-9A-Z]{1,4})?(?![\w.]*\d)")
_TAXONOMY: Final = re.compile(r"(?<!\w)[0-9A-Z]{9}X(?!\w)")
_MODIFIER: Final = re.compile(
    r"\bmodifiers?\s*[-:]?\s*((?:[0-9A-Z]{2}|[1238]P)(?:\s*(?:,|and|or|/|&)\s*(?:modifier\s*)?-?[0-9A-Z]{2}(?![\w]))*)",
    re.IGNORECASE,
)
_TOP: Final = 4
"""Lines at the top of a page in which it names what it is about."""


@dataclass(frozen=True, slots=True)
class Found:
    """A code, upper case, and where it stands on the page."""

    code: str
    span: Span


def procedures(text: Text) -> list[Found]:
    """CPT and HCPCS codes. What has the shape of a year or of a plain number is told by :func:`subjects`' caller."""
    return _found(_PROCEDURE, text)


def diagnoses(text: Text) -> list[Found]:
    """ICD-10-CM codes, with their dot."""
    return _found(_DIAGNOSIS, text)


def taxonomies(text: Text) -> list[Found]:
    """Provider taxonomy codes."""
    return [found for found in _found(_TAXONOMY, text) if any(letter.isdigit() for letter in found.code[:3])]


def modifiers(text: Text) -> list[Found]:
    """Modifiers that the text calls so: ``modifier 26``, ``modifiers LT and RT``."""
    named = []
    for match in _MODIFIER.finditer(text.text):
        for part in re.finditer(r"(?<!\w)[0-9A-Z]{2}(?!\w)", match[1]):
            start = text.start + match.start(1) + part.start()
            named.append(Found(part[0], Span(start, start + 2)))
    return named


def subjects(text: str) -> tuple[str, ...]:
    """The procedure codes that a page is about: those of the first line at its top with any, else the commonest."""
    for line in [line for line in text.splitlines() if line.strip()][:_TOP]:
        named = [found.code for found in procedures(Text(line, 0))]
        if named:
            return tuple(dict.fromkeys(named))
    counted = Counter(found.code for found in procedures(Text(text, 0)))
    return tuple(code for code, _ in counted.most_common(1))


def _found(shape: re.Pattern[str], text: Text) -> list[Found]:
    return [
        Found(match[0].upper(), Span(text.start + match.start(), text.start + match.end()))
        for match in shape.finditer(text.text)
    ]
