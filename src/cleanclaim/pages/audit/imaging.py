"""Statements on imaging guidance: that it is part of a code, that the code is for none, that it is billed besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from cleanclaim.engine.code_page import PageFact
from cleanclaim.pages.audit.blocks import Text, asks
from cleanclaim.pages.audit.codes import procedures
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.pages.audit.spoken import Spoken, assertion
from cleanclaim.types import Citation, State

_IMAGING: Final = re.compile(
    r"\b(?:imaging|fluoroscop\w*|ultraso\w+|sonograph\w*|(?:ct|mri?|image|radiolog\w+) guidance|guidance)\b",
    re.IGNORECASE,
)
_WITHOUT: Final = re.compile(
    r"\bwithout\s+(?:the\s+use\s+of\s+)?(?:any\s+)?(?:\w+\s+){0,2}?(?:imaging|image|fluoroscop\w*|ultrasound)(?:\s+guidance)?"
    r"|\bno\s+(?:imaging|fluoroscop\w*)\s+(?:guidance\s+)?is\s+included",
    re.IGNORECASE,
)
_SEPARATE: Final = re.compile(
    r"\b(?:must|should|may|can|is|are|be|to\s+be)\s+(?:also\s+)?(?:be\s+)?(?:reported|billed|coded|charged|paid|reimbursed)"
    r"\s+(?:separately|in\s+addition|additionally)"
    r"|\bseparately\s+(?:billable|reportable|payable|reimbursable|reported|billed|coded|paid)"
    r"|\bseparate\s+(?:billing|reporting|payment|reimbursement)\b"
    r"|\b(?:bill|report|code)(?:ing)?\s+(?:for\s+)?(?:the\s+)?(?:imaging|fluoroscop\w*|guidance|ultrasound\w*)(?:\s+guidance)?\s+separately"
    r"|\b(?:does|do|did)\s+not\s+include\s+(?:\w+\s+){0,3}?(?:imaging|fluoroscop\w*|ultrasound|guidance)"
    r"|\b(?:excludes|excluding)\s+(?:\w+\s+){0,3}?(?:imaging|fluoroscop\w*|ultrasound|guidance)"
    r"|\b(?:is|are)\s+not\s+(?:included|bundled|part\s+of)"
    r"|\b(?:needs?|requires?)\s+separate\s+(?:\w+\s+)?guidance\b",
    re.IGNORECASE,
)
_INCLUDED: Final = re.compile(
    r"\b(?:is|are|be)\s+(?:\w+\s+)?(?:included|bundled|inherent|integral|part\s+of|packaged)"
    r"|\b(?:includes?|including|bundles?)\s+(?:\w+\s+){0,4}?(?:imaging|fluoroscop\w*|ultrasound|guidance|ct\b)"
    r"|\b(?:cannot|can\s*not|can't|should\s+not|may\s+not|must\s+not|not|never|isn't|aren't)\s+(?:be\s+)?"
    r"(?:separately\s+(?:billed|reported|coded|billable|reportable|payable|paid)|(?:billed|reported|coded|paid)\s+separately)"
    r"|\bwith\s+(?:\w+\s+){0,2}?(?:imaging|fluoroscop\w*|ultrasound)\s+guidance\b"
    r"|\bno\s+separate\s+(?:billing|reporting|payment|charge)",
    re.IGNORECASE,
)
_OPEN_QUESTION: Final = re.compile(
    r"\b(?:understand\w*|know\w*|learn\w*|determin\w+|decid\w+|clarif\w+|explor\w+|explain\w*|find\s+out|discover\w*|ask\w*|question)"
    r"\s+(?:\w+\s+){0,2}?(?:when|whether|if|how|what|why)\b",
    re.IGNORECASE,
)
_HEDGED: Final = re.compile(
    r"\bwhen\s+(?:applicable|allowed|appropriate)|\bdepend\w*\s+on\b|\bsome\s+payers\b", re.IGNORECASE
)

_CONTRASTS: Final = re.compile(
    r"\b(?:only|former|latter|first|second|respectively|whereas|while|but|unlike|instead|versus|vs|other|otherwise)\b",
    re.IGNORECASE,
)
"""Of several codes, what is said is not said of each."""
_TURN: Final = re.compile(r";\s+|,\s+(?:but|while|whereas)\s+|,\s+and\s+(?=[0-9A-Z]{5}\b)")
"""Where a sentence on several codes turns from one to the next."""
_WHOLE: Final = 2
_NONE_VALUE: Final = re.compile(r"\W*(?:none|no|without)\b", re.IGNORECASE)
_INCLUDED_VALUE: Final = re.compile(r"\W*(?:yes|included|part of|bundled|inherent)\b|\bincluded\b", re.IGNORECASE)
_NOT_APPLICABLE: Final = re.compile(r"\b(?:not\s+applicable|does\s+not\s+apply|do\s+not\s+apply|n/a)\b", re.IGNORECASE)

INCLUDED, WITHOUT, SEPARATE = "included", "without", "separately_reportable"


def judge(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """The statement of a sentence on imaging guidance of the code it speaks of, if it makes one."""
    text = spoken.text.text
    if asks(text) or not _IMAGING.search(text) or _OPEN_QUESTION.search(text):
        return
    if _NOT_APPLICABLE.search(text):
        yield from _not_applicable(spoken, facts)
        return
    named = spoken.named(facts)
    bounds = [0, *(match.end() for match in _TURN.finditer(text)), len(text)] if len(named) > 1 else [0, len(text)]
    for start, end in pairwise(bounds):
        clause = spoken.text.part(start, end)
        if len(bounds) == _WHOLE or procedures(clause):
            yield from _of_clause(replace(spoken, text=clause), facts)


def _of_clause(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    text = spoken.text.text
    claim = _claim(text)
    if claim is None or (claim == SEPARATE and _HEDGED.search(text)):
        return
    about = spoken.about(facts)
    if len(about) > 1 and (_CONTRASTS.search(text) or (_WITHOUT.search(text) and claim != WITHOUT)):
        return
    for code in about:
        known = facts.imaging(code)
        if known is None or facts.is_the_imaging(code):
            continue
        verdict = _verdict(claim, str(known.value), text)
        yield assertion(
            spoken.text, Kind.IMAGING_GUIDANCE, (code,), verdict, known.text, [known.citation] if known.citation else []
        )


def judge_value(cell: Text, code: str, facts: Facts) -> Assertion | None:
    """What a cell beside the label "imaging guidance" says of a code."""
    if _HEDGED.search(cell.text):
        return None
    if _NOT_APPLICABLE.search(cell.text):
        return next(_not_applicable(Spoken(cell, of_row=(code,)), facts), None)
    claim = _claim(cell.text)
    if claim is None and _NONE_VALUE.match(cell.text):
        claim = WITHOUT
    if claim is None and _INCLUDED_VALUE.search(_without_denied_inclusion(cell.text.lower())):
        claim = INCLUDED
    if claim is None:
        return None
    section = facts.page(code).section("imaging_guidance")
    if section.state is State.NOT_APPLICABLE and section.facts and claim == INCLUDED:
        return assertion(
            cell,
            Kind.IMAGING_GUIDANCE,
            (code,),
            Judgement.CONTRADICTED,
            section.facts[0].text,
            _cited(section.facts[0], code, facts),
        )
    known = facts.imaging(code)
    if known is None or facts.is_the_imaging(code):
        return None
    verdict = _verdict(claim, str(known.value), cell.text)
    return assertion(cell, Kind.IMAGING_GUIDANCE, (code,), verdict, known.text, _cited(known, code, facts))


def _not_applicable(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    for code in spoken.about(facts)[:1]:
        section = facts.page(code).section("imaging_guidance")
        if section.state is State.NOT_APPLICABLE and section.facts:
            fact = section.facts[0]
            yield assertion(
                spoken.text, Kind.IMAGING_GUIDANCE, (code,), Judgement.SUPPORTED, fact.text, _cited(fact, code, facts)
            )


def _cited(fact: PageFact, code: str, facts: Facts) -> list[Citation]:
    """Where a fact stands; what a code's kind settles, in the code's row of the fee schedule."""
    if fact.citation is not None:
        return [fact.citation]
    fee = facts.fee(code)
    return [fee[1]] if fee is not None else []


def _claim(text: str) -> str | None:
    """What the sentence says of the imaging. Denials come first: "cannot be billed separately" is inclusion."""
    if _INCLUDED.search(_without_denied_inclusion(text)):
        return INCLUDED
    if _WITHOUT.search(text):
        return WITHOUT
    return SEPARATE if _SEPARATE.search(text) else None


def _without_denied_inclusion(text: str) -> str:
    return re.sub(
        r"\b(?:not|never|n't)\s+(?:\w+\s+)?(?:include\w*|bundled|inherent|integral|part\s+of|packaged)\b", " ", text
    )


def _verdict(claim: str, state: str, text: str) -> Judgement:
    if claim == state:
        return Judgement.SUPPORTED
    if claim == SEPARATE and state == WITHOUT:
        # With imaging another code is right; a sentence may mean just that.
        return Judgement.UNVERIFIABLE
    if claim == WITHOUT and state == SEPARATE:
        return Judgement.UNVERIFIABLE
    if claim == INCLUDED and state == SEPARATE and re.search(r"\b(?:may|can|option)\b", text, re.IGNORECASE):
        return Judgement.UNVERIFIABLE
    return Judgement.CONTRADICTED
