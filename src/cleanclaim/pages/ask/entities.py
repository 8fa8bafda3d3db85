"""The codes, modifiers, payers, places and days that a question names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.pages.ask.days import day_named
from cleanclaim.pages.ask.marks import borne_modifiers, denials_named, modifiers_named
from cleanclaim.pages.ask.places import payer_named, place_named, zip_named
from cleanclaim.types import Date

_PROCEDURE: Final = re.compile(
    r"(?<![\w.$-])(?:cpt|hcpcs|code)?#?\s?([0-9]{4}[0-9FTUM]|[A-VX][0-9]{4})"
    r"((?:\s?-\s?[0-9A-Z]{2}(?![0-9A-Z]))*)(?![\w]|\.[0-9])",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(r"(?<![\w.$-])([0-9]{5})\s?-\s?([0-9]{5})(?![\w-])")
_DIAGNOSIS: Final = re.compile(
    r"(?<![\w.$-])([A-TV-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4}|[0-9A-Z]{1,4})?)(?!\w|\.[0-9A-Z])", re.IGNORECASE
)
_CALLED_DIAGNOSIS: Final = re.compile(
    r"\b(?:dx|diag|diagnosis|diagnoses|icd(?:[\s-]?10)?(?:[\s-]?cm)?)\s*(?:codes?)?\s*(?:of|is|:|#)?\s*$", re.IGNORECASE
)
_MALFORMED: Final = re.compile(r"(?<![\w.,$/#-])([0-9]{6,12})(?![\w,/%-]|\.[0-9])")
_UNITS: Final = re.compile(
    r"\b([0-9]{1,3})\s*units?\b|(?<!\w)[x*]\s?([0-9]{1,3})\b(?!\s*[0-9])|\b(?:qty|quantity|units)\s*(?:of|:|=)?\s*([0-9]{1,3})\b",
    re.IGNORECASE,
)
_NO_MATTER_OF_PLACE: Final = frozenset("imaging include together addon units replace deny modifier mean".split())
_BARE_DIAGNOSIS: Final = 3
"""Characters of a heading, such as N20, which is a remark code too."""


@dataclass(slots=True)
class Entities:
    """What a question names, each in its order; what has a code's shape and is on no list is ``unlisted``."""

    codes: list[str] = field(default_factory=list)
    modifiers: list[str] = field(default_factory=list)
    of_code: dict[str, list[str]] = field(default_factory=dict)
    """The modifiers written on a code: ``43214-59``."""
    diagnoses: list[str] = field(default_factory=list)
    denials: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    payer: str = ""
    zip_code: str = ""
    pos: str = ""
    date: Date | None = None
    units: Decimal | None = None

    @property
    def subjects(self) -> set[str]:
        """Every code that is named, of whatever kind."""
        return {*self.codes, *self.modifiers, *self.diagnoses, *self.denials, *self.unlisted, *self.of_code}


def entities(book: OpenBook, day: DayBook, question: str, topics: dict[str, int]) -> Entities:
    """Read them out of a question. A text that could be several kinds of code is the one that a loaded list has."""

    def is_code(text: str) -> bool:
        return book.index.is_code(text.upper(), None)

    found = Entities(payer=payer_named(question))
    found.date, left = day_named(question)
    found.zip_code, left = zip_named(
        left, is_code, of_money="price" in topics or not topics.keys() & _NO_MATTER_OF_PLACE
    )
    found.pos, left = place_named(left)
    left = _RANGE.sub(lambda match: f"{match[1]} to {match[2]}", left)
    left = _procedures(found, book, day, left)
    units = _UNITS.search(left)
    if units is not None:
        found.units = Decimal(units[1] or units[2] or units[3])
        left = left[: units.start()] + " " + left[units.end() :]
    found.denials, left = denials_named(left, lambda code: _is_remark(code, day, topics))
    left = _diagnoses(found, day, left)
    beside = bool(found.codes or found.unlisted) or "modifier" in topics
    found.modifiers = modifiers_named(left, beside_a_code=beside)
    found.unlisted += [match[1] for match in _MALFORMED.finditer(left) if match[1] not in found.unlisted]
    return found


def _is_remark(code: str, day: DayBook, topics: dict[str, int]) -> bool:
    """Whether what has the shape of a remark code is one; where nothing speaks of a denial, a diagnosis goes first."""
    if "deny" in topics:
        return True
    return day.rarc(code).known and not day.icd10cm(code).known and not topics.keys() & {"diagnosis", "support"}


def _procedures(found: Entities, book: OpenBook, day: DayBook, text: str) -> str:
    def take(match: re.Match[str]) -> str:
        code, borne = match[1].upper(), borne_modifiers(match[2])
        if code[0].isalpha() and _CALLED_DIAGNOSIS.search(text[: match.start(1)]) and day.icd10cm(code).known:
            return match[0]
        if not book.index.is_code(code, None):
            if code[0].isalpha() and day.icd10cm(code).known:
                return match[0]
            if code not in found.unlisted:
                found.unlisted.append(code)
        elif code not in found.codes:
            found.codes.append(code)
        if borne:
            kept = found.of_code.setdefault(code, [])
            kept.extend(part for part in borne if part not in kept)
        # A word stands for it, so that "51 on 64484" and "64484 51" are told apart from numbers beside each other.
        return " , "

    return _PROCEDURE.sub(take, text)


def _diagnoses(found: Entities, day: DayBook, text: str) -> str:
    def take(match: re.Match[str]) -> str:
        code = match[1].upper().replace(".", "")
        called = _CALLED_DIAGNOSIS.search(text[: match.start()]) is not None
        if not day.icd10cm(code).known and "." not in match[1] and not called:
            return match[0]
        if len(code) == _BARE_DIAGNOSIS and not match[1][2].isdigit() and not called and "." not in match[1]:
            return match[0]
        if code not in found.diagnoses:
            found.diagnoses.append(code)
        return " , "

    return _DIAGNOSIS.sub(take, text)
