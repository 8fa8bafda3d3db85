"""Claims that come one by one, as to a service: settled like those of a table, by those that came before.

The numbers are those of :mod:`~cleanclaim.engine.alike.numbered`, told of a claim as an object; a test holds them to
telling the same claims apart that :mod:`~cleanclaim.engine.alike.tabular` does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence, Sized
from functools import partial, reduce
from itertools import combinations
from operator import attrgetter, or_
from threading import Lock
from typing import Any, Final

from cleanclaim.claims.model import POINTABLE_ROLES, REPLACEMENT_OR_VOID, Claim, ClaimLine
from cleanclaim.engine.alike.days import turns_of
from cleanclaim.engine.alike.kinds import HALF, STALE, Kinds, Trait
from cleanclaim.engine.alike.memory import Memory, Told
from cleanclaim.engine.alike.numbered import (
    CODED,
    DATED,
    DIAGNOSIS,
    INFANT,
    LONGEST_CLAIM,
    MOST_TOLD,
    NPIS,
    OLDEST,
    PAYER,
    PLACE,
    UNBORN,
    USUAL_DAYS,
    Numbered,
    prompt_days,
)
from cleanclaim.engine.convert import cents, npi_state, ordinal
from cleanclaim.engine.diagnosis_notes import years_of_age
from cleanclaim.engine.gather import TOTAL_REVENUE, WAIVES_SEX_EDIT
from cleanclaim.engine.line_facts import X12_SEGMENTS
from cleanclaim.engine.units import all_level_two
from cleanclaim.engine.verdicts import gap_families
from cleanclaim.engine.work import ClaimWork
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.facts import UNKNOWN
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import Date, Setting

_MOST_NUMBERS: Final = 200_000
"""So many numbers are kept, with what was learned of them; beyond that all is begun anew."""
# Plain numbers: an enumeration's own operators are slow.
_DIAGNOSES, _MEDICARE, _COVERED = int(Trait.DIAGNOSES), int(Trait.MEDICARE), int(Trait.COVERED)
_PERSON, _COUNTED, _LOOKS_BACK = int(Trait.PERSON), int(Trait.COUNTED), int(Trait.LOOKS_BACK)

_payer: Final = attrgetter("claim_type", *PAYER)
_place: Final = attrgetter("claim_type", *PAYER, *PLACE)
_coded: Final = attrgetter("modifiers", *CODED)
_measured: Final = attrgetter("unit_basis", "units", "rendering_taxonomy", "ndc", "has_attachment", "line_no")
_npis: Final = attrgetter(*NPIS)
_dated: Final = attrgetter(*DATED)
_diagnosis: Final = attrgetter(*DIAGNOSIS)

_Given = dict[tuple[Any, ...], int]
"""Numbers, by what they stand for."""


class OneByOne:
    """Settles single claims. One choice of rules, one book."""

    def __init__(self, book: OpenBook, rules: Sequence[LoadedRule], known_on: Date | None) -> None:
        self._new_kinds = partial(Kinds, book, rules, known_on)
        self._turns = turns_of(book, rules)
        self._prompt = prompt_days(book.policies)
        self._gaps = gap_families(rules)
        self._lock = Lock()
        """Threads of a service share what is remembered."""
        self._begun = 0
        self._forget()

    def _forget(self) -> None:
        self._begun += 1
        self._kinds = self._new_kinds()
        self._memory = Memory(self._gaps, self._kinds.told_payers)
        self._payers: _Given = {}
        self._bound: _Given = {}
        self._contractors: _Given = {}
        self._related: _Given = {}
        self._known_codes: dict[tuple[Any, ...], tuple[int, int]] = {}
        self._bills: dict[tuple[Any, ...], tuple[int, int]] = {}
        """A number for each line as billed, and its traits."""
        self._billed: _Given = {}
        self._diagnoses: _Given = {}
        self._of_lines: _Given = {}
        self._of_diagnoses: _Given = {}
        asked = (self._payers, self._bound, self._contractors, self._related, self._known_codes, self._bills)
        self._all: tuple[Sized, ...] = (*asked, self._billed, self._diagnoses, self._of_lines, self._of_diagnoses)

    def look(self, claim: Claim) -> tuple[Numbered | None, Told | None]:
        """The numbers of a claim, None where it is unusual, and what is said of it, None where it must be checked."""
        with self._lock:
            numbers = self.numbers(claim)
            return numbers, None if numbers is None else self._told(numbers)

    def learn(self, work: ClaimWork, numbers: Numbered) -> None:
        """Remember a claim that was checked, alone, and had no finding."""
        with self._lock:
            if numbers.begun != self._begun:
                return  # another thread's claim was one too many: these are numbers of before
            self._memory.learn(work, numbers)

    def _told(self, claim: Numbered) -> Told | None:
        memory = self._memory
        memory.room(len(self._of_lines), len(self._of_diagnoses))
        known = all(memory.of_lines[at] for at in claim.of_lines)
        if not known or not all(memory.of_diagnoses[at] for at in claim.of_diagnoses):
            return None
        found = memory.number(claim.billed, claim.day, claim.diagnoses, claim.diagnosis_day, claim.payer)
        return memory.told[found] if found >= 0 else None

    def numbers(self, claim: Claim) -> Numbered | None:
        """The numbers of a claim; None where it is unusual."""
        if sum(map(len, self._all)) + len(self._memory) > _MOST_NUMBERS:
            self._forget()
        lines = claim.lines
        days = [ordinal(line.service_from) for line in lines]
        if not lines or not all(days) or claim.envelope_faults or claim.frequency in REPLACEMENT_OR_VOID:
            return None
        ends = [ordinal(line.service_to) for line in lines]
        first, last = min(days), max(*days, *ends)
        born = ordinal(claim.patient_birth_date)
        if (
            first not in USUAL_DAYS
            or last not in USUAL_DAYS
            or any(end and end < day for day, end in zip(days, ends, strict=True))
        ):
            return None
        if last - first > LONGEST_CLAIM or (born and (born > first or last - born > OLDEST)):
            return None
        if len(lines) > 1 and len({line.rendering_npi for line in lines}) > 1:
            return None
        return self._numbers(claim, days, ends, first, last)

    def _numbers(self, claim: Claim, days: list[int], ends: list[int], first: int, last: int) -> Numbered | None:
        payer = _kept(self._payers, _payer(claim), self._kinds.payer, claim)
        diagnosis_day = self._diagnosis_day(claim, first)
        kind = (bisect_right(self._turns, diagnosis_day), claim.claim_type, claim.bill_type)
        coded = self._coded(claim, diagnosis_day, kind)
        waived = any(WAIVES_SEX_EDIT in line.modifiers for line in claim.lines)
        of_diagnoses = self._by_itself(claim, coded, diagnosis_day, waived=waived)
        pointable = sum(diagnosis.role in POINTABLE_ROLES for diagnosis in claim.diagnoses)
        codes = [line.hcpcs for line in claim.lines]
        twice = {code for code in codes if codes.count(code) > 1} if len(codes) > 1 else ()
        level_two = all_level_two(claim)
        told, traits, of_lines = [], 0, []
        for line, day, end in zip(claim.lines, days, ends, strict=True):
            bill, of_line = self._bill(claim, line, day, payer >> HALF, level_two=level_two)
            traits |= of_line
            if line.hcpcs in twice and line.note:
                return None
            told.append(
                (
                    bill,
                    _measured(line),
                    npi_state(line.rendering_npi),
                    bool(line.note),
                    bool(line.prior_authorization),
                    self._pointing(line, pointable, decides=bool(of_line & _DIAGNOSES)),
                    day - first,
                    end - day if end else None,
                    bisect_right(self._turns, end),
                    max(-MOST_TOLD, min(MOST_TOLD, cents(line.charge))),
                    line.charge if line.hcpcs in twice else None,
                    self._contractor(claim, line, day, of_line) if of_line & _MEDICARE else 0,
                    day if of_line & _COVERED else 0,
                )
            )
            of_lines.append(self._person(self._of_lines, bill, of_line, claim, line.service_from))
        if traits & _COUNTED and max(days) != first:
            return None
        joined = bool(traits & _DIAGNOSES)
        diagnoses = self._diagnosis_number(coded, kind, joined=joined, waived=waived)
        billed = (
            (
                claim.rendering_taxonomy,
                claim.frequency,
                bool(claim.original_reference),
                bool(claim.prior_authorization),
            ),
            (claim.has_attachment, bool(claim.note), bool(claim.patient_key), *map(npi_state, _npis(claim))),
            _adds_up(claim),
            *(day and ordinal(day) - first for day in _dated(claim)),
            bisect_right(self._turns, ordinal(claim.statement_to)),
            self._sent(claim, first, last, payer >> HALF),
            len(claim.diagnoses),
            pointable,
            diagnoses if joined else None,
            tuple(told),
        )
        number = self._billed.setdefault(billed, len(self._billed))
        told_payer = payer & ((1 << HALF) - 1)
        return Numbered(
            number,
            first,
            diagnoses,
            diagnosis_day,
            of_lines,
            of_diagnoses,
            bool(traits & _LOOKS_BACK),
            told_payer,
            self._begun,
        )

    # --- lines

    def _bill(self, claim: Claim, line: ClaimLine, day: int, payer: int, *, level_two: bool) -> tuple[int, int]:
        bound = _kept(self._bound, (line.hcpcs, payer), self._kinds.bound, claim, line)
        stretch = bisect_right(self._turns, day)
        key = (
            _coded(line),
            line.segment in X12_SEGMENTS,
            stretch,
            claim.claim_type,
            claim.bill_type,
            claim.billing_taxonomy,
            level_two,
            bound,
        )
        found = self._bills.get(key)
        if found is None:
            found = self._bills[key] = (len(self._bills), self._kinds.traits(claim, line))
        return found

    def _contractor(self, claim: Claim, line: ClaimLine, day: int, traits: int) -> int:
        key = (_place(claim), line.pos, bisect_right(self._turns, day))
        both = _kept(self._contractors, key, self._kinds.contractor, claim, line)
        return both >> HALF if traits & _COVERED else -1 - (both & ((1 << HALF) - 1))

    @staticmethod
    def _pointing(line: ClaimLine, pointable: int, *, decides: bool) -> tuple[Any, ...]:
        pointers = line.diagnosis_pointers
        wrong = bool(pointers) and (min(pointers) < 1 or max(pointers) > pointable)
        return len(pointers), wrong, len(set(pointers)) < len(pointers), pointers if decides else None

    def _person(self, numbers: _Given, kind: Any, traits: int, claim: Claim, day: Date | None, *more: int) -> int:
        """The patient beside something; nothing where no rule asks who it is."""
        key: tuple[Any, ...] = more
        if traits & _PERSON:
            key = (kind, _age(claim.patient_birth_date, day), claim.patient_sex, *more)
        return numbers.setdefault(key, len(numbers))

    # --- claims

    def _sent(self, claim: Claim, first: int, last: int, payer: int) -> tuple[int, ...]:
        sent, stated = ordinal(claim.submitted_on), ordinal(claim.statement_to)
        if not sent:
            return (0,)
        if sent >= last and sent - first <= self._prompt and (not stated or stated >= first):
            return (1,)
        return 2, payer, first, sent - first

    @staticmethod
    def _diagnosis_day(claim: Claim, first: int) -> int:
        if claim.setting is Setting.NONE and claim.statement_to is not None:
            return claim.statement_to.toordinal()
        return first

    def _coded(self, claim: Claim, day: int, kind: tuple[Any, ...]) -> list[tuple[int, int]]:
        """For each diagnosis a number as the book knows it, and its traits."""
        found = []
        for diagnosis in claim.diagnoses:
            key = (_diagnosis(diagnosis), *kind)
            known = self._known_codes.get(key)
            if known is None:
                traits = self._kinds.diagnosis(diagnosis, day)
                known = self._known_codes[key] = (len(self._kinds.coded) - 1, traits)
            found.append(known)
        return found

    def _diagnosis_number(
        self, coded: Sequence[tuple[int, int]], kind: tuple[Any, ...], *, joined: bool, waived: bool
    ) -> int:
        """A number for the diagnoses, which says no more than what they have in common where each is told by itself."""
        key: tuple[Any, ...] = (kind, waived, tuple(code for code, _ in coded))
        if not joined and not any(traits & _DIAGNOSES for _, traits in coded) and not self._some_related(coded):
            key = (kind, reduce(or_, (traits // STALE for _, traits in coded), 0))
        return self._diagnoses.setdefault(key, len(self._diagnoses))

    def _some_related(self, coded: Sequence[tuple[int, int]]) -> bool:
        for (one, _), (other, _) in combinations(coded, 2):
            key = (one, other) if one < other else (other, one)
            if _kept(self._related, key, self._kinds.related, one, other):
                return True
        return False

    def _by_itself(self, claim: Claim, coded: Sequence[tuple[int, int]], day: int, *, waived: bool) -> list[int]:
        """A number for each diagnosis by itself: which it is, whether it is the claim's first, and the patient."""
        when = Date.fromordinal(day)
        return [
            self._person(self._of_diagnoses, code, traits, claim, when, code, at == 0, waived)
            for at, (code, traits) in enumerate(coded)
        ]


def _kept(answers: _Given, key: tuple[Any, ...], question: Callable[..., int], *of: Any) -> int:
    """What the engine says, asked once for each key."""
    found = answers.get(key)
    if found is None:
        found = answers[key] = question(*of)
    return found


def _age(born: Date | None, day: Date | None) -> int:
    """Years of age, and before the first birthday days of age: as :mod:`~cleanclaim.engine.alike.tabular` tells it."""
    if born is None or day is None:
        return UNKNOWN
    days = (day - born).days
    if days < 0:
        return UNBORN
    years = years_of_age(born, day)
    return years if years >= 1 else -INFANT - days


def _adds_up(claim: Claim) -> bool:
    """The charges of the lines are known, and are the total, as far as it is known."""
    charges = [
        cents(line.charge) for line in claim.lines if line.revenue_code.zfill(len(TOTAL_REVENUE)) != TOTAL_REVENUE
    ]
    total = cents(claim.total_charge)
    return not charges or UNKNOWN in charges or total < 0 or sum(charges) < 0 or sum(charges) == total
