"""Which question is asked: decided by what is named and by the topics of its words, in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cleanclaim.pages.ask.entities import Entities
from cleanclaim.pages.ask.model import Intent
from cleanclaim.pages.ask.topics import is_understood, words_of

_MONEY: Final = frozenset(
    "price priced prices reimburse reimburses reimbursed reimbursement allowable fee fees rate rates cost costs "
    "dollars worth amount amt money rvu rvus wrvu wrvus".split()
)
_PAYING: Final = frozenset({"pay", "pays", "paid", "payment", "pricing"})
_HOW_MUCH: Final = frozenset({"what", "much", "whats"})
_ON_THE_SCHEDULE: Final = re.compile(
    r"\b(?:under|on|by|in)\s+(?:the\s+)?(?:medicare\s+)?(?:physician\s+)?(?:fee schedule|mpfs|pfs)\b"
)
_DAYS_AFTER: Final = re.compile(r"\bglobals?\b|\bpost-?\s?op|\bfollow-?\s?up (?:days?|period|care)\b", re.IGNORECASE)
_AUTHORIZATION: Final = re.compile(r"\bauth|\bpre-?\s?(?:auth|cert)|\bapproval\b|\bpreapprov", re.IGNORECASE)
_PA: Final = re.compile(
    r"\b(?:need|needs|require|requires|get|obtain|require[sd]?)\s+(?:a\s+|an\s+)?PA\b|\bPA\s+(?:required|needed|for)\b",
    re.IGNORECASE,
)
_AUTHORIZATION_WORDS: Final = ("auth", "aut", "preaut", "prece", "approv")
_ENDED: Final = re.compile(
    r"\b(?:deleted|discontinued|terminated|retired|obsolete|ended|gone|went away|"
    r"old code|old cpt|no longer|expired|sunset)\b",
    re.IGNORECASE,
)
_NOW: Final = re.compile(
    r"\b(?:took (?:the|its) place|takes? (?:the|its) place|in place of|"
    r"new (?:[jgqc] )?(?:cpt |hcpcs )?code for|changed? (?:to|into) (?:what|which)|"
    r"use (?:now|instead)|now what|"
    r"what now|what is it now|now called|current (?:one|code)|supersed\w+|renumber\w+|crosswalks?)\b",
    re.IGNORECASE,
)
_NEW_OF_ALL: Final = re.compile(
    r"\bwhat(?:'s|s| is| has| have)?\s+(?:new|changed|different)\b|\bwhat did (?:cms|medicare|ncci) change\b|"
    r"\b(?:changes?|updates?|changed|new|updated)\b.*\b(?:cms|ncci|cci|edits|fee schedule|mpfs|hcpcs|icd|icd-10|mue|"
    r"mues|rvus|codes|coding|release|book)\b",
    re.IGNORECASE,
)
_OF_ONE: Final = re.compile(
    r"\b(?:updates?|what's new|whats new|new edits?|anything new|new for|up or down|go up|go down|went (?:up|down))\b",
    re.IGNORECASE,
)
_BETWEEN_CODES: Final = re.compile(
    r"[+&/]|\b(?:with|w|and|plus|same|both|between|when|if|on|into|onto|from|against|out)\b", re.IGNORECASE
)
_BY_WHOM: Final = re.compile(
    r"\bwho\b|\b(?:np|pa|pas|crna|rn|ma|nurse|practitioner|assistant|aide|physician(?!s? fee)|specialty|specialist|"
    r"provider|patient)s?\b",
    re.IGNORECASE,
)
_REQUIRES: Final = re.compile(
    r"\b(?:require|requires|need|needs)\s+(?:a\s+)?(?:cpt\s+|code\s+)?[0-9A-Z]{5}\b", re.IGNORECASE
)
_WITHOUT: Final = re.compile(r"\bwithout\b", re.IGNORECASE)
_HAVE_TO_GO_WITH: Final = re.compile(
    r"\b(?:have to|has to|must|need to|needs to|required to)\s+"
    r"(?:go|be (?:billed|reported|used|coded|listed|paired))\s+(?:\w+\s+)?with\b",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(
    r"\b(?:by itself|on its own|billed? alone|reported? alone|attach\w*|need(?:s)? a (?:primary|base|parent))\b",
    re.IGNORECASE,
)
_IMAGING_OF: Final = re.compile(
    r"\b(?:inclu\w*|come[s]? with|part of|built in|bundled in(?:to)?\b(?! with)|already|cover\w*)\b", re.IGNORECASE
)
_APART: Final = re.compile(r"\bdifferen(?:ce|t)\b|\bvs\.?\b|\bversus\b|\bcompared\b", re.IGNORECASE)
_WHEN: Final = re.compile(
    r"\b(?:what|whats|what's|when|define|meaning|explain|describe|mean|means|stand[s]? for|for what)\b", re.IGNORECASE
)
_TO_APPLY: Final = re.compile(
    r"\b(?:apply|applies|valid|allowed|need(?:s|ed)?|required?|on (?:it|this|that)|can i|ok)\b", re.IGNORECASE
)
_TO_BILL: Final = frozenset("bill billed billing bills report reported submit submitted claim use used using".split())
_ONLY_A_CODE: Final = frozenset("what cpt code hcpcs is the a an of icd dx diagnosis modifier please".split())
_BEYOND: Final = re.compile(
    r"\b(?:document(?:ation|ed|ing)?|supervis\w+|timely filing|appeal\w*|salary|certif\w+|template|letter|"
    r"lower payment|reduc(?:ed|tion)\w*|"
    r"level of|pick the level|"
    r"best|painful|hurts?|per (?:year|month|week|lifetime)|a (?:year|month|week)|"
    r"every (?:\w+ )?(?:year|month|week|days)s?|frequency|taxonomy|npi|"
    r"(?:nurse|aide|assistant|np|pa|physician|doctor|provider|specialty)\s+(?:perform|do|give|order)\w*)\b",
    re.IGNORECASE,
)
"""Matters that are asked of codes and that we have no rows for: no other question is to be answered in their stead."""


@dataclass(frozen=True)
class Heard:
    """A question as it is told apart from others."""

    question: str
    named: Entities
    topics: dict[str, int]

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words."""
        return frozenset(words_of(self.question))

    @cached_property
    def modifiers(self) -> bool:
        """A modifier is named, by itself or on a code."""
        return bool(self.named.modifiers) or any(self.named.of_code.values())

    @cached_property
    def procedures(self) -> int:
        """How many procedure codes are named, those on no list too."""
        return len(self.named.codes) + len(self.named.unlisted)

    @cached_property
    def all_understood(self) -> bool:
        """No word of weight is left that stands for nothing we know."""
        return all(is_understood(word) for word in self.words)

    def about(self, *topics: str) -> bool:
        """Some word stands for one of the topics."""
        return any(topic in self.topics for topic in topics)

    def says(self, shape: re.Pattern[str]) -> bool:
        """Its text has the phrase."""
        return shape.search(self.question) is not None


