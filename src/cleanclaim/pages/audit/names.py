"""Statements on names: which specialty a taxonomy code is, which diagnosis a code is, and whether it can be billed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleanclaim.index.cite import cite_answer
from cleanclaim.pages.audit.blocks import Row, Text, asks
from cleanclaim.pages.audit.codes import Found, diagnoses, taxonomies
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.labels import Topic, topic_of
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.pages.audit.spoken import Spoken, assertion
from cleanclaim.pages.audit.words import content_words, likeness
from cleanclaim.types import Citation, dotted

_SURE: Final = 0.6
_START: Final = 5
_MOST: Final = 4
"""Codes below a heading that are named."""
_NAME_COLUMN: Final = re.compile(r"descri|meaning|name|definition|special|diagnos|condition|title")
_REPORTED: Final = re.compile(
    r"\b(?:report\w*|bill\w*|cod(?:e|ed|ing)|use[sd]?|assign\w*|submit\w*|support\w*|cover\w*|payable)\b", re.IGNORECASE
)
_BILLABLE: Final = re.compile(
    r"\bbillable\b|\bspecific enough\b|\bvalid (?:code|diagnosis|icd)|\bcan be (?:billed|reported)\b", re.IGNORECASE
)
_NOT_BILLABLE: Final = re.compile(
    r"\b(?:not|isn't|no longer)\s+(?:\w+\s+){0,3}?(?:billable|valid|specific|payable)\b|\bnon-?billable\b|\binvalid\b"
    r"|\bcannot be (?:billed|reported)\b|\b(?:headings?|headers?|categor(?:y|ies)|parent codes?|incomplete"
    r"|too (?:general|short|vague))\b"
    r"|\b(?:needs?|requires?)\s+(?:\w+\s+){0,3}?(?:characters?|digits?)\b",
    re.IGNORECASE,
)
_NOT: Final = re.compile(r"\b(?:not|never|cannot|no)\b|n't\b", re.IGNORECASE)
_YES_OR_NO: Final = re.compile(
    r"\W*(?:yes\b|billable\b|valid\b|y\b|(?P<no>no\b|not\b|invalid\b|non-?billable\b|n\b))", re.IGNORECASE
)
_DISEASE: Final = re.compile(
    r"itis\b|osis\b|opathy\b|emia\b|algia\b|ulcer|pain|disease|disorder|syndrome|obstruct|strict|stenos|fracture|injur|cancer|neoplasm"
    r"|tumou?r|diabet|hypertens|infect|hemorrh|bleed|failure|insufficien|diverticul|polyp|hernia|arrhythm|fibrillation|flutter|deform|"
    r"sprain|tear\b|lesion|symptom|screening|encounter",
    re.IGNORECASE,
)
_DIAGNOSES: Final = re.compile(r"\bicd\b|\bicd-10|\bdiagnos|\bdx\b", re.IGNORECASE)
_ONLY_JOINS: Final = re.compile(r"[\s,;/&]*(?:\b(?:and|or)\b\s*)?")
_CATEGORY: Final = 3
_OPPOSITES: Final = (
    ("left", "right"),
    ("upper", "lower"),
    ("acute", "chronic"),
    ("primary", "secondary"),
    ("male", "female"),
)
_GENERIC: Final = frozenset({"medicine", "surgery"})
_ABBREVIATED: Final = re.compile(r"^[A-Z&/]{2,6}$")
_IN_BRACKETS: Final = re.compile(
    r"\s*(?:[(\[:=,-]|--|\b(?:means|is|stands for)\b(?!\s+(?:not|a|an|also|valid|billable|used|the)\b))"
    r"\s*([^()\[\]\n;,.]{4,80})[)\]]?"
)
_BEFORE: Final = re.compile(r"([A-Za-z][A-Za-z ,'-]{3,80})\s*[(\[]\s*(?:ICD-10(?:-CM)?\s*(?:code)?:?\s*)?$")


def is_taxonomy_table(row: Row) -> bool:
    """The row's first cell is a provider taxonomy code."""
    return bool(taxonomies(row.cells[0])) and len(row.cells) > 1


def is_diagnosis_table(row: Row) -> bool:
    """The row's first cell is a diagnosis code."""
    found = diagnoses(row.cells[0])
    return bool(found) and found[0].code == row.cells[0].text.upper() and len(row.cells) > 1


def taxonomy_row(row: Row, facts: Facts) -> Iterator[Assertion]:
    """The specialty a row gives a taxonomy code."""
    found = taxonomies(row.cells[0])
    yield from _taxonomy(found[0].code, row.cells[1], facts)


