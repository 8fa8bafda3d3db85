"""What the book says, as the judges ask it: each question once a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cleanclaim.book import policies
from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.engine.code_page import PageFact
from cleanclaim.engine.code_page.subject import Diagnosis, find_subject
from cleanclaim.engine.pair import PairAnswer, pair
from cleanclaim.errors import InputError
from cleanclaim.index.cite import cite_answer, cite_fact
from cleanclaim.index.lookup import Answer
from cleanclaim.pages.on_day import OnDay
from cleanclaim.types import Citation, State

_ADD_ON_DAYS: Final = "ZZZ"


@dataclass
class Facts(OnDay):
    """The book on a day, for one page about ``subjects``."""

    subjects: tuple[str, ...]
    _diagnoses: dict[str, bool] = field(default_factory=dict, init=False, repr=False)

    def is_procedure(self, code: str) -> bool:
        """A loaded list has the code, so that a number of five digits is no ZIP code or amount."""
        return code in self.subjects or self.book.index.is_code(code, None)

    def is_diagnosis(self, code: str) -> bool:
        """ICD-10-CM lists the code, and no procedure list has it."""
        if code not in self._diagnoses:
            try:
                subject = find_subject(self.book, code, self.date, None)
            except InputError:
                subject = None
            self._diagnoses[code] = isinstance(subject, Diagnosis)
        return self._diagnoses[code]

    def is_add_on(self, code: str) -> bool:
        """The add-on edits list the code, or the fee schedule has it as one."""
        fee = self.fee(code)
        return self.day.add_on(code).known or (fee is not None and fee[0].global_days == _ADD_ON_DAYS)

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
        return self._told(policies.meaning(code), code)

    def modifier_meaning(self, modifier: str) -> tuple[str, Citation] | None:
        """What a modifier means: in our own words, or in CMS's for a Level II modifier."""
        return self._told(policies.modifier_meaning(modifier), modifier)

    def _told(self, said: policies.Said | None, hcpcs: str) -> tuple[str, Citation] | None:
        if said is not None:
            return said.text, said.citation
        answer = self.day.hcpcs(hcpcs)
        if answer.known and answer.fact.description and (cited := cite_answer(answer, hcpcs)) is not None:
            return answer.fact.description, cited
        return None

    def fee(self, code: str) -> tuple[FeeScheduleRow, Citation] | None:
        """The fee schedule's row of a code without modifier, and where it stands."""
        answer: Answer[FeeScheduleRow] = self.day.fee_schedule(code)
        rows = [row for row in answer.facts if not row.modifier]
        if not rows or answer.release is None:
            return None
        return rows[0], cite_fact(rows[0], answer.release)
