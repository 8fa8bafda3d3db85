"""What was learned of claims that were checked and had no finding, and what a claim like them is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from cleanclaim.engine.alike.numbered import Numbered
from cleanclaim.engine.totals import AtStake
from cleanclaim.engine.verdicts import result_of
from cleanclaim.engine.work import ClaimWork
from cleanclaim.types import ClaimResult, Setting, Verdict

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LIST_OF_DIAGNOSES: Final = "icd10cm"
_NOTHING: Final = AtStake()
_NOTHING_SAID: Final = ClaimResult("", "", Verdict.CLEAN)
_DISPUTED: Final = -2
"""Claims with the same number were told different things, which should not be."""
_ON_ITS_DAY: Final = -1
"""What is said names a day, and holds for claims of that very day."""

Gaps = dict[tuple[str, Setting], tuple[str, ...]]
_Key = int | tuple[int, int]
"""A number, or one with a day."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of claims that are alike, without claim and file."""

    result: ClaimResult
    unpolicied: str
    """The payer where none of its policies is here."""


@dataclass(slots=True)
class Memory:
    """Of each number of a claim (:mod:`~cleanclaim.engine.alike.numbered`), whether one that has it had no finding.

    A rule answers by one of these numbers alone. So a claim each of whose numbers was seen on some claim without a
    finding has none either, whatever the claims were on which they were seen.
    """

    gaps: Gaps
    """See :func:`~cleanclaim.engine.verdicts.gap_families`."""
    payers: Sequence[tuple[str, str]]
    """See :attr:`~cleanclaim.engine.alike.kinds.Kinds.told_payers`."""
    told: list[Told] = field(default_factory=list)
    _parts: dict[ClaimResult, int] = field(default_factory=dict)
    """A number for each distinct thing that is said of lines or of diagnoses."""
    _in_order: list[ClaimResult] = field(default_factory=list)
    """The same in the order of their numbers."""
    _billed: dict[_Key, int] = field(default_factory=dict)
    _diagnoses: dict[_Key, int] = field(default_factory=dict)
    of_lines: bytearray = field(default_factory=bytearray)
    """For each number of the patient beside a line whether it is known: 1 or 0."""
    of_diagnoses: bytearray = field(default_factory=bytearray)
    """The same beside a diagnosis."""
    _together: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """By what is said of the lines and of the diagnoses, and by the payer, the place of all together in ``told``."""

    def __len__(self) -> int:
        """How much is remembered: what names a day is once for each such day, however few the numbers."""
        return len(self._billed) + len(self._diagnoses) + len(self._in_order) + len(self.told)

    def room(self, of_lines: int, of_diagnoses: int) -> None:
        """There are so many numbers of the patient beside lines, and beside diagnoses."""
        self.of_lines.extend(bytes(max(0, of_lines - len(self.of_lines))))
        self.of_diagnoses.extend(bytes(max(0, of_diagnoses - len(self.of_diagnoses))))

    def strange(self, claim: Numbered) -> list[tuple[str, int]]:
        """Those numbers of a claim that were on no claim without a finding."""
        found = []
        if _found(self._billed, claim.billed, claim.day) is None:
            found.append(("billed", claim.billed))
        if _found(self._diagnoses, claim.diagnoses, claim.diagnosis_day) is None:
            found.append(("diagnoses", claim.diagnoses))
        found += [("line", number) for number in claim.of_lines if not self.of_lines[number]]
        found += [("diagnosis", number) for number in claim.of_diagnoses if not self.of_diagnoses[number]]
        return found

    def number(self, billed: int, day: int, diagnoses: int, diagnosis_day: int, payer: int) -> int:
        """The place in :attr:`told` of what is said of a claim billed so, with these diagnoses; -1 where not known."""
        lines, of_dx = _found(self._billed, billed, day), _found(self._diagnoses, diagnoses, diagnosis_day)
        if lines is None or of_dx is None:
            return -1
        found = self._together.get((lines, of_dx, payer))
        if found is None:
            found = self._together[lines, of_dx, payer] = len(self.told)
            name, unpolicied = self.payers[payer]
            said = _joined(self._in_order[lines], self._in_order[of_dx])
            self.told.append(Told(replace(said, payer=name), unpolicied))
        return found

    def learn(self, work: ClaimWork, claim: Numbered) -> None:
        """Remember a claim that was checked, alone, and had no finding."""
        if any(line.facts.other_person for line in work.lines):
            return  # what rules are silent of for that reason is no silence about others
        whole = self._said(work)
        lines, diagnoses = whole, _NOTHING_SAID
        if _LIST_OF_DIAGNOSES in work.missing or any(
            dx.answer is not None and dx.answer.stale for dx in work.diagnoses
        ):
            lines = self._said(replace(work, diagnoses=[], missing=_without(work.missing)))
            diagnoses = self._said(replace(work, lines=[], missing=_only(work.missing)))
            if _joined(lines, diagnoses) != whole:
                return
        self._put(self._billed, claim.billed, claim.day, lines)
        self._put(self._diagnoses, claim.diagnoses, claim.diagnosis_day, diagnoses)
        for known, numbers in ((self.of_lines, claim.of_lines), (self.of_diagnoses, claim.of_diagnoses)):
            for number in numbers:
                known[number] = 1

    def _said(self, work: ClaimWork) -> ClaimResult:
        return replace(result_of(work, (), _NOTHING, self.gaps), claim="", file="", payer="")

    def _put(self, known: dict[_Key, int], number: int, day: int, said: ClaimResult) -> None:
        part = self._parts.get(said)
        if part is None:
            part = self._parts[said] = len(self._in_order)
            self._in_order.append(said)
        key: _Key = number
        if any(_DATE.search(gap.why) for gap in said.not_checked):
            known[number] = _ON_ITS_DAY
            key = number, day
        if known.setdefault(key, part) != part:  # the numbers are not all that counts: such claims are always checked
            known[key] = _DISPUTED


def _found(known: dict[_Key, int], number: int, day: int) -> int | None:
    part = known.get(number)
    if part == _ON_ITS_DAY:
        part = known.get((number, day))
    return None if part == _DISPUTED else part


def _joined(lines: ClaimResult, diagnoses: ClaimResult) -> ClaimResult:
    """The result of a claim, of what is said of its lines and of its diagnoses."""
    families = {gap.what for gap in lines.not_checked if gap.line is None}
    not_checked = (*lines.not_checked, *(gap for gap in diagnoses.not_checked if gap.what not in families))
    stale = tuple(sorted({*lines.stale, *diagnoses.stale}, key=lambda use: (use.source, use.release)))
    checked = Verdict.STALE if stale else Verdict.CLEAN
    verdict = Verdict.NOT_CHECKED if not_checked else checked
    return replace(lines, verdict=verdict, not_checked=not_checked, stale=stale)


def _without(missing: dict[str, str]) -> dict[str, str]:
    return {table: why for table, why in missing.items() if table != _LIST_OF_DIAGNOSES}


def _only(missing: dict[str, str]) -> dict[str, str]:
    return {table: why for table, why in missing.items() if table == _LIST_OF_DIAGNOSES}
