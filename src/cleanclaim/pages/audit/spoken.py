"""A sentence with the codes it speaks of: its own, those it points back at, or the page's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cleanclaim.pages.audit.blocks import Sentence, Text
from cleanclaim.pages.audit.codes import Found, procedures
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.types import Citation

_POINTS_BACK: Final = re.compile(
    r"\b(?:this|the|that)\s+(?:\w+[\s-]){0,2}?(?:code|add-on|procedure|service)\b|^\s*(?:it|this)\b", re.IGNORECASE
)
_IT: Final = re.compile(r"\s*it\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence, and the sentences before it in its paragraph."""

    text: Text
    before: tuple[Text, ...] = ()
    heading: str = ""
    of_row: tuple[str, ...] = ()
    """The code of the row that the text is a cell of."""

    @classmethod
    def of(cls, sentence: Sentence) -> Spoken:
        """The sentence as a judge hears it."""
        return cls(sentence.text, sentence.before, sentence.heading)

    @property
    def says_it(self) -> bool:
        """The sentence speaks of "it": what the sentence before began with."""
        return _IT.match(self.text.text) is not None

    def headed(self, facts: Facts) -> tuple[str, ...]:
        """The procedure codes of the heading above."""
        found = procedures(Text(self.heading, 0))
        return tuple(dict.fromkeys(entry.code for entry in found if facts.is_procedure(entry.code)))

    def named(self, facts: Facts) -> list[Found]:
        """The procedure codes in the sentence that a loaded list has, or the page is about."""
        return [found for found in procedures(self.text) if facts.is_procedure(found.code)]

    def about(self, facts: Facts) -> tuple[str, ...]:
        """The codes a statement of the sentence is about: its own, else the one it points back at, else the page's.

        Of several, guidance codes are left out: a sentence on guidance speaks of the procedure that is guided.
        """
        own = list(dict.fromkeys(found.code for found in self.named(facts)))
        guided = [code for code in own if not facts.is_the_imaging(code)]
        if guided:
            return tuple(guided)
        if own:
            return facts.subjects[:1] if own[0] not in facts.subjects else tuple(own)
        if self.of_row:
            return self.of_row
        if _POINTS_BACK.search(self.text.text) and (earlier := self.pointed_at(facts)):
            return earlier
        headed = self.headed(facts)
        return headed if len(headed) == 1 else facts.subjects[:1]

    def pointed_at(self, facts: Facts) -> tuple[str, ...]:
        """The code that "this code" and "it" point back at: of the last sentence before that names any."""
        for sentence in reversed(self.before):
            named = Spoken(sentence).named(facts)
            if named:
                return (named[0 if self.says_it else -1].code,)
        return ()


def assertion(  # noqa: PLR0917 - the fields of an assertion, in their order
    text: Text, kind: Kind, codes: tuple[str, ...], verdict: Judgement, fact: str, citations: Iterable[Citation] = ()
) -> Assertion:
    """An assertion whose quote is the whole of ``text``."""
    return Assertion(
        text.text, text.start, text.start + len(text.text), kind, codes, verdict, fact, tuple(dict.fromkeys(citations))
    )


def moved(made: Assertion, place: Text) -> Assertion:
    """The same assertion, said of another stretch of the page."""
    return assertion(place, made.kind, made.codes, made.verdict, made.fact, made.citations)