def diagnosis_row(row: Row, facts: Facts) -> Iterator[Assertion]:
    """What a row says a diagnosis code is, and that it is one to report."""
    code = row.cells[0].text.upper()
    asked = [cell for at, cell in enumerate(row.cells) if at and topic_of(row.under(at)) is Topic.BILLABLE]
    for cell in asked:
        if (answer := _YES_OR_NO.match(cell.text)) is not None:
            yield from _billable(cell, code, facts, said=answer["no"] is None)
    if not asked:
        yield from _billable(row.cells[0], code, facts)
    named = [cell for at, cell in enumerate(row.cells) if at and _NAME_COLUMN.search(row.under(at))]
    for cell in named[:1] or row.cells[1:2]:
        yield from _diagnosis(code, cell, facts)


def judge(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """Names that a sentence gives beside a taxonomy or a diagnosis code, and diagnoses it says to report."""
    if asks(spoken.text.text):
        return
    for found in taxonomies(spoken.text):
        if (name := _name_beside(spoken.text, found)) is not None:
            yield from _taxonomy(found.code, name, facts)
    text = spoken.text.text
    real = [found for found in diagnoses(spoken.text) if facts.is_diagnosis(found.code)]
    for found in real:
        category = len(found.code) <= _CATEGORY
        if (name := _name_beside(spoken.text, found)) is not None and (
            not category or _DIAGNOSES.search(f"{text} {spoken.heading}")
        ):
            yield from _diagnosis(found.code, name, facts, loosely=True)
        place = Text(text[found.span.start - spoken.text.start :][: len(found.code)], found.span.start)
        said = _said_billable(_clause(spoken.text, found, real))
        if said is not None:
            yield from _billable(place, found.code, facts, said=said)
        elif not category and _REPORTED.search(text) and not _NOT.search(text):
            yield from _billable(place, found.code, facts)


def _clause(text: Text, found: Found, all_found: list[Found]) -> str:
    """What is said of a code: all of the sentence for its only one, else what follows it, or the list it stands in."""
    if len(all_found) == 1:
        return text.text
    at = all_found.index(found)
    for one, after in zip(all_found[at:], [*all_found[at + 1 :], None], strict=True):
        end = after.span.start - text.start if after is not None else len(text.text)
        said = text.text[one.span.end - text.start : end]
        if not _ONLY_JOINS.fullmatch(said):
            return said
    return ""


def _said_billable(text: str) -> bool | None:
    """Whether a sentence says that its diagnosis codes can be billed, or cannot; None where it says neither."""
    if _NOT_BILLABLE.search(text):
        return False
    return True if _BILLABLE.search(text) else None


def _name_beside(text: Text, found: Found) -> Text | None:
    """The name in brackets after a code, or before the brackets it stands in."""
    after = _IN_BRACKETS.match(text.text, found.span.end - text.start)
    if after is not None and re.search(r"[A-Za-z]{4}", after[1]):
        return text.part(after.start(1), after.end(1))
    before = _BEFORE.search(text.text[: found.span.start - text.start])
    if before is None:
        return None
    words = before[1].split()[-6:]
    start = before.end(1) - len(" ".join(words))
    return text.part(start, before.end(1)) if before[1].endswith(" ".join(words)) else None


def _taxonomy(code: str, name: Text, facts: Facts) -> Iterator[Assertion]:
    known = _specialty(code, facts)
    if known is None:
        return
    names, fact, citation = known
    if not content_words(name.text):
        return
    yield assertion(name, Kind.TAXONOMY, (code,), _specialty_verdict(name.text, names), fact, [citation])


def _specialty_verdict(said: str, names: list[str]) -> Judgement:
    """Whether a specialty is the one that a taxonomy code goes by, its particular name before its general one."""
    if _ABBREVIATED.match(said.strip()):
        return Judgement.UNVERIFIABLE
    words = content_words(said)
    general = content_words(names[-1]) if len(names) > 1 else frozenset()
    own = content_words(" ".join(names))
    if words <= own:
        return Judgement.SUPPORTED
    telling, particular = words - general - _GENERIC, own - general - _GENERIC
    if not telling:
        telling, particular = words, own
    starts = {word[:_START] for word in particular or own}
    if any(word[:_START] in starts for word in telling):
        return Judgement.SUPPORTED if likeness(said, " ".join(names)) >= _SURE else Judgement.UNVERIFIABLE
    return Judgement.CONTRADICTED


def _specialty(code: str, facts: Facts) -> tuple[list[str], str, Citation] | None:
    """The names a taxonomy code goes by, a sentence, and where it is listed."""
    answer = facts.day.taxonomy(code)
    cited = cite_answer(answer, code)
    if answer.known and cited is not None:
        fact = answer.fact
        names = [name for name in (fact.display_name, fact.specialization, fact.classification) if name]
        of = ", ".join(name for name in (fact.classification, fact.specialization) if name)
        return names, f"{code} is {of}.", cited
    if not answer.no_data and cited is not None:
        return [""], f"{code} is not on the provider taxonomy.", cited
    # CMS's crosswalk names the taxonomies of Medicare's specialties only: what it lacks may well be one.
    enrolled = facts.day.taxonomy_specialty(code)
    cited = cite_answer(enrolled, code)
    if not enrolled.known or cited is None:
        return None
    names = [name for row in enrolled.facts for name in (row.specialty, *row.description.split("/")[1:]) if name]
    first = enrolled.fact
    return names, f"{code} is {first.description.partition('/')[2] or first.specialty}.", cited


def _billable(place: Text, code: str, facts: Facts, *, said: bool = True) -> Iterator[Assertion]:
    """That a diagnosis code can be billed, or cannot."""
    plain = code.replace(".", "")
    answer = facts.day.icd10cm(plain)
    cited = cite_answer(answer, dotted(plain))
    if answer.no_data or cited is None:
        return
    if answer.known and answer.fact.billable:
        fact = f"{dotted(plain)} is a billable diagnosis code."
        yield assertion(place, Kind.DIAGNOSIS_BILLABLE, (code,), _right(said), fact, [cited])
        return
    if answer.known:
        billable = [dotted(child.icd10cm) for child in facts.below(plain) if child.billable]
        below = ", ".join(billable[:_MOST])
        fact = f"{dotted(plain)} is a heading and cannot be billed" + (f": {below} can." if below else ".")
    else:
        fact = f"{dotted(plain)} is not an ICD-10-CM code on this day."
    yield assertion(place, Kind.DIAGNOSIS_BILLABLE, (code,), _right(not said), fact, [cited])


def _right(right: bool) -> Judgement:
    return Judgement.SUPPORTED if right else Judgement.CONTRADICTED


def _diagnosis(code: str, name: Text, facts: Facts, *, loosely: bool = False) -> Iterator[Assertion]:
    """The name given to a diagnosis code; ``loosely``, where what stands beside the code may be no name at all."""
    plain = code.replace(".", "")
    answer = facts.day.icd10cm_title(plain)
    cited = cite_answer(answer, dotted(plain))
    said = content_words(name.text)
    if not answer.known or cited is None or not answer.fact.description or not said:
        return
    own = answer.fact.description
    fact = f"{dotted(plain)} is {own}."
    other = _named_by(plain, name.text, facts)
    like = likeness(name.text, own)
    if _opposed(name.text, own):
        verdict = Judgement.CONTRADICTED
    elif other is not None and like < 1:
        fact += f" {_sentence(other, facts)}"
        verdict = Judgement.CONTRADICTED
    elif like >= _SURE:
        verdict = Judgement.SUPPORTED
    else:
        if not like and loosely and not _of_the_body(name.text):
            return
        verdict = Judgement.UNVERIFIABLE if like else Judgement.CONTRADICTED
    yield assertion(name, Kind.DIAGNOSIS_MEANING, (code,), verdict, fact, [cited])


def _of_the_body(text: str) -> bool:
    """The text speaks as the names of diseases do."""
    return _DISEASE.search(text) is not None


def _opposed(said: str, own: str) -> bool:
    """The one says left where the other says right, and the like."""
    ours, theirs = set(re.findall(r"[a-z]+", own.lower())), set(re.findall(r"[a-z]+", said.lower()))
    return any(
        (one in theirs and other in ours and other not in theirs and one not in ours)
        or (other in theirs and one in ours and one not in theirs and other not in ours)
        for one, other in _OPPOSITES
    )


def _named_by(code: str, name: str, facts: Facts) -> str | None:
    """Another code of the category whose title has every word of the name, where this code's has not."""
    said = content_words(name)
    own = content_words(facts.day.icd10cm_title(code).fact.description)
    if said <= own:
        return None
    for digit in "0123456789":
        other = f"{code[:3]}{digit}"
        if other == code[:4]:
            continue
        answer = facts.day.icd10cm_title(other)
        if answer.known and said <= content_words(answer.fact.description):
            return other
    return None


def _sentence(code: str, facts: Facts) -> str:
    return f"{dotted(code)} is {facts.day.icd10cm_title(code).fact.description}."
