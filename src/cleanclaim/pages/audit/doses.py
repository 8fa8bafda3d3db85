"""Statements on how many units of a drug an amount of it is: ``4 mg is 4 units of J1100``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Final

from cleanclaim.pages.audit.blocks import asks
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.pages.audit.spoken import Spoken, assertion
from cleanclaim.pages.audit.values import NUMBERS, number_of

_AMOUNT: Final = re.compile(r"(?<![\d.,])(\d{1,5}(?:\.\d{1,3})?)\s*-?(mg|mcg|ml|gm|g|units?)\b", re.IGNORECASE)
_MASS: Final = re.compile(r"(?<![\d.,])(\d{1,5}(?:\.\d{1,3})?)\s*-?(mg|mcg|ml|gm|g)\b", re.IGNORECASE)
_UNITS: Final = re.compile(
    rf"(?<![\d.,])\b(\d{{1,4}}|{'|'.join(NUMBERS)})\s+(?:billing\s+|billed\s+)?units?\b", re.IGNORECASE
)
_MEASURED: Final = re.compile(
    r"\b(?:is|are|equals?|means|reported|report|bill|billed|code|therefore|so|=|counts?|makes?|represents?)\b|=",
    re.IGNORECASE,
)
_NOT: Final = re.compile(r"\b(?:not|never|waste|wasted|discard\w*|vial|up\s+to|maximum|limit)\b|n't\b", re.IGNORECASE)
_DRUG: Final = re.compile(r"[JQ]\d{4}")


def judge(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """An amount and a number of units in one sentence about one drug code, held against the code's own amount."""
    text = spoken.text.text
    if asks(text) or _NOT.search(text) or not _MEASURED.search(text):
        return
    amounts, units = _MASS.findall(text), _UNITS.findall(text)
    if len(amounts) != 1 or len(units) != 1:
        return
    named = list(dict.fromkeys(found.code for found in spoken.named(facts))) or list(spoken.about(facts)[:1])
    if len(named) != 1 or not _DRUG.fullmatch(named[0]):
        return
    code, known = named[0], facts.meaning(named[0])
    own = _AMOUNT.findall(known[0]) if known is not None else []
    if known is None or len(own) != 1 or own[0][1].lower() != amounts[0][1].lower():
        return
    each = Decimal(own[0][0])
    right = (Decimal(amounts[0][0]) / each).to_integral_value(ROUND_CEILING)
    verdict = Judgement.SUPPORTED if number_of(units[0]) == right else Judgement.CONTRADICTED
    (amount, measure), count = amounts[0], f"{right} unit{'' if right == 1 else 's'}"
    fact = f"A unit of {code} is {own[0][0]} {own[0][1]}: {amount} {measure} is {count}."
    yield assertion(spoken.text, Kind.PAYMENT_RULE, (code,), verdict, fact, [known[1]])