def intent_of(heard: Heard) -> Intent | None:
    """The intent, None where the words do not make a question we can answer. It may still lack what it is asked of."""
    for intent, fits in _IN_ORDER:
        if fits(heard):
            return intent
    return None


def _authorization(heard: Heard) -> bool:
    """``prior`` alone may be "prior to the surgery"; a PA may also be a physician assistant."""
    if heard.says(_PA):
        return True
    if not heard.about("authorization"):
        return False
    return heard.says(_AUTHORIZATION) or any(
        word != "prior" and word.startswith(_AUTHORIZATION_WORDS) for word in heard.words
    )


def _replaced_by(heard: Heard) -> bool:
    named = bool(heard.procedures)
    if heard.about("replace") or heard.says(_NOW):
        return named or heard.about("replace")
    return (
        named
        and heard.says(_ENDED)
        and (heard.about("together", "apply") or bool(heard.words & {"what", "whats", "which", "use"}))
    )


def _changes(heard: Heard) -> bool:
    if heard.modifiers or heard.named.diagnoses or heard.procedures > 1:
        return False
    if heard.procedures:
        return heard.about("change") or heard.says(_OF_ONE) or heard.says(_NEW_OF_ALL)
    return heard.says(_NEW_OF_ALL)


def _price(heard: Heard) -> bool:
    """Words of money decide; to pay may also mean to cover. Of several codes, "paid together" is no price."""
    strong = bool(heard.words & _MONEY) and not (heard.says(_ON_THE_SCHEDULE) and not heard.words & _HOW_MUCH)
    if heard.procedures > 1 and not heard.named.zip_code:
        return strong and not heard.words & {"together", "bundled", "with"}
    weak = bool(heard.words & _PAYING)
    if strong or (weak and bool(heard.words & _HOW_MUCH) and not heard.named.diagnoses):
        return bool(heard.procedures or heard.named.zip_code or heard.named.pos) or heard.all_understood
    # A ZIP code is named for nothing but a price.
    return bool(heard.procedures and heard.named.zip_code) and (weak or not heard.about("imaging", "addon", "deny"))


def _supports(heard: Heard) -> bool:
    if not heard.procedures:
        return False
    if heard.named.diagnoses:
        return True
    return heard.about("diagnosis") and heard.about("support", "billable", "apply", "together", "bill")


def _diagnosis_billable(heard: Heard) -> bool:
    if not heard.named.diagnoses:
        return heard.about("diagnosis") and heard.about("billable") and not heard.procedures and heard.all_understood
    return (heard.about("billable", "support", "status", "apply") or bool(heard.words & _TO_BILL)) and not _meant(heard)


