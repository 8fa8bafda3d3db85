"""The value beside a label: ``Global days: 000``, ``Status | A``, ``MUE | 2``, held against the indicator it names."""

from __future__ import annotations

import re
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.index.cite import cite_answer
from cleanclaim.pages.audit.blocks import Text
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.labels import Topic
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.pages.audit.spoken import assertion
from cleanclaim.types import Citation, Setting

NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    )
}
_FIGURE: Final = re.compile(rf"(?<![\d.,])(\d{{1,4}})(?![\d%]|[.,]\d)|\b({'|'.join(NUMBERS)})\b", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"(?<![\d.,$])(\d{1,3}\.\d{1,2})(?!\d|\.\d|%)")
_DAYS: Final = re.compile(
    r"\b(000|010|090|XXX|YYY|ZZZ|MMM)\b|(?<![\d.])\b(0|10|90)(?:\s*-?\s*days?\b|\s*$)|\b(zero|ten|ninety)[\s-]+days?\b",
    re.IGNORECASE,
)
_STATUS: Final = re.compile(r"^[\s\"'(]*([A-Z])(?=[\s\"',;:.)=-]|$)")
_STATUS_WORDS: Final = (
    ("A", r"^active\b"),
    ("B", r"^(?:always )?bundled\b"),
    ("C", r"\b(?:carrier|contractor)[- ]priced\b"),
    ("N", r"^non-?covered\b|^not covered\b"),
    ("I", r"^(?:not valid|invalid)\b.{0,20}\bmedicare\b"),
    ("M", r"^(?:used for )?measurement only\b"),
)
_COMPONENT_WORDS: Final = (
    ("4", r"^global (?:test |code |service )?only\b"),
    ("3", r"^technical (?:component |part )?only\b"),
    ("2", r"^professional (?:component |part )?only\b"),
    ("0", r"^physician'?s? services?\b"),
)
_INDICATORS: Final[dict[Topic, str]] = {
    Topic.BILATERAL: "bilateral",
    Topic.MULTIPLE: "multiple_procedure",
    Topic.ASSISTANT: "assistant",
    Topic.CO_SURGEON: "co_surgeon",
    Topic.TEAM: "team_surgeon",
    Topic.COMPONENTS: "pc_tc_indicator",
}
_FIGURES: Final[dict[Topic, str]] = {
    Topic.WORK: "work_rvu",
    Topic.TOTAL_NONFACILITY: "total_nonfacility",
    Topic.TOTAL_FACILITY: "total_facility",
}
_AS_WORDED: Final = {"zero": "000", "ten": "010", "ninety": "090"}
_INDICATOR: Final = re.compile(r"^[\s\"'(]*(?:indicator\s*)?\(?(\d)(?=[\s\"',;:.)=-]|$)|\((\d)\)", re.IGNORECASE)
_NO_ASSISTANT: Final = re.compile(r"\b(?:not|never|no)\b", re.IGNORECASE)
_IS_PAID: Final = re.compile(r"\b(?:paid|payable|allowed|permitted)\b(?! with documentation)", re.IGNORECASE)
_BASE: Final = re.compile(r"^\D{0,12}(\d{5})\b")
_YES_OR_NO: Final = re.compile(r"\W*(?:yes\b|(?P<no>no\b))", re.IGNORECASE)
_LONGEST: Final = 90


def judge_value(topic: Topic, place: Text, code: str, facts: Facts) -> Assertion | None:
    """What ``place`` says ``topic`` of ``code`` is; None where it says nothing that can be held against the book."""
    text = place.text.strip()
    if (
        not text
        or len(text) > _LONGEST
        or re.search(r"\b(?:var(?:y|ies)|depends?|see|usually|often|may)\b", text, re.IGNORECASE)
    ):
        return None
    if topic is Topic.UNITS:
        return _units(place, code, facts)
    row = facts.fee(code)
    if row is None:
        return None
    fee, citation = row
    if topic is Topic.ADD_ON:
        answer = _YES_OR_NO.match(text)
        is_add_on = facts.is_add_on(code)
        fact = f"{code} is {'an' if is_add_on else 'no'} add-on code."
        right = answer is not None and is_add_on is (answer["no"] is None)
        return None if answer is None else _made(place, Kind.PAYMENT_RULE, code, fact, citation, right=right)
    told = _told(topic, text, fee)
    if told is None:
        return None
    said, own = told
    kind = Kind.STATUS if topic is Topic.STATUS else Kind.PAYMENT_RULE
    fact = f"The {topic} of {code} {'are' if topic is Topic.GLOBAL_DAYS else 'is'} {own or 'none'}."
    return _made(place, kind, code, fact, citation, right=said == own)


