"""What the book says, as the judges ask it: each question once a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from cleanclaim.book import policies
from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.engine.code_page import CodePage, PageFact, code_page
from cleanclaim.engine.pair import PairAnswer, pair
from cleanclaim.errors import InputError
from cleanclaim.index.cite import cite_answer, cite_fact
from cleanclaim.index.lookup import Answer, DayBook, OpenBook
from cleanclaim.types import Citation, Date, State


@dataclass
class Facts:
    """The book on a day, for one page about ``subjects``."""

    book: OpenBook
    date: Date
    subjects: tuple[str, ...]
    diagnoses: dict[str, bool] = field(default_factory=dict)
    """Of codes that were looked at, whether ICD-10-CM is what they are of."""
    _pages: dict[str, CodePage] = field(default_factory=dict)

    @cached_property
    def day(self) -> DayBook:
        """The book on the day."""
        return self.book.as_of(self.date)

    def page(self, code: str) -> CodePage:
        """The book's own page of a code."""
        if code not in self._pages:
            self._pages[code] = code_page(self.book, code, self.date)
        return self._pages[code]

    def is_procedure(self, code: str) -> bool:
        """A loaded list has the code, so that a number of five digits is no ZIP code or amount."""
        return code in self.subjects or self.book.index.is_code(code, None)

    def imaging(self, code: str) -> PageFact | None:
        """How a procedure stands to imaging guidance; None where the book does not say, or the question is idle."""
        section = self.page(code).section("imaging_guidance")
        return section.facts[0] if section.state is State.KNOWN else None

    def is_the_imaging(self, code: str) -> bool:
        """The code is itself guidance, or supervision and interpretation."""
        answer = self.day.imaging(code)
        return answer.known and answer.fact.state in {"guidance", "supervision_and_interpretation"}

    def modifier(self, code: str, modifier: str) -> PageFact | None:
        """Whether a modifier applies to a code."""
        facts = self.page(code).section("modifiers").facts
        return next((fact for fact in facts if fact.key == modifier), None)

    def pair(self, one: str, other: str) -> PairAnswer | None:
        """The edit between two codes, None where they cannot be a pair."""
        try:
            return pair(self.book, one, other, self.date)
        except InputError:
            return None

    def meaning(self, code: str) -> tuple[str, Citation] | None:
        """What a procedure code means: in our own words, or in CMS's for a Level II code."""
        said = policies.meaning(code)
        if said is not None:
            return said.text, said.citation
        answer = self.day.hcpcs(code)
        if answer.known and answer.fact.description and (cited := cite_answer(answer, code)) is not None:
            return answer.fact.description, cited
        return None

    def modifier_meaning(self, modifier: str) -> tuple[str, Citation] | None:
        """What a modifier means: in our own words, or in CMS's for a Level II modifier."""
        said = policies.modifier_meaning(modifier)
        if said is not None:
            return said.text, said.citation
        answer = self.day.hcpcs(modifier)
        if answer.known and answer.fact.description and (cited := cite_answer(answer, modifier)) is not None:
            return answer.fact.description, cited
        return None

    def fee(self, code: str) -> tuple[FeeScheduleRow, Citation] | None:
        """The fee schedule's row of a code without modifier, and where it stands."""
        answer: Answer[FeeScheduleRow] = self.day.fee_schedule(code)
        rows = [row for row in answer.facts if not row.modifier]
        if not rows or answer.release is None:
            return None
        return rows[0], cite_fact(rows[0], answer.release)
