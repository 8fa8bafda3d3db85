"""Claims that come one by one, as to a service: settled like those of a table, by those that came before.

The numbers are those of :mod:`~cleanclaim.engine.alike.numbered`, told of a claim as an object; a test holds them to
telling the same claims apart that :mod:`~cleanclaim.engine.alike.tabular` does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence, Sized
from functools import lru_cache, partial, reduce
from itertools import combinations
from operator import attrgetter, or_
from threading import Lock
from time import perf_counter
from typing import Any, Final

from cleanclaim.claims.model import POINTABLE_ROLES, REPLACEMENT_OR_VOID, Claim, ClaimLine
from cleanclaim.engine.alike.days import turns_of
from cleanclaim.engine.alike.kinds import HALF, STALE, Kinds, Trait
from cleanclaim.engine.alike.memory import Memory, Told
from cleanclaim.engine.alike.numbered import (
    DATED,
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
from cleanclaim.engine.alike.worth import Worth
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
_PLACED: Final = _MEDICARE | _COVERED

_payer: Final = attrgetter("claim_type", *PAYER)
_place: Final = attrgetter("claim_type", *PAYER, *PLACE)
_npis: Final = attrgetter(*NPIS)
_dated: Final = attrgetter(*DATED)
_cents: Final = lru_cache(maxsize=16384)(cents)
"""Providers charge the same again and again."""

_NOBODY: Final = 0
"""The number of the patient beside a line of which no rule asks who it is."""

_Given = dict[tuple[Any, ...], int]
"""Numbers, by what they stand for."""
_Asked = tuple[int, int]
"""A number, and the traits that the engine says."""


class OneByOne:
    """Settles single claims. One choice of rules, one book."""

    def __init__(
        self,
        book: OpenBook,
        rules: Sequence[LoadedRule],
        known_on: Date | None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._clock = clock
        self._worth = Worth()
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
        self._stays: _Given = {}
        self._forms: _Given = {}
        self._bills: dict[tuple[Any, ...], _Asked] = {}
        self._lines_as_given: dict[tuple[Any, ...], tuple[int, _Asked]] = {}
        """What is told of a line, by all that decides of it: most lines are like one met before to the letter."""
        self._lines: _Given = {}
        self._codes: dict[tuple[Any, ...], _Asked] = {}
        self._diagnoses_as_given: _Given = {}
        self._diagnoses: _Given = {}
        self._billed: _Given = {}
        self._of_lines: _Given = {(): _NOBODY}
        self._of_diagnoses: _Given = {}
        asked = (self._payers, self._bound, self._contractors, self._related, self._bills, self._codes)
        given = (self._stays, self._forms, self._lines_as_given, self._lines, self._diagnoses_as_given)
        told = (self._diagnoses, self._billed, self._of_lines, self._of_diagnoses)
        self._all: tuple[Sized, ...] = (*asked, *given, *told)

    def look(self, claim: Claim) -> tuple[Numbered | None, Told | None]:
        """The numbers of a claim, None where it is unusual, and what is said of it, None where it must be checked.

        Both are None, too, while looking does not pay (:mod:`~cleanclaim.engine.alike.worth`).
        """
        with self._lock:
            if self._worth.left_off():
                return None, None
            begun = self._clock()
            numbers = self.numbers(claim)
            told = None if numbers is None else self._told(numbers)
            self._worth.looked(self._clock() - begun, settled=told is not None)
            return numbers, told

    def learn(self, work: ClaimWork, numbers: Numbered, checking: float) -> None:
        """Remember a claim that was checked, alone, in ``checking`` seconds, and had no finding."""
        with self._lock:
            if numbers.begun != self._begun:
                return  # another thread's claim was one too many: these are numbers of before
            begun = self._clock()
            self._memory.learn(work, numbers)
            self._worth.learned(self._clock() - begun, checking=checking)

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
        both = _kept(self._payers, _payer(claim), self._kinds.payer, claim)
        payer, told_payer = both >> HALF, both & ((1 << HALF) - 1)
        lines, diagnoses = claim.lines, claim.diagnoses
        diagnosis_day = self._diagnosis_day(claim, first)
        stay = _numbered(self._stays, (self._stretch(diagnosis_day), claim.claim_type, claim.bill_type))
        coded = self._coded(claim, diagnosis_day, stay)
        waived = True in [WAIVES_SEX_EDIT in line.modifiers for line in lines]
        pointable = sum([diagnosis.role in POINTABLE_ROLES for diagnosis in diagnoses])
        codes = [line.hcpcs for line in lines]
        twice = {code for code in codes if codes.count(code) > 1} if len(codes) > 1 else ()
        charges = [_cents(line.charge) for line in lines]
        of_form = (claim.claim_type, claim.bill_type, claim.billing_taxonomy, all_level_two(claim))
        filed = _numbered(self._forms, of_form), payer
        told: list[Any] = []
        traits, of_lines = 0, []
        for line, day, end, charge in zip(lines, days, ends, charges, strict=True):
            again = line.hcpcs in twice
            if again and line.note:
                return None
            number, (bill, of_line) = self._line(claim, line, filed, pointable, (first, day, end), charge)
            traits |= of_line
            if again or of_line & _PLACED:
                told.append((number, *self._besides(claim, line, day, of_line, again=again)))
            else:
                told.append(number)
            of_lines.append(self._of_line(claim, line, bill) if of_line & _PERSON else _NOBODY)
        if traits & _COUNTED and max(days) != first:
            return None
        joined = bool(traits & _DIAGNOSES)
        diagnoses_number = self._diagnosis_number(coded, stay, joined=joined, waived=waived)
        billed = (
            claim.rendering_taxonomy,
            claim.frequency,
            bool(claim.original_reference),
            bool(claim.prior_authorization),
            claim.has_attachment,
            bool(claim.note),
            bool(claim.patient_key),
            *map(npi_state, _npis(claim)),
            _adds_up(claim, charges),
            *[day and day.toordinal() - first for day in _dated(claim)],
            self._stretch(ordinal(claim.statement_to)),
            *self._sent(claim, first, last, payer),
            len(diagnoses),
            pointable,
            diagnoses_number if joined else None,
            *told,
        )
        return Numbered(
            _numbered(self._billed, billed),
            first,
            diagnoses_number,
            diagnosis_day,
            of_lines,
            self._by_itself(claim, coded, diagnosis_day, waived=waived),
            bool(traits & _LOOKS_BACK),
            told_payer,
            self._begun,
        )

    def _stretch(self, day: int) -> int:
        return bisect_right(self._turns, day)

    # --- lines

    def _line(  # noqa: PLR0917 - what tells of a line
        self,
        claim: Claim,
        line: ClaimLine,
        filed: tuple[int, int],
        pointable: int,
        when: tuple[int, int, int],
        charge: int,
    ) -> tuple[int, _Asked]:
        """A number for how a line is billed, its own number as the book knows it, and its traits.

        ``filed`` are the numbers of the form and of the payer, ``when`` the first days of the claim and of the line,
        and its last.
        """
        first, day, end = when
        coded = (
            line.hcpcs,
            line.modifiers,
            line.pos,
            line.code_system,
            line.revenue_code,
            line.segment in X12_SEGMENTS,
            self._stretch(day),
        )
        measured = (
            line.unit_basis,
            line.units,
            line.rendering_taxonomy,
            npi_state(line.rendering_npi),
            line.ndc,
            line.has_attachment,
            bool(line.note),
            bool(line.prior_authorization),
            line.line_no,
            day - first,
            end - day if end else None,
            self._stretch(end),
            max(-MOST_TOLD, min(MOST_TOLD, charge)),
        )
        key = (filed, coded, measured, line.diagnosis_pointers, pointable)
        found = self._lines_as_given.get(key)
        if found is None:
            bill, traits = asked = self._bill(claim, line, filed, coded)
            pointing = self._pointing(line, pointable, decides=bool(traits & _DIAGNOSES))
            found = self._lines_as_given[key] = _numbered(self._lines, (bill, measured, pointing)), asked
        return found

    def _bill(self, claim: Claim, line: ClaimLine, filed: tuple[int, int], coded: tuple[Any, ...]) -> _Asked:
        form, payer = filed
        bound = _kept(self._bound, (line.hcpcs, payer), self._kinds.bound, claim, line)
        key = (form, coded, bound)
        found = self._bills.get(key)
        if found is None:
            found = self._bills[key] = (len(self._bills), self._kinds.traits(claim, line))
        return found

    def _besides(self, claim: Claim, line: ClaimLine, day: int, traits: int, *, again: bool) -> tuple[Any, ...]:
        """What tells of some lines only: the charge where the code is billed again, contractor and day for Medicare."""
        return (
            line.charge if again else None,
            self._contractor(claim, line, day, traits) if traits & _MEDICARE else 0,
            day if traits & _COVERED else 0,
        )

    def _contractor(self, claim: Claim, line: ClaimLine, day: int, traits: int) -> int:
        key = (_place(claim), line.pos, bisect_right(self._turns, day))
        both = _kept(self._contractors, key, self._kinds.contractor, claim, line)
        return both >> HALF if traits & _COVERED else -1 - (both & ((1 << HALF) - 1))

    @staticmethod
    def _pointing(line: ClaimLine, pointable: int, *, decides: bool) -> tuple[Any, ...]:
        pointers = line.diagnosis_pointers
        wrong = bool(pointers) and (min(pointers) < 1 or max(pointers) > pointable)
        return len(pointers), wrong, len(set(pointers)) < len(pointers), pointers if decides else None

    def _of_line(self, claim: Claim, line: ClaimLine, bill: int) -> int:
        """The patient beside a line of which some rule asks who it is."""
        key = (bill, _age(claim.patient_birth_date, line.service_from), claim.patient_sex)
        return _numbered(self._of_lines, key)

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

    def _coded(self, claim: Claim, day: int, stay: int) -> list[_Asked]:
        """For each diagnosis a number as the book knows it, and its traits."""
        found = []
        for diagnosis in claim.diagnoses:
            key = (diagnosis.code, diagnosis.system, diagnosis.role, stay)
            known = self._codes.get(key)
            if known is None:
                traits = self._kinds.diagnosis(diagnosis, day)
                known = self._codes[key] = (len(self._kinds.coded) - 1, traits)
            found.append(known)
        return found

    def _diagnosis_number(self, coded: Sequence[_Asked], stay: int, *, joined: bool, waived: bool) -> int:
        """A number for the diagnoses, which says no more than what they have in common where each is told by itself."""
        key: tuple[Any, ...] = (stay, waived, tuple([code for code, _ in coded]))
        given = (joined, key)
        found = self._diagnoses_as_given.get(given)
        if found is None:
            if not joined and not any(traits & _DIAGNOSES for _, traits in coded) and not self._some_related(coded):
                key = (stay, reduce(or_, (traits // STALE for _, traits in coded), 0))
            found = self._diagnoses_as_given[given] = _numbered(self._diagnoses, key)
        return found

    def _some_related(self, coded: Sequence[tuple[int, int]]) -> bool:
        for (one, _), (other, _) in combinations(coded, 2):
            key = (one, other) if one < other else (other, one)
            if _kept(self._related, key, self._kinds.related, one, other):
                return True
        return False

    def _by_itself(self, claim: Claim, coded: Sequence[_Asked], day: int, *, waived: bool) -> list[int]:
        """A number for each diagnosis by itself: which it is, whether it is the claim's first, and the patient."""
        numbers = []
        for at, (code, traits) in enumerate(coded):
            key: tuple[Any, ...] = (code, at == 0, waived)
            if traits & _PERSON:
                key = (*key, _age(claim.patient_birth_date, Date.fromordinal(day)), claim.patient_sex)
            numbers.append(_numbered(self._of_diagnoses, key))
        return numbers


def _numbered(numbers: _Given, key: tuple[Any, ...]) -> int:
    return numbers.setdefault(key, len(numbers))


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


def _adds_up(claim: Claim, cents_of_lines: Sequence[int]) -> bool:
    """The charges of the lines are known, and are the total, as far as it is known."""
    charges = [
        charge
        for line, charge in zip(claim.lines, cents_of_lines, strict=True)
        if not line.revenue_code or line.revenue_code.zfill(len(TOTAL_REVENUE)) != TOTAL_REVENUE
    ]
    total = _cents(claim.total_charge)
    return not charges or UNKNOWN in charges or total < 0 or sum(charges) < 0 or sum(charges) == total
