"""One part of the claims: all claims of its patients, read from disk, checked, and what was found written back."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from cleanclaim.claims import spill
from cleanclaim.claims.model import Claim
from cleanclaim.engine.accept import Accepted
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.stream.tally import Accepting, Tally
from cleanclaim.engine.work import Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import Date

CLAIMS_OF_A_PART: Final = 10_000
"""How many claims a part should have: enough that opening it costs nothing, few enough to hold several in memory."""
_PLACES_OF_A_FRAME: Final = 8_192
"""What was found is written in frames of so many places of the input, and put in order frame by frame."""
_KIND_BITS: Final = 8


class Found(IntEnum):
    """The kinds of records that a part leaves, in the order of their file."""

    RESULT = 0
    FINDING = 1
    SET_ASIDE = 2
    REJECT = 3


@dataclass(frozen=True, slots=True)
class Part:
    """The files of claims, and of claims sent before, whose patients are in no other part."""

    number: int
    claims: int
    """How many claims and rejects there are."""
    files: tuple[str, ...]
    history: tuple[str, ...] = ()

    def found(self, folder: Path) -> Path:
        """Where what is found goes; it is there once the part is checked."""
        return folder / f"found-{self.number:05d}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A part that was checked: its counts, and the byte of its file at which each kind of record begins."""

    tally: Tally
    begins: tuple[int, ...]


@dataclass(slots=True)
class Checker:
    """Checks parts, each as if it were all."""

    folder: Path
    book: OpenBook
    rules: Sequence[LoadedRule]
    known_on: Date | None
    accepting: Accepting
    with_history: bool

    def check(self, part: Part, allowed: Mapping[str, int] | None = None) -> Checked:
        """Check a part and write what was found; ``allowed`` is how many findings an entry of the baseline may take.

        An entry without a number may take as many as it says.
        """
        collecting = gc.isenabled()
        gc.disable()  # a part makes millions of objects that all live to its end: looking at them again finds nothing
        try:
            made, frames = self._checked(part, allowed or {})
            spill.write(part.found(self.folder), frames)
        finally:
            if collecting:
                gc.enable()
        del frames
        gc.collect()
        return made

    def _checked(self, part: Part, allowed: Mapping[str, int]) -> tuple[Checked, list[bytes]]:
        entries = self._read(part.files)
        if len(entries) != part.claims:
            raise spill.damaged(self.folder)
        claims = [(place, entry) for place, entry in entries if isinstance(entry, Claim)]
        history: list[tuple[int, Claim]] = self._read(part.history)
        places = [place for place, _ in claims]
        tally = Tally()
        found: dict[Found, list[spill.Placed]] = {kind: [] for kind in Found}
        of_entries = 0

        def observe(work: Work, findings: Sequence[Hit], accepted: Accepted) -> None:
            nonlocal of_entries
            tally.count_work(work, codes, self.accepting, history)
            tally.count_accepted(findings, accepted, self.accepting, places)
            found[Found.FINDING] = [(places[hit.claim_number], hit.finding) for hit in accepted.kept]
            number = {id(hit.finding): hit.claim_number for hit in findings} if accepted.aside else {}
            found[Found.SET_ASIDE] = [(places[number[id(entry.finding)]], entry) for entry in accepted.aside]
            of_entries = len(accepted.findings)

        codes = {loaded.rule.code for loaded in self.rules}
        book = OpenBook(self.book.index, self.book.store)  # without what the last part asked of it
        book.use_policies(self.book.policies)
        report = check_claims(
            [claim for _, claim in claims],
            book,
            rules=self.rules,
            known_on=self.known_on,
            history=[claim for _, claim in history] if self.with_history else None,
            suppressions=self.accepting.suppressions,
            baseline=_allowing(self.accepting, allowed),
            observe=observe,
        )
        tally.count_report(report, of_entries)
        found[Found.RESULT] = list(zip(places, report.claims, strict=True))
        found[Found.REJECT] = [(place, entry) for place, entry in entries if not isinstance(entry, Claim)]
        return _framed(tally, found)

    def _read(self, files: Iterable[str]) -> list[Any]:
        """Everything of these files in the order of the input."""
        return sorted((entry for file in files for entry in spill.read(self.folder / file)), key=itemgetter(0))


def _allowing(accepting: Accepting, allowed: Mapping[str, int]) -> Any:
    baseline = accepting.baseline
    if baseline is None or not allowed:
        return baseline
    entries = (replace(entry, count=allowed.get(entry.key, entry.count)) for entry in baseline.entries)
    return replace(baseline, entries=tuple(entries))


def _framed(tally: Tally, found: Mapping[Found, list[spill.Placed]]) -> tuple[Checked, list[bytes]]:
    """The frames of a part's file: its counts, then each kind of record in the order of the input."""
    frames = [spill.frame(0, [(0, tally.plain())])]
    begins, at = [], len(frames[0])
    for kind in Found:
        begins.append(at)
        for window, of_window in groupby(found[kind], key=lambda entry: entry[0] // _PLACES_OF_A_FRAME):
            frames.append(spill.frame(window << _KIND_BITS | kind, list(of_window)))
            at += len(frames[-1])
    return Checked(tally, tuple(begins)), frames


def kind_and_window(number: int) -> tuple[int, int]:
    """What a frame of records holds, by its number: which kind, and of which stretch of the input."""
    return number & ((1 << _KIND_BITS) - 1), number >> _KIND_BITS


def checked_before(part: Part, folder: Path) -> Checked | None:
    """What an earlier run found in a part; None where it did not get so far."""
    path = part.found(folder)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        head = spill.head(file, 0)
        length = head[1] if head is not None else 0
        ((_, plain),) = spill.body(file, 0, length, path)
        begins, at = [], spill.following(0, length)
        for kind in Found:
            begins.append(at)
            while (head := spill.head(file, at)) is not None and kind_and_window(head[0])[0] == kind:
                at = spill.following(at, head[1])
    return Checked(Tally.of_plain(plain), tuple(begins))
