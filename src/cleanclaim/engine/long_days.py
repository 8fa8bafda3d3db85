"""A day of many lines: which two of them must be looked up among the pair edits, and what is told of all others.

Which codes have an edit with a code, on whatever day, is found once for each code; the answer to any other pair depends
on nothing but which releases speak for its two codes. So the work grows with the lines and with their edits, and not
with all pairs of lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from cleanclaim.book.facts import PtpEdit
from cleanclaim.index.lookup import Answer, DayBook, PtpCode

if TYPE_CHECKING:
    from cleanclaim.engine.work import LineWork

_Spoken = frozenset[int]
"""The releases that speak for a code."""


class LongDay:
    """The lines of one patient, provider and day."""

    def __init__(self, group: Sequence[LineWork], day: DayBook) -> None:
        self._day, self._setting = day, group[0].claim.setting
        self._hcpcs = [line.line.hcpcs for line in group]
        self._places: dict[str, list[int]] = {}
        for at, hcpcs in enumerate(self._hcpcs):
            self._places.setdefault(hcpcs, []).append(at)
        self._codes: dict[str, PtpCode] = {hcpcs: day.ptp_code(self._setting, hcpcs) for hcpcs in self._places}
        self._edited = self._with_edits()
        self._others: dict[tuple[_Spoken, _Spoken], Answer[PtpEdit]] = {}
        self._kept: list[dict[int, Answer[PtpEdit]]] = [{} for _ in group]
        """For each line the answers to pairs that were looked up, by the place of the other line."""

    def asked(self) -> Iterator[tuple[int, int]]:
        """The places of every two lines to look up, in order: those with an edit, and those no release speaks for."""
        pairs = {
            (min(both), max(both))
            for hcpcs, others in self._edited.items()
            for other in others
            for both in product(self._places[hcpcs], self._places[other])
        }
        for one, other in self._without_data():
            pairs.update(both for both in product(self._places[one], self._places[other]) if both[0] < both[1])
        yield from sorted(pairs)

    def keep(self, at: int, other: int, answer: Answer[PtpEdit]) -> None:
        """What the book says of two lines that were looked up."""
        self._kept[at][other] = self._kept[other][at] = answer

    def told(self) -> Iterator[Answer[PtpEdit] | None]:
        """Of all pairs of each line the answer to tell: the last that is stale, else the first. None without a pair."""
        some_stale = any(answer.stale for answer in self._others.values())
        for at, kept in enumerate(self._kept):
            stale = [other for other, answer in kept.items() if answer.stale]
            last = max(stale, default=-1)
            if some_stale:
                further = self._first_other(at, reversed(range(last + 1, len(self._hcpcs))), stale=True)
                last = last if further is None else further
            if last < 0:
                first = self._first_other(at, range(min(kept, default=len(self._hcpcs))), stale=False)
                last = min(kept, default=-1) if first is None else first
            yield None if last < 0 else self._answer(at, last)

    def _first_other(self, at: int, places: Iterator[int] | range, *, stale: bool) -> int | None:
        """The first of some places whose line was not looked up with a line, and is another code's; or stale, too."""
        kept, own = self._kept[at], self._hcpcs[at]
        others = (place for place in places if self._hcpcs[place] != own and place not in kept)
        return next((place for place in others if not stale or self._answer(at, place).stale), None)

    def _answer(self, at: int, other: int) -> Answer[PtpEdit]:
        kept = self._kept[at].get(other)
        return kept if kept is not None else self._of_others(self._hcpcs[min(at, other)], self._hcpcs[max(at, other)])

    def _with_edits(self) -> dict[str, set[str]]:
        """For each code the others of the day with which it has an edit, on whatever day."""
        by_number = {code.number: hcpcs for hcpcs, code in self._codes.items()}
        found: dict[str, set[str]] = {hcpcs: set() for hcpcs in self._codes}
        for hcpcs, code in self._codes.items():
            for number in code.partners & by_number.keys():
                other = by_number[number]
                if other != hcpcs:
                    found[hcpcs].add(other)
                    found[other].add(hcpcs)
        return found

    def _without_data(self) -> Iterator[tuple[str, str]]:
        """Every two codes without an edit of which no release tells that, when billed in this order."""
        of_kind: dict[_Spoken, list[str]] = {}
        for hcpcs, code in self._codes.items():
            of_kind.setdefault(code.spoken_for, []).append(hcpcs)
        for some, others in product(of_kind.values(), repeat=2):
            plain = ((one, two) for one, two in product(some, others) if one != two and two not in self._edited[one])
            for number, (one, two) in enumerate(plain):
                if number == 0 and not self._of_others(one, two).no_data:
                    break
                yield one, two

    def _of_others(self, one: str, two: str) -> Answer[PtpEdit]:
        """The answer to two codes that have no edit."""
        key = (self._codes[one].spoken_for, self._codes[two].spoken_for)
        found = self._others.get(key)
        if found is None:
            found = self._others[key] = self._day.ptp(self._setting, one, two)
        return found
