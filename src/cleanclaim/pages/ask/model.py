"""A question, what was understood of it, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cleanclaim.types import Citation, Date


class Intent(StrEnum):
    """What a question asks for."""

    IMAGING_INCLUDED = "imaging_included"
    BILLED_TOGETHER = "billed_together"
    MODIFIER_APPLIES = "modifier_applies"
    MODIFIER_MEANING = "modifier_meaning"
    ADD_ON = "add_on"
    UNITS = "units"
    PRICE = "price"
    REPLACED_BY = "replaced_by"
    DIAGNOSIS_BILLABLE = "diagnosis_billable"
    DIAGNOSIS_SUPPORTS = "diagnosis_supports"
    AUTHORIZATION = "authorization"
    CHANGES = "changes"
    DENIAL = "denial"
    MEANING = "meaning"
    STATUS = "status"
    GLOBAL_DAYS = "global_days"


class AnswerState(StrEnum):
    """Whether there is an answer."""

    ANSWERED = "answered"
    NOT_UNDERSTOOD = "not_understood"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read out of a question. ``intent`` is None where that was not understood."""

    intent: Intent | None
    codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    """Adjustment reason and remark codes, without their group."""
    payer: str = ""
    zip_code: str = ""
    pos: str = ""
    date: Date | None = None
    """The day the question names; None for the one it was asked for."""
    units: Decimal | None = None
    unlisted: tuple[str, ...] = ()
    """What looks like a code, and no loaded list has it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question. ``answer`` is one word or value (yes, no, 2, 172.87), ``text`` a sentence or some."""

    question: str
    state: AnswerState
    understood: Understood
    date: Date
    answer: str
    text: str
    citations: tuple[Citation, ...] = ()
    unanswered: tuple[str, ...] = ()
    """Further questions in the text; the first that is understood is answered."""
