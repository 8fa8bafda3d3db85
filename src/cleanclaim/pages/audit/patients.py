"""Statements that make a procedure one for women or for men, where it is for either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.pages.audit.spoken import Spoken, assertion

_THE_PATIENT: Final = re.compile(
    r"\bthe (?:woman|man|female patient|male patient|mother)\b(?!'s (?:partner|husband))", re.IGNORECASE
)
_OF_ONE_SEX: Final = re.compile(
    r"uter|cervix|vagin|vulv|ovar|pregnan|fetal|fetus|deliver|obstet|maternity|gynec|hyster|breast|mammo|prostat|penis|penile|"
    r"testi|scrot|vas deferens|circumcis|spermat",
    re.IGNORECASE,
)
_GENITAL_AND_MATERNITY: Final = ("54000", "60000")
"""Codes of the male and female organs and of maternity."""


def judge(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """A sentence that calls the patient a woman, or a man, as if the code were for them only."""
    match = _THE_PATIENT.search(spoken.text.text)
    code = next(iter(facts.subjects), "")
    known = facts.meaning(code) if code else None
    if match is None or known is None or re.search(r"\b\d+-year-old\b", spoken.text.text):
        return
    meaning, citation = known
    low, high = _GENITAL_AND_MATERNITY
    if _OF_ONE_SEX.search(meaning) or (code.isdigit() and low <= code < high):
        return
    fact = f"{code} is not limited to one sex: {meaning.rstrip('.')}."
    yield assertion(
        spoken.text.part(match.start(), match.end()), Kind.DEFINITION, (code,), Judgement.CONTRADICTED, fact, [citation]
    )