def _meant(heard: Heard) -> bool:
    """What something means is asked: by its word, or with nothing said beside it."""
    return (heard.about("mean") and not heard.about("billable")) or heard.words <= _ONLY_A_CODE


def _add_on(heard: Heard) -> bool:
    if heard.about("addon") and not heard.modifiers:
        return bool(heard.procedures) or heard.all_understood
    if heard.procedures == 1:
        return heard.says(_ALONE) and not heard.about("imaging")
    return bool(heard.procedures) and (
        heard.says(_HAVE_TO_GO_WITH)
        or (not heard.modifiers and (heard.says(_WITHOUT) or heard.says(_REQUIRES)) and not heard.about("imaging"))
    )


def _imaging_beside(heard: Heard) -> bool:
    """Of several codes: whether the first includes the imaging that the others are."""
    return heard.procedures > 1 and heard.about("imaging") and heard.says(_IMAGING_OF) and not heard.modifiers


def _together(heard: Heard) -> bool:
    if heard.procedures > 1:
        told = heard.about("together", "bill", "include", "modifier", "apply", "billable") or heard.says(_BETWEEN_CODES)
        return bool(heard.named.codes or heard.topics) and (told or not heard.words)
    return (
        heard.procedures == 1
        and not heard.modifiers
        and heard.about("together")
        and bool(
            re.search(
                r"\bwith (?:it|this|that|another|other)\b|\btogether\b|\bsame (?:day|visit)\b",
                heard.question,
                re.IGNORECASE,
            )
        )
    )


def _modifier_meaning(heard: Heard) -> bool:
    if not heard.modifiers or heard.procedures:
        return False
    return heard.says(_WHEN) or not heard.says(_TO_APPLY)


def _units(heard: Heard) -> bool:
    return (heard.about("units") or heard.named.units is not None) and (bool(heard.procedures) or heard.all_understood)


def _meaning(heard: Heard) -> bool:
    if heard.named.diagnoses:
        return heard.all_understood
    if not heard.procedures:
        return False
    return (
        (heard.about("mean") and heard.all_understood)
        or (bool(heard.named.codes or heard.words) and heard.words <= _ONLY_A_CODE)
        or _drug_or_diagnosis(heard)
    )


def _drug_or_diagnosis(heard: Heard) -> bool:
    return (
        bool(heard.words & {"drug", "diagnosis", "procedure", "supply"})
        and "is" in heard.words
        and heard.words <= (_ONLY_A_CODE | {"drug", "or", "procedure", "supply", "code"})
    )


def _status(heard: Heard) -> bool:
    """Whether a code is paid at all; who may bill it is another question."""
    return heard.procedures == 1 and heard.all_understood and not heard.says(_BY_WHOM)


_IN_ORDER: Final[tuple[tuple[Intent, Callable[[Heard], bool]], ...]] = (
    (Intent.DENIAL, lambda heard: bool(heard.named.denials)),
    (Intent.AUTHORIZATION, _authorization),
    (Intent.DENIAL, lambda heard: heard.about("deny") and (bool(heard.procedures) or "why" in heard.words)),
    (Intent.REPLACED_BY, _replaced_by),
    (Intent.CHANGES, _changes),
    (Intent.PRICE, _price),
    (Intent.MEANING, _drug_or_diagnosis),
    (Intent.DIAGNOSIS_SUPPORTS, _supports),
    (Intent.DIAGNOSIS_BILLABLE, _diagnosis_billable),
    (Intent.ADD_ON, _add_on),
    (Intent.IMAGING_INCLUDED, _imaging_beside),
    (Intent.MEANING, lambda heard: heard.procedures > 1 and heard.says(_APART) and not heard.about("bill", "together")),
    (Intent.BILLED_TOGETHER, _together),
    (Intent.IMAGING_INCLUDED, lambda heard: heard.about("imaging") and not heard.modifiers and heard.procedures < 2),  # noqa: PLR2004 - one
    (Intent.MODIFIER_APPLIES, lambda heard: heard.procedures == 1 and heard.modifiers),
    (Intent.MODIFIER_MEANING, _modifier_meaning),
    (Intent.MODIFIER_APPLIES, lambda heard: heard.modifiers),
    (Intent.GLOBAL_DAYS, lambda heard: heard.says(_DAYS_AFTER)),
    (Intent.UNITS, _units),
    (
        Intent.STATUS,
        lambda heard: _status(heard) and heard.about("status", "billable", "support", "price"),
    ),
    (Intent.MEANING, _meaning),
    (Intent.STATUS, lambda heard: _status(heard) and heard.about("bill")),
)
"""Each question with what tells it, the surest first."""


def is_beyond(question: str) -> bool:
    """The question is of a matter that we have no rows for."""
    return _BEYOND.search(question) is not None
