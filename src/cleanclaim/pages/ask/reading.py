"""What is understood of a question: the first that is asked, what it names, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pages.ask.entities import Entities, entities
from cleanclaim.pages.ask.intents import Heard, intent_of, is_beyond
from cleanclaim.pages.ask.manner import Manner, manner_of
from cleanclaim.pages.ask.model import Intent
from cleanclaim.pages.ask.parts import questions_of, spelled_out
from cleanclaim.pages.ask.topics import topics_of
from cleanclaim.types import Date

_A_CODE: Final = "a procedure code"
_A_DIAGNOSIS: Final = "a diagnosis code"
_OF_NO_CODE: Final = frozenset({None, Intent.CHANGES, Intent.MODIFIER_MEANING})
_OF_MORE_THAN_PROCEDURES: Final[dict[Intent | None, tuple[Callable[[int, int, int], bool], str]]] = {
    Intent.MEANING: (lambda procedures, diagnoses, _: bool(procedures or diagnoses), "a code"),
    Intent.DENIAL: (
        lambda procedures, _, denials: bool(procedures or denials),
        "a reason or remark code, such as CO-97 or N20, or a procedure code",
    ),
    Intent.DIAGNOSIS_BILLABLE: (lambda _, diagnoses, __: bool(diagnoses), _A_DIAGNOSIS),
}
"""What is enough for an intent, by how many procedure, diagnosis and denial codes are named."""
_PAIR: Final = 2


@dataclass(frozen=True)
class Reading:
    """A question as it was read. ``intent`` None: not understood; ``lacks`` says what it takes and does not name."""

    text: str
    intent: Intent | None
    named: Entities
    manner: Manner
    lacks: str = ""
    rest: tuple[str, ...] = ()
    """Further questions in the text, which are not answered."""


def read(book: OpenBook, question: str, date: Date) -> Reading:
    """The first question of a text that is understood, and the further ones."""
    text = spelled_out(question)
    parts = [_read_one(book, part, date) for part in questions_of(text)]
    if len(parts) == 1:
        return parts[0]
    parts = [_with_codes_of(parts, at) for at in range(len(parts))]
    first = next((at for at, part in enumerate(parts) if part.intent is not None), None)
    if first is None:
        return _read_one(book, text, date)
    chosen = parts[first]
    rest = [part.text for part in parts[:first] if part.named.subjects - chosen.named.subjects]
    for part in parts[first + 1 :]:
        if part.intent is None and not part.named.subjects:
            continue
        if _completes(part, chosen):
            chosen = _read_one(book, f"{chosen.text} {part.text}", date)
        elif part.intent not in {chosen.intent, None} or not part.named.subjects <= chosen.named.subjects:
            rest.append(part.text)
    return replace(chosen, rest=tuple(rest))


def _completes(part: Reading, chosen: Reading) -> bool:
    """It is no question of its own, but names what the one before it asks of."""
    if chosen.intent is Intent.DIAGNOSIS_SUPPORTS and not chosen.named.diagnoses:
        return bool(part.named.diagnoses) and not part.named.codes
    if chosen.intent is Intent.STATUS and part.intent is Intent.REPLACED_BY:
        return part.named.codes == chosen.named.codes
    return bool(chosen.lacks) and part.intent in {chosen.intent, None}


def _read_one(book: OpenBook, text: str, date: Date) -> Reading:
    topics = topics_of(text)
    named = entities(book, book.as_of(date), text, topics)
    return _reading(text, named)


def _reading(text: str, named: Entities) -> Reading:
    intent = intent_of(Heard(text, named, topics_of(text)))
    if is_beyond(text) and not named.denials:
        intent = None
    manner = manner_of(text)
    return Reading(text, intent, named, manner, _lacking(intent, named, which=manner.which))


def _with_codes_of(parts: list[Reading], at: int) -> Reading:
    """A question that names no code is asked of those named before it, else of those after it."""
    part = parts[at]
    if part.named.codes or part.named.unlisted or part.named.diagnoses or part.named.denials:
        return part
    others = [other.named for other in (*reversed(parts[:at]), *parts[at + 1 :]) if other.named.subjects]
    if not others:
        return part
    taken = others[0]
    named = replace(
        part.named,
        codes=list(taken.codes),
        diagnoses=[] if taken.codes else list(taken.diagnoses),
        unlisted=list(taken.unlisted),
        date=part.named.date or taken.date,
    )
    return _reading(part.text, named)


def _lacking(intent: Intent | None, named: Entities, *, which: bool) -> str:
    """What the intent takes that is not named; codes on no list are named."""
    procedures, diagnoses = len(named.codes) + len(named.unlisted), len(named.diagnoses)
    if intent in _OF_NO_CODE:
        return ""
    if intent in _OF_MORE_THAN_PROCEDURES:
        enough, what = _OF_MORE_THAN_PROCEDURES[intent]
        return "" if enough(procedures, diagnoses, len(named.denials)) else what
    if not procedures:
        return _A_CODE
    if intent is Intent.BILLED_TOGETHER and procedures < _PAIR:
        return "the code that it is billed with"
    if intent is Intent.DIAGNOSIS_SUPPORTS and not diagnoses and not which:
        return _A_DIAGNOSIS
    return ""
