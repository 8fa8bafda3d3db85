"""A day of many lines: which two of them must be looked up among the pair edits, and what is told of all others.

Which codes have an edit with a code, on whatever day, is found once for each code; the answer to any other pair depends
on nothing but which releases speak for its two codes. So the work grows with the lines and with their edits, and not
with all pairs of lines.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import TYPE_CHECKING

from cleanclaim.book.facts import PtpEdit
from cleanclaim.index.lookup import Answer, BothOrders, DayBook, PtpCode
from cleanclaim.rules.facts import CodeKind
from cleanclaim.types import Setting

if TYPE_CHECKING:
    from cleanclaim.engine.work import LineWork

_Spoken = frozenset[int]
"""The releases that speak for a code."""
Places = tuple[int, int]
"""Where two lines stand in their group, the first of them first."""


class LongDay:
    """The lines of one patient, provider and day."""

    def __init__(self, group: Sequence[LineWork], day: DayBook) -> None:
        self._group, self._day, self._setting = group, day, group[0].claim.setting
        self._hcpcs = [line.line.hcpcs for line in group]
        self._places: dict[str, list[int]] = {}
        for at, hcpcs in enumerate(self._hcpcs):
            self._places.setdefault(hcpcs, []).append(at)
        self._codes: dict[str, PtpCode] = {hcpcs: day.ptp_code(self._setting, hcpcs) for hcpcs in self._places}
        self._of_kind: dict[_Spoken, list[str]] = {}
        for hcpcs, code in self._codes.items():
            self._of_kind.setdefault(code.spoken_for, []).append(hcpcs)
        self._silent = {kind: self._silent_with(kind) for kind in self._of_kind}
        self._edited: dict[str, set[str]] = {hcpcs: set() for hcpcs in self._codes}
        self._find_edits(self._codes)
        if self._setting is Setting.OUTPATIENT and any(self._silent.values()):
            # What the outpatient table does not tell is read in the practitioner's.
            self._find_edits({hcpcs: day.ptp_code(Setting.PRACTITIONER, hcpcs) for hcpcs in self._places})
        self._looked_up: dict[tuple[str, str], BothOrders] = {
            (one, two): day.ptp_of_two(self._setting, one, two)
            for one, others in self._edited.items()
            for two in others
            if self._places[one][0] < self._places[two][-1]
        }
        """By two codes that have an edit on whatever day what binds their lines, where one of the first comes first."""
        self._others = self._of_others()

    def edited(self) -> list[tuple[int, int, BothOrders]]:
        """The places of every two lines whose codes have an edit on whatever day, in order, with what binds them."""
        found: list[tuple[int, int, BothOrders]] = []
        for (one, two), of_two in self._looked_up.items():
            if not of_two.plain:
                later = self._places[two]
                for at in self._places[one]:
                    found += [(at, other, of_two) for other in later[bisect_left(later, at) :]]
        found.sort()  # no two are of the same places, so that nothing else is compared
        return found

    def told(self) -> Iterator[Answer[PtpEdit] | None]:
        """Of all pairs of each line the answer to tell: the last that is stale, else the first. None without a pair."""
        answers = [*self._others.values(), *(of_two.told for of_two in self._looked_up.values())]
        some_stale = any(answer.stale for answer in answers)
        last = len(self._hcpcs) - 1
        for at, hcpcs in enumerate(self._hcpcs):
            told = None
            if some_stale:
                others = (self._answer(at, other) for other in range(last, -1, -1) if self._hcpcs[other] != hcpcs)
                told = next((answer for answer in others if answer.stale), None)
            if told is None:
                first = next((other for other in range(last + 1) if self._hcpcs[other] != hcpcs), None)
                told = None if first is None else self._answer(at, first)
            yield told

    def untold(self) -> Iterator[Places | None]:
        """For each line the first pair that leaves it unchecked, since no release tells of it; None without one.

        Such a pair leaves its second line unchecked, and its first where that is of another claim: either of the two
        claims might have been denied. No edit has a Category II code, so that none leaves anything unchecked.
        """
        ends = self._ends_of_claims()
        for at, hcpcs in enumerate(self._hcpcs):
            places = self._silent[self._codes[hcpcs].spoken_for]
            if not places or self._is_measure(at):
                yield None
                continue
            before = self._first_untold(hcpcs, islice(places, bisect_left(places, at)))
            if before is not None:
                yield before, at
                continue
            after = self._first_untold(hcpcs, places[bisect_left(places, ends[at]) :])
            yield None if after is None else (at, after)

    def _first_untold(self, hcpcs: str, places: Iterable[int]) -> int | None:
        """The first of some places beside whose line no release speaks for a line of another code."""
        for place in places:
            other = self._hcpcs[place]
            of_two = self._looked_up.get((hcpcs, other)) or self._looked_up.get((other, hcpcs))
            if other != hcpcs and (of_two is None or of_two.untold):
                return place
        return None

    def _answer(self, at: int, other: int) -> Answer[PtpEdit]:
        """What is told of two lines of different codes."""
        one, two = self._hcpcs[min(at, other)], self._hcpcs[max(at, other)]
        of_two = self._looked_up.get((one, two))
        if of_two is not None:
            return of_two.told
        return self._others[self._codes[one].spoken_for, self._codes[two].spoken_for]

    def _find_edits(self, codes: dict[str, PtpCode]) -> None:
        """Find for each code the others of the day with which it has an edit, on whatever day."""
        by_number = {code.number: hcpcs for hcpcs, code in codes.items()}
        of_day = frozenset(by_number)
        for hcpcs, code in codes.items():
            for number in code.partners & of_day:
                other = by_number[number]
                if other != hcpcs:
                    self._edited[hcpcs].add(other)
                    self._edited[other].add(hcpcs)

    def _of_others(self) -> dict[tuple[_Spoken, _Spoken], Answer[PtpEdit]]:
        """The answer to two codes that have no edit, by the releases that speak for them: that of the first two."""
        found: dict[tuple[_Spoken, _Spoken], Answer[PtpEdit]] = {}
        for (of_one, some), (of_other, others) in product(self._of_kind.items(), repeat=2):
            plain = ((one, two) for one, two in product(some, others) if one != two and two not in self._edited[one])
            first = next(plain, None)
            if first is not None:
                found[of_one, of_other] = self._day.ptp(self._setting, *first)
        return found

    def _silent_with(self, kind: _Spoken) -> list[int]:
        """The places of the lines for which no release speaks that also speaks for the codes of a kind, in order."""
        return sorted(
            at
            for other, codes in self._of_kind.items()
            if kind.isdisjoint(other)
            for hcpcs in codes
            for at in self._places[hcpcs]
            if not self._is_measure(at)
        )

    def _is_measure(self, at: int) -> bool:
        return self._group[at].facts.code_kind == CodeKind.CATEGORY_II

    def _ends_of_claims(self) -> list[int]:
        """For each line the place behind the last of its claim: the lines of a claim stand together."""
        ends = [len(self._group)] * len(self._group)
        for at in range(len(self._group) - 2, -1, -1):
            ends[at] = ends[at + 1] if self._group[at].claim is self._group[at + 1].claim else at + 1
        return ends
