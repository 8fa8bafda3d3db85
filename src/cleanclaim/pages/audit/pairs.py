"""Statements that two procedures may, or may not, be reported together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleanclaim.engine.pair import PairAnswer, PairVerdict
from cleanclaim.pages.audit.blocks import Text, asks
from cleanclaim.pages.audit.codes import modifiers
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.pages.audit.spoken import Spoken, assertion

_TOGETHER: Final = (
    r"(?:together\s+|separately\s+|in\s+conjunction\s+|in\s+addition\s+|along\s+|concurrently\s+"
    r"|on\s+the\s+same\s+(?:day|claim)\s+)?"
)
_FORBIDS: Final = re.compile(
    r"\b(?:should|must|may|can|do|are|is|could)\s*(?:not|n't)\s+(?:be\s+)?(?:separately\s+)?(?:report\w*|bill\w*|cod\w+|us\w+|submit\w*)"
    r"|\bcannot\s+be\s+(?:reported|billed|coded|used)|\bnever\s+(?:be\s+)?(?:report|bill|cod)\w*"
    r"|\b(?:bundled|included|integral|incidental)\s+(?:in|into|with|to)\b|\bmutually\s+exclusive\b|\bdo\s+not\s+report\b"
    r"|\bnot\s+(?:on|together)\b"
    r"|\bnot\s+(?:separately\s+)?(?:reportable|billable|reported|billed)\b",
    re.IGNORECASE,
)
_BESIDE: Final = (
    r"(?:(?:with|for|alongside|beside|to)(?=(?:\s+[\w'-]+){0,4}?\s+\(?(?:[0-9A-Z]{5}\b|it\b|this\b|that\b|the\s+procedure))"
    r"|in\s+addition|separately|together|by\s+the\s+same)"
)
"""What a code is billed beside: a code near by, or what stands for one."""
_ALLOWS: Final = re.compile(
    r"\b(?:is|are|may\s+be|can\s+be|should\s+be|must\s+be|could\s+be)\s+(?:also\s+|separately\s+)?(?:reported|billed|coded|paid)\s+"
    + _TOGETHER
    + _BESIDE
    + r"|\bshould\s+be\s+used\s+(?:with|alongside)\s+[0-9A-Z]{5}\b"
    r"|\b(?:can|may|should|must)\s+be\s+added\b|\bboth\b[^.;]{0,30}?\bbe\s+(?:paid|billed|reported|coded)\b"
    r"|\b(?:can|may|should|must)\s+both\s+be\s+(?:paid|billed|reported|coded)\b"
    r"|\b(?:is|are|may\s+be|can\s+be)\s+used\s+(?:together|in\s+addition|alongside|in\s+conjunction)\b"
    r"|\b(?:is|are)\s+(?:also\s+)?(?:fine|allowed|permitted|acceptable|ok|okay|billable|reportable|payable)\s+(?:with|together|in\s+addition)"
    r"|\bbillable\s+together\b|\badding\s+\w{5}\s+to\s+\w{5}\s+is\s+(?:the\s+)?(?:right|correct|proper|fine|allowed|appropriate)"
    r"|\b(?:is|are)\s+the\s+(?:right|correct|proper)\s+[\w\s]{0,30}?to\s+(?:bill|report|code|add|use)\s+(?:with|to)"
    r"|\b(?:coded|billed|reported)\s+(?:on\s+its\s+own|separately)\b[^.;]{0,40}?\b(?:with|beside|alongside)"
    r"|\b(?:report|bill|code)\s+(?:both|also|separately|together)\b|\b(?:separately|additionally)\s+(?:reported|billed|coded)\s+(?:with|using|as)\b",
    re.IGNORECASE,
)
_IF_DISTINCT: Final = re.compile(
    r"\bmodifier|\b(?:59|X[EPSU])\b|\bdistinct|separate\s+(?:site|session|encounter|lesion|procedure)|different\s+(?:site|session|lesion|region)"
    r"|unrelated|\b[0-9A-Z]{5}-(?:24|25|57|58|59|78|79|91|X[EPSU]|LT|RT)\b|separately\s+identifiable|stands\s+on\s+its\s+own\b",
    re.IGNORECASE,
)
_TOGETHER_SAID: Final = re.compile(r"\btogether\b|\bboth\b|\bsame day\b", re.IGNORECASE)
_HEDGED: Final = re.compile(r"\bwhen\s+(?:applicable|allowed)|\bdepend\w*\s+on\b", re.IGNORECASE)


def judge(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """Each pair that a sentence says may or may not be reported together."""
    text = spoken.text.text
    if asks(text) or (_HEDGED.search(text) and not _FORBIDS.search(text)):
        return
    forbids = bool(_FORBIDS.search(text))
    if not forbids and not _ALLOWS.search(text):
        return
    named = spoken.named(facts)
    codes = list(dict.fromkeys(found.code for found in named))
    if len(codes) == 1 and modifiers(spoken.text):
        return
    if not codes:
        headed = spoken.headed(facts)
        if len(headed) == 2 and _TOGETHER_SAID.search(text):  # noqa: PLR2004 - the pair that the heading names
            made = _judged(spoken.text, text, (headed[0], headed[1]), facts, forbids=forbids)
            if made is not None:
                yield made
        return
    first = codes[0] if len(codes) > 1 else _other(spoken, codes[0], facts)
    for found in named:
        if found.code == first:
            continue
        whole = len(codes) <= 2  # noqa: PLR2004 - one pair: the sentence is the statement
        place = spoken.text if whole else Text(found.code, found.span.start)
        made = _judged(place, text, (first, found.code), facts, forbids=forbids)
        if made is not None:
            yield made


def _other(spoken: Spoken, code: str, facts: Facts) -> str:
    """The code that a sentence with one code speaks of besides: what "it" is, the heading's, or the page's."""
    if spoken.says_it and spoken.before:
        earlier = [found.code for found in Spoken(spoken.before[-1]).named(facts)]
        if earlier:
            return earlier[0]
    headed = spoken.headed(facts)
    return headed[0] if len(headed) == 1 else next(iter(facts.subjects), code)


def of_row(cell: Text, code: str, facts: Facts) -> Iterator[Assertion]:
    """The pair of a row's own code with the code its cell names, or with the page's."""
    text = cell.text
    if _HEDGED.search(text) or not (_FORBIDS.search(text) or _ALLOWS.search(text)):
        return
    others = [found.code for found in Spoken(cell).named(facts) if found.code != code] or list(facts.subjects[:1])
    for other in dict.fromkeys(others):
        if other != code:
            made = _judged(cell, text, (other, code), facts, forbids=bool(_FORBIDS.search(text)))
            if made is not None:
                yield made


def _judged(place: Text, text: str, pair: tuple[str, str], facts: Facts, *, forbids: bool) -> Assertion | None:
    answer = facts.pair(*pair)
    if answer is None:
        return None
    verdict = _verdict(answer, text, forbids=forbids)
    return assertion(place, Kind.NOT_REPORTED_WITH, pair, verdict, answer.explanation, answer.citations)


def _verdict(answer: PairAnswer, text: str, *, forbids: bool) -> Judgement:
    edit = answer.verdict in {PairVerdict.BUNDLED, PairVerdict.BUNDLED_UNLESS_DISTINCT}
    if not edit:
        # No edit is no permission, and what CPT itself forbids is not in the book.
        return Judgement.UNVERIFIABLE
    if forbids:
        return Judgement.SUPPORTED
    if answer.verdict is PairVerdict.BUNDLED_UNLESS_DISTINCT and _IF_DISTINCT.search(text):
        return Judgement.SUPPORTED
    return Judgement.CONTRADICTED
