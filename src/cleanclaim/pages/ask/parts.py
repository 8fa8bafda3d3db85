"""A text as the questions in it: what is told before or after a question belongs to it."""

from __future__ import annotations

import re
from typing import Final

_ASKING: Final = (
    r"(?:how|what|whats|what's|which|when|why|who|where|is|are|was|were|does|do|did|can|could|will|would|should|may|"
    r"has|have|need|any)"
)
_JOINED: Final = re.compile(
    rf"(?<=[?!;])\s+|(?<=[a-z0-9)]\.)\s+(?=[A-Za-z])|,?\s+(?:and|also|plus|then|but)\s+(?:also\s+|if\s+so,?\s+)?(?={_ASKING}\b)"
    rf"|,\s+(?={_ASKING}\b)",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    rf"^(?:(?:and|also|so|then|but|or|ok|okay|if not|if so|if yes|hi|hello|please|pls)[\s,]+)*{_ASKING}\b|\?\s*$",
    re.IGNORECASE,
)


_SHORT: Final = (
    (re.compile(r"\bw/o\b", re.IGNORECASE), "without"),
    (re.compile(r"\bw/(?=\s|[0-9])", re.IGNORECASE), "with "),
    (re.compile(r"\b(rt|lt)/(rt|lt)\b", re.IGNORECASE), r"\1 / \2"),
)
_AND: Final = re.compile(r"^,?\s+(?:and|also|plus|then)\s", re.IGNORECASE)
_TELLS: Final = re.compile(
    r"^(?:i|i'm|we|we're|my|our|he|she|they|the|a|an|it|patient|pt|doctor|dr|provider|insurance|payer|claim|hi|hello|if|since|when)\b",
    re.IGNORECASE,
)


def questions_of(text: str) -> tuple[str, ...]:
    """The questions of a text in their order, each with the statements that lead to it; at least one.

    >>> questions_of("62323 was done. Is fluoro included, and how many units?")
    ('62323 was done. Is fluoro included,', 'how many units?')
    """
    questions: list[str] = []
    told: list[str] = []
    pieces = [piece.strip() for piece in _JOINED.split(text) if piece.strip()]
    for at, part in enumerate(pieces):
        if _ASKS.search(part) or (at < len(pieces) - 1 and _is_topic(part, pieces[at + 1], text)):
            questions.append(" ".join([*told, part]))
            told = []
        else:
            told.append(part)
    if not questions:
        return (text,)
    if told:
        questions[-1] = " ".join([questions[-1], *told])
    return tuple(questions)


def spelled_out(text: str) -> str:
    """The question with "w/" and "w/o" as words, and a slash between two words set apart from them."""
    for shape, word in _SHORT:
        text = shape.sub(word, text)
    return text


def _is_topic(part: str, following: str, text: str) -> bool:
    """A question without a verb, such as "global days for 27447", that "and" joins to another question."""
    end = text.find(part) + len(part)
    joint = text[end : text.find(following, end)]
    return _AND.match(joint) is not None and _TELLS.match(part) is None
