"""Questions that coders ask, answered from the book with citations, the same every time.

What is named in a question is found by its shape and the lists loaded; the topic by its words, mistypings mended. A
question that is not understood is said to be, with what was understood of it; of several, the first is answered and
the others are named. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from cleanclaim.errors import InputError
from cleanclaim.index.cite import cite_answer
from cleanclaim.index.lookup import OpenBook
from cleanclaim.pages.ask import of_codes, of_denials, of_diagnoses, of_payment
from cleanclaim.pages.ask.desk import Desk, Reply
from cleanclaim.pages.ask.entities import Entities
from cleanclaim.pages.ask.model import Answer, AnswerState, Intent, Understood
from cleanclaim.pages.ask.reading import Reading, read
from cleanclaim.pages.typography import TYPEWRITTEN
from cleanclaim.types import Date, dotted

__all__ = ["Answer", "AnswerState", "Intent", "Understood", "ask"]

_ANSWERS: Final[Mapping[Intent, Callable[[Desk], Reply]]] = {
    Intent.IMAGING_INCLUDED: of_codes.imaging_included,
    Intent.BILLED_TOGETHER: of_codes.billed_together,
    Intent.MODIFIER_APPLIES: of_codes.modifier_applies,
    Intent.MODIFIER_MEANING: of_codes.modifier_meaning,
    Intent.ADD_ON: of_codes.add_on,
    Intent.UNITS: of_codes.units,
    Intent.STATUS: of_codes.status,
    Intent.GLOBAL_DAYS: of_codes.global_days,
    Intent.MEANING: of_codes.meaning,
    Intent.REPLACED_BY: of_codes.replaced_by,
    Intent.PRICE: of_payment.price,
    Intent.AUTHORIZATION: of_payment.authorization,
    Intent.CHANGES: of_payment.changes,
    Intent.DIAGNOSIS_BILLABLE: of_diagnoses.diagnosis_billable,
    Intent.DIAGNOSIS_SUPPORTS: of_diagnoses.diagnosis_supports,
    Intent.DENIAL: of_denials.denial,
}
_ASKS: Final[Mapping[Intent, str]] = {
    Intent.IMAGING_INCLUDED: "whether imaging is included",
    Intent.BILLED_TOGETHER: "whether codes may be billed together",
    Intent.MODIFIER_APPLIES: "whether a modifier applies",
    Intent.MODIFIER_MEANING: "what a modifier means",
    Intent.ADD_ON: "whether a code is an add-on",
    Intent.UNITS: "how many units may be billed",
    Intent.STATUS: "whether Medicare pays a code",
    Intent.GLOBAL_DAYS: "the global days",
    Intent.MEANING: "what a code means",
    Intent.REPLACED_BY: "which code takes another's place",
    Intent.PRICE: "what Medicare pays",
    Intent.AUTHORIZATION: "whether a prior authorization is needed",
    Intent.CHANGES: "what changed",
    Intent.DIAGNOSIS_BILLABLE: "whether a diagnosis is billable",
    Intent.DIAGNOSIS_SUPPORTS: "whether a diagnosis supports a procedure",
    Intent.DENIAL: "what a denial means",
}
LONGEST: Final = 2_000
"""Characters of a question that are read."""
_WE_ANSWER: Final = (
    "Ask whether imaging is included in a code, whether two codes may be billed together, whether a modifier applies, "
    "whether a code is an add-on, how many units, what it pays in a ZIP code, which code replaces it, whether a "
    "diagnosis is billable or supports it, whether a payer wants an authorization, what changed, or what a denial code "
    "means."
)


def ask(book: OpenBook, question: str, date: Date) -> Answer:
    """Answer a question for services on ``date``, or on the day that the question itself names.

    Raises InputError for a question that is empty or longer than :data:`LONGEST`.
    """
    plain = " ".join(question.translate(TYPEWRITTEN).split())
    if not plain:
        raise InputError('The question is empty. Ask, for example, "Is imaging included in 62323?"')
    if len(plain) > LONGEST:
        raise InputError(f"The question has {len(plain):,} characters; at most {LONGEST:,} are read. Ask one thing.")
    reading = read(book, plain, date)
    day = reading.named.date or date
    reply = _reply(book, day, reading)
    understood = _understood(reading)
    if reply is None:
        return Answer(plain, AnswerState.NOT_UNDERSTOOD, understood, day, "", _not_understood(reading))
    state = AnswerState.ANSWERED if reply.known else AnswerState.NO_DATA
    text = reply.text
    rest = tuple(part.strip(" ,;.?!") for part in reading.rest)
    if rest:
        left = ", ".join(f'"{part}"' for part in rest)
        text = f"{text} The rest of the question was not answered ({left}): ask it by itself."
    return Answer(plain, state, understood, day, reply.answer, text, reply.citations, rest)


def _reply(book: OpenBook, day: Date, reading: Reading) -> Reply | None:
    if reading.intent is None or reading.lacks:
        return None
    named = reading.named
    if named.unlisted and not named.denials:
        names = ", ".join(named.unlisted)
        verb = "is" if len(named.unlisted) == 1 else "are"
        return Reply(
            "no data",
            f"{names} {verb} on no loaded list of codes, so nothing can be said of it. Check the number, or load the "
            "whole tables: cleanclaim data update.",
            known=False,
        )
    desk = Desk(book, day, named, reading.manner)
    return _with_source(_ANSWERS[reading.intent](desk), desk)


def _with_source(reply: Reply, desk: Desk) -> Reply:
    """What a code's kind settles, or its modifiers rule out, rests on its row of the fee schedule; else on nothing."""
    if reply.citations or not reply.known:
        return reply
    rows = {code: desk.day.fee_schedule(code) for code in desk.named.codes}
    found = [cite_answer(answer, code) for code, answer in rows.items() if answer.known]
    citations = tuple(citation for citation in found if citation is not None)
    return replace(reply, citations=citations) if citations else replace(reply, answer="no data", known=False)


def _understood(reading: Reading) -> Understood:
    named = reading.named
    borne = [modifier for modifiers in named.of_code.values() for modifier in modifiers]
    return Understood(
        reading.intent,
        tuple(named.codes),
        tuple(dict.fromkeys([*named.modifiers, *borne])),
        tuple(dotted(code) for code in named.diagnoses),
        tuple(named.denials),
        named.payer,
        named.zip_code,
        named.pos,
        named.date,
        named.units,
        tuple(named.unlisted),
    )


def _not_understood(reading: Reading) -> str:
    found = _names(reading.named)
    if reading.intent is not None:
        of = f" Named was {', '.join(found)}." if found else ""
        return f"Understood was that you ask {_ASKS[reading.intent]}, but the question lacks {reading.lacks}.{of}"
    if found:
        return f"Understood was {', '.join(found)}, but not what is asked of it. {_WE_ANSWER}"
    return f"No code and no question was understood. {_WE_ANSWER}"


def _names(named: Entities) -> list[str]:
    found = [*named.codes, *named.modifiers, *(dotted(code) for code in named.diagnoses)]
    found += [f"{code} (on no loaded list)" for code in named.unlisted]
    if named.payer:
        found.append(f"the payer {named.payer}")
    if named.zip_code:
        found.append(f"ZIP code {named.zip_code}")
    return found
