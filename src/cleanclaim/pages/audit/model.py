"""What an audit of a published page says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cleanclaim.types import Citation, Date


class Kind(StrEnum):
    """What a statement is about. The names are the contract's."""

    DEFINITION = "definition"
    STATUS = "status"
    IMAGING_GUIDANCE = "imaging_guidance"
    NOT_REPORTED_WITH = "not_reported_with"
    MODIFIER_MEANING = "modifier_meaning"
    MODIFIER_APPLICABILITY = "modifier_applicability"
    TAXONOMY = "taxonomy"
    DIAGNOSIS_MEANING = "diagnosis_meaning"
    DIAGNOSIS_BILLABLE = "diagnosis_billable"
    RELATED_CODE_MEANING = "related_code_meaning"
    PAYMENT_RULE = "payment_rule"


class Judgement(StrEnum):
    """What the book says of a statement."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the page's text, ``end`` not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """One checkable statement of a page, and what the book says of it.

    ``quote`` is the page's text from ``start`` to ``end``. ``codes`` are the codes it is about, the subject first.
    ``fact`` is what the book says instead, or to the same effect; for what it cannot say, why.
    """

    quote: str
    start: int
    end: int
    kind: Kind
    codes: tuple[str, ...]
    verdict: Judgement
    fact: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class PageAudit:
    """A page held against the book for services on a day.

    ``text`` is what was read of the page: offsets count its characters. ``subjects`` are the procedure codes the page
    is about.
    """

    page: str
    date: Date
    text: str
    subjects: tuple[str, ...]
    assertions: tuple[Assertion, ...]

    def count(self, verdict: Judgement) -> int:
        """How many statements ended with a verdict."""
        return sum(1 for assertion in self.assertions if assertion.verdict is verdict)