def _told(topic: Topic, text: str, fee: FeeScheduleRow) -> tuple[str, str] | None:
    """What is said and what is true, as the fee schedule writes it."""
    if topic is Topic.STATUS:
        return _pair(status_said(text), fee.status_indicator)
    if topic is Topic.GLOBAL_DAYS:
        return _pair(days_said(text), fee.global_days)
    if topic in _FIGURES:
        match = _DECIMAL.search(text)
        return _pair(f"{float(match[1]):.2f}" if match else None, f"{getattr(fee, _FIGURES[topic]):.2f}")
    if topic is Topic.BASE:
        match = _BASE.match(text)
        return _pair(match[1] if match else None, fee.endoscopic_base) if fee.endoscopic_base else None
    if topic in _INDICATORS:
        return _pair(_indicator_said(topic, text, fee), getattr(fee, _INDICATORS[topic]))
    return None


def _pair(said: str | None, own: str) -> tuple[str, str] | None:
    return None if said is None else (said, own)


def status_said(text: str) -> str | None:
    """The status indicator that a value names, by its letter or by what it means."""
    match = _STATUS.match(text)
    if match is not None and not re.match(r"\s*A\s+[a-z]", text):
        return match[1]
    return next((letter for letter, shape in _STATUS_WORDS if re.search(shape, text.lower())), None)


def days_said(text: str) -> str | None:
    """The global days that a value names, as the fee schedule writes them."""
    match = _DAYS.search(text)
    if match is None:
        return None
    if match[1]:
        return match[1].upper()
    return _AS_WORDED[match[3].lower()] if match[3] else match[2].zfill(3)


def _indicator_said(topic: Topic, text: str, fee: FeeScheduleRow) -> str | None:
    match = _INDICATOR.search(text)
    if match is not None:
        return match[1] or match[2]
    if topic is Topic.COMPONENTS:
        return next((value for value, shape in _COMPONENT_WORDS if re.search(shape, text.lower())), None)
    if topic is Topic.BILATERAL:
        return _bilateral_said(text, fee)
    return _assistant_said(text, fee) if topic is Topic.ASSISTANT else None


def _bilateral_said(text: str, fee: FeeScheduleRow) -> str | None:
    if re.search(r"\b150 ?(?:%|percent)", text):
        return "1"
    answer = _YES_OR_NO.match(text)
    if answer is None:
        return None
    twice = fee.bilateral in {"1", "3"}
    return fee.bilateral if twice is (answer["no"] is None) else answer[0].strip()


def _assistant_said(text: str, fee: FeeScheduleRow) -> str | None:
    """Of an assistant who is paid, 2, and who is not, 1; one that is paid with documentation (0) is neither."""
    if fee.assistant not in {"1", "2"} or not _IS_PAID.search(text):
        return None
    return "1" if _NO_ASSISTANT.search(text) else "2"


def _units(place: Text, code: str, facts: Facts) -> Assertion | None:
    said = units_said(place.text)
    return None if said is None else judge_units(place, code, said, facts)


def number_of(word: str) -> int:
    """The number that is written in figures, or as one of the words of :data:`NUMBERS`."""
    return int(word) if word.isdigit() else NUMBERS[word.lower()]


def units_said(text: str) -> int | None:
    """The one number that a value names, in figures or in words."""
    found = [number_of(match[0]) for match in _FIGURE.finditer(text)]
    return found[0] if len(set(found)) == 1 or (found and re.match(r"\W*\d", text)) else None


def judge_units(place: Text, code: str, said: int, facts: Facts) -> Assertion | None:
    """A limit of units held against the medically unlikely edit, the practitioner's or the outpatient hospital's."""
    answer = facts.day.mue(Setting.PRACTITIONER, code)
    cited = cite_answer(answer, code)
    if not answer.known or cited is None:
        return None
    own = answer.fact.mue_value
    fact = f"The unit limit (MUE) of {code} for a practitioner is {own}."
    hospital = facts.day.mue(Setting.OUTPATIENT, code)
    if said != own and hospital.known and hospital.fact.mue_value == said:
        return assertion(
            place,
            Kind.PAYMENT_RULE,
            (code,),
            Judgement.UNVERIFIABLE,
            f"{fact} For an outpatient hospital it is {said}.",
            [cited],
        )
    return _made(place, Kind.PAYMENT_RULE, code, fact, cited, right=said == own)


def _made(place: Text, kind: Kind, code: str, fact: str, citation: Citation, *, right: bool) -> Assertion:
    return assertion(place, kind, (code,), Judgement.SUPPORTED if right else Judgement.CONTRADICTED, fact, [citation])
