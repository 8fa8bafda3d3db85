"""A table of claims read into their numbers, column by column (:mod:`~cleanclaim.engine.alike.numbered`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.model import ClaimType, Diagnosis
from cleanclaim.claims.table import ClaimTable
from cleanclaim.claims.table_layout import SLOTS, TYPES
from cleanclaim.engine.alike.arrays import Flags, Numbers, all_of, halves
from cleanclaim.engine.alike.keys import SEVERAL, Keyed, Keys
from cleanclaim.engine.alike.kinds import STALE, Trait
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
)
from cleanclaim.engine.line_facts import X12_SEGMENTS
from cleanclaim.rules.facts import UNKNOWN
from cleanclaim.types import Date, Setting

_CLAIM_WORDS: Final = (*PAYER, *PLACE, *NPIS, "patient_sex", "rendering_taxonomy", "frequency")
_LINE_WORDS: Final = (*CODED, "unit_basis", "rendering_npi", "rendering_taxonomy", "ndc")
_SAID: Final = ("original_reference", "prior_authorization", "has_attachment", "note", "patient")
"""Of a claim it counts whether it has them."""

_ABSENT: Final = -(1 << 30)
"""Stands for what is not there where any other number may be."""
_INSTITUTIONAL: Final = TYPES.index(ClaimType.INSTITUTIONAL)
_DECIMALS_OF_CENTS: Final = 2
_MOST_DECIMALS: Final = 12
_POWERS: Final = 10 ** np.arange(_MOST_DECIMALS + 1)
_LARGEST_CHARGE: Final = 10**13
_EPOCH: Final = Date(1970, 1, 1).toordinal()

Column = npt.NDArray[Any]


def keys_of(keyed: Keyed, table: ClaimTable) -> Keys:
    """The numbers of the claims of a table.

    Every claim must have a line, all its lines a date, and lines and diagnoses be in the order of the claims.
    """
    return _Reading(keyed, table).keys()


class _Reading:
    """A table whose claims are being given their numbers."""

    def __init__(self, keyed: Keyed, table: ClaimTable) -> None:
        self._keyed, self._table = keyed, table
        self._claims, self._lines, self._diagnoses = table.claim_rows, table.line_rows, table.diagnosis_rows
        self._first = self._claims["first_line"].astype(np.int64)
        self._count = self._claims["line_count"].astype(np.int64)
        self._of_line = np.repeat(np.arange(len(self._claims)), self._count)
        """The claim of each line."""
        self._first_diagnosis = self._claims["first_diagnosis"].astype(np.int64)
        self._diagnosis_count = self._claims["diagnosis_count"].astype(np.int64)
        self._of_diagnosis = np.repeat(np.arange(len(self._claims)), self._diagnosis_count)
        columns = [
            *(self._claims[name] for name in _CLAIM_WORDS),
            *(self._lines[name] for name in (*_LINE_WORDS, "modifiers")),
            *(self._diagnoses[name] for name in DIAGNOSIS),
        ]
        self._numbers = keyed.texts.of(table.vocabulary.texts(), columns)
        self._unusual = self._claims["envelope_faults"] != 0

    def keys(self) -> Keys:
        """The numbers."""
        first_day, last_day = self._first_day, self._last_day
        birth = self._claims["patient_birth_date"].astype(np.int64)
        backwards = (self._lines["service_to"] != 0) & (self._lines["service_to"] < self._from)
        self._unusual |= ~all_of(~backwards, self._first, self._count)
        self._unusual |= (first_day < USUAL_DAYS.start) | (last_day >= USUAL_DAYS.stop)
        self._unusual |= (last_day - first_day > LONGEST_CLAIM) | (
            (birth != 0) & ((birth > first_day) | (last_day - birth > OLDEST))
        )
        bills = self._bills()
        traits = self._keyed.bills.told(bills)
        of_claim = np.bitwise_or.reduceat(traits, self._first)
        joined = of_claim & Trait.DIAGNOSES != 0
        diagnoses = self._diagnosis_numbers(joined)
        billed = self._billed(bills, traits, np.where(joined, diagnoses, _ABSENT))
        several_days = np.maximum.reduceat(self._from, self._first) != first_day
        self._unusual |= several_days & (of_claim & Trait.COUNTED != 0)
        return Keys(
            unusual=self._unusual,
            changes=self._told("changes", self._word(self._claims, "frequency")) != 0,
            billed=billed,
            diagnoses=diagnoses,
            of_lines=self._keyed.of_lines.of(self._persons(bills, traits, birth, self._from, self._of_line)),
            of_diagnoses=self._persons_of_diagnoses(birth),
            biller=self._claims["billing_npi"].astype(np.int64),
            provider=self._provider,
            payer=self._payer[1],
            first_line=self._first,
            line_count=self._count,
            first_diagnosis=self._first_diagnosis,
            diagnosis_count=self._diagnosis_count,
            first_day=first_day,
            last_day=last_day,
            diagnosis_day=self._diagnosis_day,
            traits=of_claim,
        )

    # --- columns

    def _word(self, rows: Column, name: str) -> Numbers:
        words: Numbers = self._numbers[rows[name]]
        return words

    def _told(self, question: str, numbers: Numbers) -> Numbers:
        return self._keyed.texts.told(question, numbers)

    def _stretch(self, days: Numbers) -> Numbers:
        return np.searchsorted(self._keyed.turns, days, side="right")

    @cached_property
    def _from(self) -> Numbers:
        return self._lines["service_from"].astype(np.int64)

    @cached_property
    def _first_day(self) -> Numbers:
        return np.minimum.reduceat(self._from, self._first)

    @cached_property
    def _last_day(self) -> Numbers:
        return np.maximum.reduceat(np.maximum(self._from, self._lines["service_to"]), self._first)

    @cached_property
    def _kind(self) -> list[Numbers]:
        """What kind of claim each is."""
        return [self._claims["claim_type"].astype(np.int64), self._word(self._claims, "bill_type")]

    @cached_property
    def _provider(self) -> Numbers:
        """Who renders the lines of each claim, as gathering has it; told by numbers of this table's own."""
        claims, of_line = self._claims, self._lines["rendering_npi"]
        one = np.minimum.reduceat(of_line, self._first)
        several = one != np.maximum.reduceat(of_line, self._first)
        person = np.where(
            one != 0, one, np.where(claims["rendering_npi"] != 0, claims["rendering_npi"], claims["billing_npi"])
        )
        facility = claims["claim_type"] == _INSTITUTIONAL
        return np.where(facility, claims["billing_npi"], np.where(several, SEVERAL, person)).astype(np.int64)

    @cached_property
    def _waived(self) -> Numbers:
        """Some line bears the modifier that says sex and code were checked."""
        bears = self._told("waives", self._numbers[self._lines["modifiers"]]).max(axis=1)
        return np.maximum.reduceat(bears, self._first)

    @cached_property
    def _diagnosis_day(self) -> Numbers:
        """The day whose list of diagnoses binds, as gathering has it: of an inpatient's claim the last one stated."""
        stated = self._claims["statement_to"].astype(np.int64)
        numbers = self._keyed.stays.of(
            self._kind, lambda new: [claim.setting is Setting.NONE for claim in self._table.claims(new)]
        )
        of_stay = self._keyed.stays.told(numbers) != 0
        return np.where(of_stay & (stated != 0), stated, self._first_day)

    @cached_property
    def _payer(self) -> tuple[Numbers, Numbers]:
        """A number for the payer of each claim as rules see it, and as a result names it."""
        words = [self._word(self._claims, name) for name in PAYER]
        numbers = self._keyed.payers.of(
            [*words, self._claims["claim_type"]],
            lambda new: [self._keyed.kinds.payer(claim) for claim in self._table.claims(new)],
        )
        return halves(self._keyed.payers.told(numbers))

    def _persons(self, kinds: Numbers, traits: Numbers, birth: Numbers, days: Numbers, of: Numbers) -> list[Numbers]:
        """The patient beside what is of some kinds, on some days; nothing where no rule asks who it is."""
        asked = np.flatnonzero(traits & Trait.PERSON)
        of = of[asked]
        told = (kinds[asked], self._ages(birth, days[asked], of), self._word(self._claims, "patient_sex")[of])
        columns = [np.full(len(kinds), _ABSENT) for _ in told]
        for column, numbers in zip(columns, told, strict=True):
            column[asked] = numbers
        return columns

    @staticmethod
    def _ages(birth: Numbers, days: Numbers, of: Numbers) -> Numbers:
        """Years of age on some days, and before the first birthday days of age."""
        born = birth[of]
        age = days - born
        years = years_between(born, days)
        told = np.where(years >= 1, years, -INFANT - age)
        return np.where(born == 0, UNKNOWN, np.where(age < 0, UNBORN, told))

    # --- how lines are billed

    def _bills(self) -> Numbers:
        """A number for what decides the answers of the book for each line."""
        modifiers = self._numbers[self._lines["modifiers"]]
        hcpcs, payer = self._word(self._lines, "hcpcs"), self._payer[0][self._of_line]
        uncoded = self._told("coded", self._word(self._lines, "code_system")) == 0
        all_level_two = all_of(uncoded | (self._told("level_two", hcpcs) != 0), self._first, self._count)
        bound = self._keyed.bound.of([hcpcs, payer], self._asking(self._keyed.kinds.bound))
        columns = [
            *(self._word(self._lines, name) for name in CODED),
            self._of_x12(),
            *(modifiers[:, slot] for slot in range(SLOTS)),
            self._stretch(self._from),
            *(column[self._of_line] for column in (*self._kind, all_level_two)),
            self._keyed.bound.told(bound),
            self._word(self._claims, "billing_taxonomy")[self._of_line],
        ]
        return self._keyed.bills.of(columns, self._asking(self._keyed.kinds.traits))

    def _of_x12(self) -> Flags:
        """The lines that a segment of X12 told. Elsewhere each has a text of its own, which is not worth a number."""
        words, of_line = np.unique(self._lines["segment"], return_inverse=True)
        of_word = [text in X12_SEGMENTS for text in map(self._table.vocabulary.text, words.tolist())]
        told: Flags = np.array(of_word, np.bool_)[of_line.ravel()]
        return told

    def _contractors(self, traits: Numbers) -> Numbers:
        """A number for the Medicare contractors each line may go to, or for their kind where that is all that counts.

        0 where it goes to none.
        """
        found = np.zeros(len(self._lines), np.int64)
        at = np.flatnonzero(traits & Trait.MEDICARE)
        if len(at):
            of = self._of_line[at]
            columns = [
                *(column[of] for column in self._kind),
                *(self._word(self._claims, name)[of] for name in (*PAYER, *PLACE)),
                self._word(self._lines, "pos")[at],
                self._stretch(self._from)[at],
            ]
            asking = self._asking(self._keyed.kinds.contractor)
            numbers = self._keyed.contractors.of(columns, lambda new: asking(at[new]))
            which, what = halves(self._keyed.contractors.told(numbers))
            found[at] = np.where(traits[at] & Trait.COVERED != 0, which, -1 - what)
        return found

    def _pointing(self, traits: Numbers) -> Iterator[Column]:
        """How many diagnoses each line points at, and what is wrong with that; which they are, where that decides."""
        pointers = self._lines["diagnosis_pointers"]
        given = pointers >= 0
        last = self._pointable[self._of_line]
        yield given.sum(axis=1)
        yield np.any(given & ((pointers < 1) | (pointers > last[:, None])), axis=1)
        in_order = np.sort(pointers, axis=1)
        yield np.any((in_order[:, 1:] == in_order[:, :-1]) & (in_order[:, 1:] >= 0), axis=1)
        decide = traits & Trait.DIAGNOSES != 0
        yield from (np.where(decide, pointers[:, slot], _ABSENT) for slot in range(SLOTS))

    @cached_property
    def _pointable(self) -> Numbers:
        """How many diagnoses of each claim a line can point at."""
        pointable = self._told("pointable", self._word(self._diagnoses, "role"))
        return np.bincount(self._of_diagnosis, pointable, len(self._claims)).astype(np.int64)

    def _asking(self, question: Any) -> Any:
        """Asks a question of the lines at some places, with their claims."""

        def ask(places: Numbers) -> list[int]:
            claims = self._table.claims(self._of_line[places])
            numbers = (places - self._first[self._of_line[places]]).tolist()
            return [question(claim, claim.lines[at]) for claim, at in zip(claims, numbers, strict=True)]

        return ask

    def _line_numbers(self, bills: Numbers, traits: Numbers) -> Numbers:
        lines = self._lines
        charge, _ = self._charges
        last = lines["service_to"].astype(np.int64)
        columns = [
            bills,
            self._word(lines, "unit_basis"),
            *halves(lines["units"]),
            lines["units_scale"],
            self._told("npi", self._word(lines, "rendering_npi")),
            self._word(lines, "rendering_taxonomy"),
            self._word(lines, "ndc"),
            *(lines[name] != 0 for name in ("note", "prior_authorization", "has_attachment")),
            *self._pointing(traits),
            self._from - self._first_day[self._of_line],
            np.where(last == 0, _ABSENT, last - self._from),
            self._stretch(last),
            np.clip(charge, -MOST_TOLD, MOST_TOLD),
            lines["line_no"],
            *self._told_apart(),
            self._contractors(traits),
            np.where(traits & Trait.COVERED != 0, self._from, 0),
        ]
        return self._keyed.lines.of(columns)

    @cached_property
    def _charges(self) -> tuple[Numbers, Numbers]:
        """Cents of each line, and of each claim; what is finer than cents, or vast, makes the claim unusual."""
        of_line, fits = _cents(self._lines["charge"], self._lines["charge_scale"])
        of_claim, whole = _cents(self._claims["total_charge"], self._claims["total_charge_scale"])
        self._unusual |= ~whole | ~all_of(fits, self._first, self._count)
        return of_line, of_claim

    def _told_apart(self) -> Iterator[Numbers]:
        """What tells lines of one code on one claim apart, nothing for other lines; with a note they are unusual."""
        lines, of_line = self._lines, self._of_line
        order = np.lexsort((lines["hcpcs"], of_line))
        code, of = lines["hcpcs"][order], of_line[order]
        same = np.zeros(len(lines) + 1, np.bool_)
        same[1:-1] = (code[1:] == code[:-1]) & (of[1:] == of[:-1])
        again = np.empty(len(lines), np.bool_)
        again[order] = same[1:] | same[:-1]
        noted = again & (lines["note"] != 0)
        self._unusual |= ~all_of(~noted, self._first, self._count)
        high, low = halves(lines["charge"])
        for column in (high, low, lines["charge_scale"].astype(np.int64)):
            yield np.where(again, column, 0)

    # --- claims

    def _billed(self, bills: Numbers, traits: Numbers, diagnoses: Numbers) -> Numbers:
        """A number for how each claim is billed, with the number of its diagnoses where they decide of a line."""
        claims = self._claims
        lines = self._line_numbers(bills, traits)
        self._unusual |= self._provider == SEVERAL
        columns = [
            *(self._word(claims, name) for name in ("rendering_taxonomy", "frequency")),
            *(claims[name] != 0 for name in _SAID),
            *(self._told("npi", self._word(claims, name)) for name in NPIS),
            self._adds_up(),
            *(np.where(claims[name] == 0, _ABSENT, claims[name] - self._first_day) for name in DATED),
            self._stretch(claims["statement_to"].astype(np.int64)),
            *self._sent(),
            self._diagnosis_count,
            self._pointable,
            diagnoses,
        ]
        return self._keyed.billed.followed(self._keyed.forms.of(columns), lines, self._first, self._count)

    def _adds_up(self) -> Flags:
        """The charges of the lines are known, and are the total, as far as it is known."""
        charge, total = self._charges
        counted = self._told("total", self._word(self._lines, "revenue_code")) == 0
        known = all_of(~counted | (charge != UNKNOWN), self._first, self._count)
        some = ~all_of(~counted, self._first, self._count)
        together = np.add.reduceat(np.where(counted, charge, 0), self._first)
        wrong: Flags = known & some & (together >= 0) & (total >= 0) & (together != total)
        return ~wrong

    def _sent(self) -> Iterator[Numbers]:
        """Whether it is told when the claim was sent, and where it was not promptly, how long after which day."""
        claims, first, last = self._claims, self._first_day, self._last_day
        sent, stated = claims["submitted_on"].astype(np.int64), claims["statement_to"].astype(np.int64)
        promptly = (sent >= last) & (sent - first <= self._keyed.prompt) & ((stated == 0) | (stated >= first))
        late = (sent != 0) & ~promptly
        yield (sent != 0) + late.astype(np.int64)
        yield np.where(late, self._payer[0], 0)
        yield np.where(late, first, 0)
        yield np.where(late, sent - first, 0)

    # --- diagnoses

    @cached_property
    def _coded(self) -> Numbers:
        """A number for each diagnosis as the book knows it."""
        words = [self._word(self._diagnoses, name) for name in DIAGNOSIS]
        of = self._of_diagnosis
        columns = [*words, self._stretch(self._diagnosis_day)[of], *(kind[of] for kind in self._kind)]
        return self._keyed.coded.of(columns, self._ask_of_diagnoses)

    def _ask_of_diagnoses(self, places: Numbers) -> list[int]:
        texts, question = self._table.vocabulary.text, self._keyed.kinds.diagnosis
        words = (self._diagnoses[name][places].tolist() for name in DIAGNOSIS)
        days = self._diagnosis_day[self._of_diagnosis[places]].tolist()
        return [
            question(Diagnosis(texts(code), texts(system), texts(role)), day)
            for code, system, role, day in zip(*words, days, strict=True)
        ]

    def _diagnosis_numbers(self, joined: Flags) -> Numbers:
        """A number for the diagnoses of each claim.

        Where no two of them have to do with each other, and no line depends on them (``joined``), it says no more than
        what all such claims have in common: each diagnosis is told by itself.
        """
        first, count = self._first_diagnosis, self._diagnosis_count
        traits = self._keyed.coded.told(self._coded)
        apart = all_of(traits & Trait.DIAGNOSES == 0, first, count) & ~self._some_related() & ~joined
        stale = np.zeros(len(self._claims), np.int64)
        np.bitwise_or.at(stale, self._of_diagnosis, traits // STALE)
        columns = [
            self._stretch(self._diagnosis_day),
            *self._kind,
            np.where(apart, _ABSENT, self._waived),
            np.where(apart, stale, _ABSENT),
        ]
        heads = self._keyed.common.of(columns)
        return self._keyed.diagnoses.followed(heads, self._coded, first, np.where(apart, 0, count))

    def _some_related(self) -> Flags:
        """Whether some two diagnoses of a claim have to do with each other."""
        of, coded, found = self._of_diagnosis, self._coded, np.zeros(len(self._claims), np.bool_)
        for apart in range(1, int(self._diagnosis_count.max(initial=0))):
            both = np.flatnonzero(of[:-apart] == of[apart:])
            one, other = np.minimum(coded[both], coded[both + apart]), np.maximum(coded[both], coded[both + apart])
            numbers = self._keyed.related.of([one, other], partial(self._ask_whether_related, one, other))
            found[of[both[self._keyed.related.told(numbers) != 0]]] = True
        return found

    def _ask_whether_related(self, one: Numbers, other: Numbers, places: Numbers) -> list[int]:
        kinds = self._keyed.kinds
        return [int(kinds.related(*both)) for both in zip(one[places].tolist(), other[places].tolist(), strict=True)]

    def _persons_of_diagnoses(self, birth: Numbers) -> Numbers:
        """A number for each diagnosis by itself: which it is, whether it is the claim's first, and the patient."""
        of, coded = self._of_diagnosis, self._coded
        traits = self._keyed.coded.told(coded)
        principal = np.arange(len(of)) == self._first_diagnosis[of]
        persons = self._persons(coded, traits, birth, self._diagnosis_day[of], of)
        return self._keyed.of_diagnoses.of([coded, principal, self._waived[of], *persons])


def years_between(born: Numbers, days: Numbers) -> Numbers:
    """Whole years from one day to another, as :func:`~cleanclaim.engine.diagnosis_notes.years_of_age` counts them."""
    (year, month, day), (year_then, month_then, day_then) = _calendar(days), _calendar(born)
    before = (month < month_then) | ((month == month_then) & (day < day_then))
    years: Numbers = year - year_then - before
    return years


def _calendar(days: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    date = (days - _EPOCH).astype("M8[D]")
    month = date.astype("M8[M]")
    months = month.astype(np.int64)
    return months // 12, months % 12, (date - month).astype(np.int64)


def _cents(amounts: Column, scales: Column) -> tuple[Numbers, Flags]:
    """Whole cents of some amounts, as facts have them, -1 where there is none; and whether each can be told so."""
    known = scales >= 0
    fits = ~known | ((scales <= _MOST_DECIMALS) & (np.abs(amounts) < _LARGEST_CHARGE))
    finer = np.clip(scales - _DECIMALS_OF_CENTS, 0, _MOST_DECIMALS)
    coarser = np.clip(_DECIMALS_OF_CENTS - scales, 0, _DECIMALS_OF_CENTS)
    whole = np.sign(amounts) * (np.abs(amounts) * _POWERS[coarser] // _POWERS[finer])
    return np.where(known & fits, whole, UNKNOWN), fits
