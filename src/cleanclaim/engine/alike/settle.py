"""Claims of a table checked: those like claims that had no finding are told so, the others are given to the engine."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.table import ClaimTable
from cleanclaim.engine.alike.arrays import Flags, Numbers
from cleanclaim.engine.alike.company import companies
from cleanclaim.engine.alike.keys import Keyed
from cleanclaim.engine.alike.kinds import Trait
from cleanclaim.engine.alike.memory import Memory, Told
from cleanclaim.engine.alike.tabular import keys_of
from cleanclaim.engine.verdicts import gap_families
from cleanclaim.engine.work import ClaimWork
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import Date, Verdict

_MOST_NUMBERS: Final = 600_000
"""So many numbers are kept, with what was learned of them, some 150 MB; beyond that all is begun anew."""
_WORTH: Final = ((2_000, 0.02), (20_000, 0.1))
"""After so many claims such a share of them must have been told without a check, for it to cost less than checking."""

Learn = Callable[[Sequence[ClaimWork], Collection[int]], None]
"""Is told the claims that were checked, in the order given, and the numbers of those that have a finding."""
Check = Callable[[list[int], Learn], None]
"""Checks the claims in some rows of the table, with each other and no others."""


@dataclass(slots=True)
class Settled:
    """Claims that were not checked themselves."""

    told: Sequence[Told]
    rows: array[int] = field(default_factory=lambda: array("q"))
    """Of the table, in no particular order."""
    numbers: array[int] = field(default_factory=lambda: array("q"))
    """For each of ``rows`` the place in ``told`` of what is said of it."""
    lines: int = 0
    looks_back: bool = False
    """Claims sent before could tell more of one of them."""

    def verdicts(self) -> Counter[Verdict]:
        """How many of them have each verdict."""
        found: Counter[Verdict] = Counter()
        for number, many in Counter(self.numbers).items():
            found[self.told[number].result.verdict] += many
        return found

    def unpolicied(self) -> Counter[str]:
        """How many of them go to each payer of which no policy is here."""
        found: Counter[str] = Counter()
        for number, many in Counter(self.numbers).items():
            if self.told[number].unpolicied:
                found[self.told[number].unpolicied] += many
        return found


class Alike:
    """Settles claims by those it has seen before, of one choice of rules and one book."""

    def __init__(self, book: OpenBook, rules: Sequence[LoadedRule], known_on: Date | None) -> None:
        self._rules, self._known_on = rules, known_on
        self._seen = self._told = 0
        self._begin(book)

    @property
    def worthwhile(self) -> bool:
        """Enough of the claims seen were like others, or it is too early to say."""
        return all(self._seen < tried or self._told > share * self._seen for tried, share in _WORTH)

    def _begin(self, book: OpenBook) -> None:
        self._keyed = Keyed(book, self._rules, self._known_on)
        self._memory = Memory(gap_families(self._rules), self._keyed.kinds.told_payers)

    def check(self, table: ClaimTable, book: OpenBook, apart: Collection[int], check: Check) -> Settled:
        """Check every claim of a table, which must hold all claims of their patients, with ``check`` or without.

        ``apart`` are numbers of patients whose claims are given to ``check`` in any case. It is called some times; all
        rows of the table that are not in the result have been given to it then, each once. ``book`` is opened of the
        index given before.
        """
        if len(self._keyed) + len(self._memory) > _MOST_NUMBERS:
            self._begin(book)
        self._keyed.kinds.book = book
        patients = table.claim_rows["patient"]
        apart_from = np.fromiter(apart, np.uint64, len(apart))
        plain = plain_claims(table)
        if not plain.all() or len(apart):
            plain &= (patients == 0) | ~np.isin(patients, np.concatenate((patients[~plain], apart_from)))
        settled = _Checking(self._keyed, self._memory, table, plain, check).settled()
        self._seen += len(table)
        self._told += len(settled.rows)
        return settled


def plain_claims(table: ClaimTable) -> Flags:
    """The claims that are all in the records of the table, with lines that all have a date."""
    rows = table.claim_rows
    undated = np.zeros(len(table.line_rows) + 1, np.int64)
    np.cumsum(table.line_rows["service_from"] == 0, out=undated[1:])
    first, count = rows["first_line"], rows["line_count"]
    whole: Flags = (rows["kept"] == 0) & (count > 0) & (undated[first + count] == undated[first])
    return whole


class _Checking:
    """One table being checked, of which the ``plain`` claims can be given numbers."""

    def __init__(self, keyed: Keyed, memory: Memory, table: ClaimTable, plain: Flags, check: Check) -> None:
        self._memory, self._check = memory, check
        self._rows: npt.NDArray[np.intp] = np.flatnonzero(plain)
        """The row of the table of each claim that has numbers."""
        self._others: list[int] = np.flatnonzero(~plain).tolist()
        of_plain = table.take(plain)
        self._keys = keys_of(keyed, of_plain)
        memory.room(len(keyed.of_lines), len(keyed.of_diagnoses))
        company = companies(_patients(of_plain), self._keys)
        alone = np.bincount(company)[company] == 1
        self._open_to: Flags = alone & ~self._keys.unusual & ~self._keys.changes

    def settled(self) -> Settled:
        """What is told without a check."""
        settled = Settled(self._memory.told)
        teaching, waiting = self._chosen(self._tell(np.flatnonzero(self._open_to), settled))
        self._give([*self._others, *self._rows[~self._open_to].tolist(), *self._rows[teaching].tolist()], teaching)
        left = self._tell(np.array(waiting, np.intp), settled)
        self._give(self._rows[left].tolist(), left)
        return settled

    def _tell(self, claims: npt.NDArray[np.intp], settled: Settled) -> list[int]:
        """Settle those of some claims of which all is known; the others."""
        keys, memory = self._keys, self._memory
        columns: tuple[npt.NDArray[Any], ...] = (
            *(claims, self._rows, keys.billed, keys.first_day, keys.diagnoses, keys.diagnosis_day, keys.payer),
            *(self._persons_known(), keys.line_count, keys.traits & Trait.LOOKS_BACK != 0),
        )
        unknown = []
        first, *rest = columns
        for at, row, billed, day, diagnoses, diagnosis_day, payer, person, lines, looks_back in zip(
            first.tolist(), *(column[claims].tolist() for column in rest), strict=True
        ):
            number = memory.number(billed, day, diagnoses, diagnosis_day, payer) if person else -1
            if number < 0:
                unknown.append(at)
                continue
            settled.rows.append(row)
            settled.numbers.append(number)
            settled.lines += lines
            settled.looks_back |= looks_back
        return unknown

    def _persons_known(self) -> Flags:
        """The claims of which the patient is no surprise beside any line or diagnosis."""
        of_lines = np.frombuffer(bytes(self._memory.of_lines), np.bool_)
        of_diagnoses = np.frombuffer(bytes(self._memory.of_diagnoses), np.bool_)
        return self._keys.all_of_lines(of_lines) & self._keys.all_of_diagnoses(of_diagnoses)

    def _chosen(self, claims: list[int]) -> tuple[list[int], list[int]]:
        """Of claims of which something is not known, such as teach all of it if they have no finding; and the rest."""
        asked: set[object] = set()
        teaching: list[int] = []
        rest: list[int] = []
        for at in claims:
            news = [wanted for wanted in self._memory.strange(self._keys.one(at)) if wanted not in asked]
            asked.update(news)
            (teaching if news else rest).append(at)
        return teaching, rest

    def _give(self, rows: list[int], teaching: Collection[int]) -> None:
        """Have rows checked, and learn of those that are alone."""
        if not rows:
            return
        rows.sort()
        claim_of = {int(self._rows[at]): at for at in teaching}

        def learn(works: Sequence[ClaimWork], found: Collection[int]) -> None:
            for row, work in zip(rows, works, strict=True):
                at = claim_of.get(row)
                if at is not None and work.number not in found:
                    self._memory.learn(work, self._keys.one(at))

        self._check(rows, learn)


def _patients(table: ClaimTable) -> Numbers:
    """A number for each claim's patient; a claim that names none has one of its own."""
    named = table.claim_rows["patient"]
    _, numbers = np.unique(named, return_inverse=True)
    own = len(named) + np.arange(len(named))
    return np.where(named == 0, own, numbers.ravel())
