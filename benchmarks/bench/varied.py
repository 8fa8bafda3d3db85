"""The varied mix: the encounters of the everyday mix, of claims that are much less alike.

Everyday claims have some 340 lists of diagnoses, one charge for each code, 15 payers and birthdays in half of the year
only: whatever remembers has an easy time with them. Here each claim has its own diagnoses, one to four, drawn from
thousands of billable codes, the most frequent a thousand times as often as the rarest; each provider has charges of its
own; half of those with a commercial payer have one of sixty small ones; and birthdays lie anywhere in the year.

What a visit is for is drawn freely. A test, a procedure, a drug or a screening keeps the diagnosis it is done for as
its first, since codes and coverage ask for it. Diagnoses are drawn apart from each other, so lists of them repeat less
than those of patients do; what is billed, and in which combinations, is as varied as everyday claims, no more.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bench import encounters as known
from bench.bodies import Body
from bench.everyday import Everyday, Patient, patient
from bench.x12 import FIRST_DAY

from cleanclaim.book.facts import Icd10cmNote
from cleanclaim.engine.diagnosed import names
from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.index.tables import spec
from cleanclaim.rules.code_groups import is_evaluation_and_management

_LETTERS: Final = "ABCDEFGHIJKLMNRS"
"""Chapters of ICD-10-CM for anybody: not pregnancy, birth, causes from outside, poisoning and factors of health."""
_ONLY_ADD: Final = ("B95", "B96", "B97", "R402", "R652", "R297")
"""What only adds to another diagnosis: organisms, coma and stroke scales, severe sepsis (ICD-10-CM guidelines)."""
_OF_A_LETTER: Final = 400
_HEADING: Final = 3
_FIRST_TREATMENT: Final = "A"
"""The seventh character of the first treatment of an injury."""
_HOW_MANY: Final = (1, 1, 2, 2, 2, 3, 3, 4)
_STEEPNESS: Final = 5
"""The n-th most frequent diagnosis is drawn in proportion to 1/(n + 5)."""
_REASONS_TO_BE_THERE: Final = "Z"
_SIDES: Final = frozenset({"RT", "LT"})
_CHARGES: Final = range(55, 241)
"""What a provider charges, in percent of what everyday ones do."""
_SMALL: Final = tuple(
    known.Payer(f"V{number:04d}", f"SYNTHETIC HEALTH PLAN {number}", "CI", 1 / (number + 3)) for number in range(60)
)
_SUMMED: Final = tuple(itertools.accumulate(payer.weight for payer in _SMALL))
_OLDER: Final = 9
"""So many years older than everyday ones some of those above 64 are."""


class Varied(Everyday):
    """Claims of the varied mix, provider after provider; ``claims`` is how many there will be."""

    def __init__(self, book: OpenBook, seed: int, claims: int) -> None:
        super().__init__(book, seed, claims)
        self._drawing = random.Random(seed)  # noqa: S311 - test data
        self._notes = _diagnoses(book, book.as_of(FIRST_DAY), self._drawing)
        self._codes = tuple(self._notes)
        self._frequent = tuple(itertools.accumulate(1 / (rank + _STEEPNESS) for rank in range(len(self._codes))))

    def _patient(self, number: int) -> Patient:
        return varied_patient(number)

    def _billed(self, body: Body, provider: int) -> Body:
        """The body with diagnoses of its own and the provider's charges."""
        codes = self._diagnoses_of(body)
        percent = _CHARGES[provider * 7919 % len(_CHARGES)]
        lines = tuple(line._replace(charge=max(1, line.charge * percent // 100)) for line in body.lines)
        sided = any(not _SIDES.isdisjoint(line.modifiers) for line in lines)
        # What is done on a side is for the diagnosis of that side.
        pointer = "1" if sided else ":".join(str(at + 1) for at in range(self._drawing.randint(1, len(codes))))
        return replace(body, codes=codes, lines=lines, pointer=pointer)

    def _diagnoses_of(self, body: Body) -> tuple[str, ...]:
        visit = all(is_evaluation_and_management(line.code) for line in body.lines)
        own = () if visit and not body.codes[0].startswith(_REASONS_TO_BE_THERE) and not body.side else body.codes
        many = self._drawing.choice(_HOW_MANY)
        codes = list(own)
        for code in self._drawing.choices(self._codes, cum_weights=self._frequent, k=many):
            if len(codes) < max(many, len(own)) and self._fits_beside(code, codes):
                codes.append(code)
        return tuple(codes)

    def _fits_beside(self, code: str, others: Sequence[str]) -> bool:
        """No note of either names the other, as it does for no diagnoses that are given together."""
        return not any(
            code[:_HEADING] == other[:_HEADING]
            or any(names(note, other) for note in self._notes[code])
            or any(names(note, code) for note in self._notes.get(other, ()))
            for other in others
        )


def varied_patient(number: int) -> Patient:
    """The patient of a number: those of the everyday mix, born on any day of a year, and of more payers."""
    usual = patient(number)
    drawn = random.Random(number)  # noqa: S311 - test data
    born = usual.birth.year - (drawn.randrange(_OLDER) if usual.kind[0] == "old" else 0)
    birth = dt.date(born, 1, 1) + dt.timedelta(drawn.randrange(365))
    # Ages stay what the encounters are for.
    if (birth.month, birth.day) > (FIRST_DAY.month, FIRST_DAY.day):
        birth = birth.replace(year=born - 1)
    payer = usual.payer
    if payer in known.COMMERCIAL and drawn.random() < 0.5:
        payer = drawn.choices(_SMALL, cum_weights=_SUMMED)[0]
    return usual._replace(birth=birth, payer=payer)


def _diagnoses(book: OpenBook, day: DayBook, random_: random.Random) -> Mapping[str, tuple[Icd10cmNote, ...]]:
    """Diagnosis codes that anybody's visit may be for, the frequent first, each with the notes that name others."""
    codes = [code for code in book.index.keys_of(spec("icd10cm")) if code[0] in _LETTERS]
    random_.shuffle(codes)
    left = dict.fromkeys(_LETTERS, _OF_A_LETTER)
    found: dict[str, tuple[Icd10cmNote, ...]] = {}
    for code in codes:
        letter = code[0]
        if not left[letter] or code.startswith(_ONLY_ADD) or (letter == "S" and not code.endswith(_FIRST_TREATMENT)):
            continue
        answer = day.icd10cm(code)
        if not answer.known or not answer.fact.billable:
            continue
        notes = tuple(_notes(code, day))
        if any(note.kind in {"manifestation", "sex"} for note in notes):
            continue
        found[code] = tuple(note for note in notes if note.kind in {"excludes1", "code_first"})
        left[letter] -= 1
    return found


def _notes(code: str, day: DayBook) -> Iterator[Icd10cmNote]:
    """The notes at a code and the headings above it."""
    for length in range(_HEADING, len(code) + 1):
        answer = day.icd10cm_notes(code[:length])
        if answer.known:
            yield from answer.facts
