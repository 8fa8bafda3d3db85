"""The answer to a question, as text and as the contract's JSON."""

from __future__ import annotations

import re
import textwrap
from typing import Any, Final

from cleanclaim.pages.ask.model import Answer, AnswerState, Intent, Understood
from cleanclaim.render import jsonable
from cleanclaim.render.rows import citation_text

_SAYS_ITSELF: Final = frozenset({Intent.MEANING, Intent.MODIFIER_MEANING, Intent.DENIAL})
_AMOUNT: Final = re.compile(r"(?<![\w.])[0-9]+\.[0-9]{2}\b")
_MOST_SOURCES: Final = 8


def as_json(answer: Answer) -> dict[str, Any]:
    """The contract's ``cleanclaim.answer/1``."""
    return {
        "schema": "cleanclaim.answer/1",
        "question": answer.question,
        "state": str(answer.state),
        "understood": _understood(answer.understood),
        "date": answer.date.isoformat(),
        "answer": answer.answer,
        "text": answer.text,
        "citations": [jsonable.citation(cited) for cited in answer.citations],
    } | ({"unanswered": list(answer.unanswered)} if answer.unanswered else {})


def _understood(read: Understood) -> dict[str, Any]:
    """The intent and the codes always; of the rest what the question names."""
    told: dict[str, Any] = {"intent": None if read.intent is None else str(read.intent), "codes": list(read.codes)}
    for name in ("modifiers", "diagnoses", "denials", "unlisted"):
        if getattr(read, name):
            told[name] = list(getattr(read, name))
    for name in ("payer", "zip_code", "pos"):
        if getattr(read, name):
            told[name] = getattr(read, name)
    if read.date is not None:
        told["date"] = read.date.isoformat()
    if read.units is not None:
        told["units"] = str(read.units)
    return told


def text(answer: Answer, *, width: int = 100) -> str:
    """The answer to be read in a terminal: the word first, then the sentences, then where they are published."""
    lines = [*textwrap.wrap(_head(answer), width), *textwrap.wrap(answer.text, width)]
    if answer.state is not AnswerState.NOT_UNDERSTOOD:
        lines.append(f"For services on {answer.date}.")
    for cited in answer.citations[:_MOST_SOURCES]:
        lines += textwrap.wrap(citation_text(cited), width, initial_indent="  ", subsequent_indent="    ")
    if len(answer.citations) > _MOST_SOURCES:
        lines.append(f"  and {len(answer.citations) - _MOST_SOURCES} more sources (--format json lists every one)")
    return "\n".join(lines) + "\n"


def _head(answer: Answer) -> str:
    """The answer in a word; none where the sentences begin with it, as a meaning does."""
    if answer.state is AnswerState.NOT_UNDERSTOOD:
        return "Not understood."
    if answer.state is AnswerState.NO_DATA:
        return "No data."
    if answer.understood.intent in _SAYS_ITSELF:
        return ""
    word = answer.answer
    if answer.understood.intent is Intent.PRICE:
        word = _AMOUNT.sub(r"$\g<0>", word)
    return f"{word[:1].upper()}{word[1:]}."
