"""The book on a day, as questions and audits ask it."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from cleanclaim.book.facts import Icd10cmCode
from cleanclaim.engine.code_page import CodePage, code_page
from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.types import Date

_CHARACTERS: Final = string.digits + string.ascii_uppercase


@dataclass
class OnDay:
    """The book as it stands for services on a day; the page of a code is made once."""

    book: OpenBook
    date: Date
    _pages: dict[str, CodePage] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def day(self) -> DayBook:
        """The book on the day."""
        return self.book.as_of(self.date)

    def page(self, code: str) -> CodePage:
        """The book's own page of a code."""
        if code not in self._pages:
            self._pages[code] = code_page(self.book, code, self.date)
        return self._pages[code]

    def below(self, icd10cm: str) -> list[Icd10cmCode]:
        """The diagnosis codes one character longer than a heading, which has no dot."""
        answers = [self.day.icd10cm(icd10cm + character) for character in _CHARACTERS]
        return [answer.fact for answer in answers if answer.known]
