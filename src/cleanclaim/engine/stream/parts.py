"""One part of the claims: all claims of its patients, read from disk, checked, and what was found written back."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.claims import spill
from cleanclaim.claims.model import Claim
from cleanclaim.claims.stable import patient_number
from cleanclaim.engine.accept import Accepted
from cleanclaim.engine.alike.numbered import may_settle
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.stream.found import Checked, Found, Part, framed
from cleanclaim.engine.stream.results import Results
from cleanclaim.engine.stream.tally import Accepting, Tally
from cleanclaim.engine.work import Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import Date

if TYPE_CHECKING:  # loads arrays, which a run without tables does without
    from cleanclaim.claims.table import ClaimTable
    from cleanclaim.engine.alike.settle import Alike, Learn, Settled

CLAIMS_OF_A_PART: Final = 10_000
"""How many claims a part should have: enough that opening it costs nothing, few enough to hold several in memory."""
_CLAIMS_OF_A_BOOK: Final = 100_000
"""After so many claims the book is opened anew, without what they asked of it."""

_Table = tuple[Sequence[int], "ClaimTable"]
"""Claims, and the place in the input of each."""


@dataclass(slots=True)
class Checker:
    """Checks parts, each as if it were all."""

    folder: Path
    book: OpenBook
    rules: Sequence[LoadedRule]
    known_on: Date | None
    accepting: Accepting
    with_history: bool
    _opened: OpenBook | None = None
    _asked: int = 0
    """How many claims have asked it."""
    _alike: Alike | None = None

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
        gc.collect(0)  # all that was made since the last time is young
        return made

    def opened(self, claims: int) -> OpenBook:
        """The book, of which so many claims will be asked."""
        book = self._opened
        if book is None or self._asked > _CLAIMS_OF_A_BOOK:
            book = self._opened = OpenBook(self.book.index, self.book.store)
            book.use_policies(self.book.policies)
            self._asked = 0
        self._asked += claims
        return book

    def _checked(self, part: Part, allowed: Mapping[str, int]) -> tuple[Checked, list[bytes]]:
        tables, records = self._read(part.files)
        if sum(len(places) for places, _ in tables) + len(records) != part.claims:
            raise spill.damaged(self.folder)
        rejects = [entry for entry in records if not isinstance(entry[1], Claim)]
        checking = _Checking(self, _allowing(self.accepting, allowed), self._history(part))
        if tables and len(rejects) == len(records) and self._may_settle():
            places, table = _joined(tables)
            del tables
            checking.settle(places, table, self._settling())
        else:
            of_tables = (entry for places, table in tables for entry in zip(places, table.claims(), strict=True))
            claims = [*(entry for entry in records if isinstance(entry[1], Claim)), *of_tables]
            checking.ask(sorted(claims, key=itemgetter(0)))
        return checking.framed(rejects)

    def _read(self, files: Sequence[str]) -> tuple[list[_Table], list[spill.Placed]]:
        """The tables of these files, and every other record."""
        tables: list[_Table] = []
        records: list[spill.Placed] = []
        for file in files:
            more, others = spill.read_apart(self.folder / file)
            tables += more
            records += others
        return tables, records

    def _history(self, part: Part) -> list[tuple[int, Claim]]:
        entries = (entry for file in part.history for entry in spill.read(self.folder / file))
        return sorted(entries, key=itemgetter(0))

    def _may_settle(self) -> bool:
        """A claim may be told what claims like it were told: nobody accepts findings of this claim or that."""
        pays = self._alike is None or self._alike.worthwhile
        return pays and self.accepting == Accepting() and may_settle(self.rules)

    def _settling(self) -> Alike:
        from cleanclaim.engine.alike.settle import Alike  # noqa: PLC0415 - loads arrays

        if self._alike is None:
            self._alike = Alike(self.opened(0), self.rules, self.known_on)
        return self._alike


@dataclass(slots=True)
class _Checking:
    """What is found while a part is checked."""

    checker: Checker
    baseline: Any
    history: Sequence[tuple[int, Claim]]
    """Claims sent before, with their places."""
    tally: Tally = field(default_factory=Tally)
    results: Results = field(default_factory=Results)
    findings: list[spill.Placed] = field(default_factory=list)
    aside: list[spill.Placed] = field(default_factory=list)

    def settle(self, places: Sequence[int], table: ClaimTable, alike: Alike) -> None:
        """Check the claims of a table, those like others that had no finding without the engine."""
        seen_before = {patient_number(claim.patient_key) for _, claim in self.history}

        def check(rows: list[int], learn: Learn) -> None:
            self.ask(list(zip([places[row] for row in rows], table.take(rows).claims(), strict=True)), learn)

        settled = alike.check(table, self.checker.opened(0), seen_before, check)
        self._take(places, table, settled)

    def ask(self, claims: Sequence[tuple[int, Claim]], learn: Learn | None = None) -> None:
        """Check claims, with their places, by the engine."""
        checker, places = self.checker, [place for place, _ in claims]
        tally, of_entries = Tally(), 0

        def observe(work: Work, findings: Sequence[Hit], accepted: Accepted) -> None:
            nonlocal of_entries
            tally.count_work(work, codes, checker.accepting, self.history)
            tally.count_accepted(findings, accepted, checker.accepting, places)
            self.findings += [(places[hit.claim_number], hit.finding) for hit in accepted.kept]
            number = {id(hit.finding): hit.claim_number for hit in findings} if accepted.aside else {}
            self.aside += [(places[number[id(entry.finding)]], entry) for entry in accepted.aside]
            of_entries = len(accepted.findings)
            if learn is not None:
                learn(work.reported(), {hit.claim_number for hit in findings})

        codes = {loaded.rule.code for loaded in checker.rules}
        report = check_claims(
            [claim for _, claim in claims],
            checker.opened(len(claims)),
            rules=checker.rules,
            known_on=checker.known_on,
            history=[claim for _, claim in self.history] if checker.with_history else None,
            suppressions=checker.accepting.suppressions,
            baseline=self.baseline,
            observe=observe,
        )
        tally.count_report(report, of_entries)
        self.tally.add(tally)
        for place, result in zip(places, report.claims, strict=True):
            self.results.add(place, result.claim, result.file, self.results.template(result))

    def framed(self, rejects: Sequence[spill.Placed]) -> tuple[Checked, list[bytes]]:
        """What is written of the part."""
        found = {Found.FINDING: self.findings, Found.SET_ASIDE: self.aside, Found.REJECT: rejects}
        in_order = {kind: sorted(records, key=itemgetter(0)) for kind, records in found.items()}
        return framed(self.tally, self.results, in_order)

    def _take(self, places: Sequence[int], table: ClaimTable, settled: Settled) -> None:
        """Count the claims that were told without a check."""
        tally = Tally(len(settled.rows), settled.lines, verdicts=settled.verdicts())
        tally.before.looks_back = settled.looks_back
        if any(loaded.rule.family == "PAY" for loaded in self.checker.rules):
            tally.payers = settled.unpolicied()
        self.tally.add(tally)
        texts = table.vocabulary.texts()
        templates = {number: self.results.template(settled.told[number].result) for number in set(settled.numbers)}
        rows = table.claim_rows[settled.rows]
        for row, claim, file, number in zip(
            settled.rows, rows["claim_id"].tolist(), rows["file"].tolist(), settled.numbers, strict=True
        ):
            self.results.add(places[row], texts[claim], texts[file], templates[number])


def _joined(tables: Sequence[_Table]) -> _Table:
    """Several tables as one, in the order of the input."""
    import numpy as np  # noqa: PLC0415 - who has tables has loaded it

    from cleanclaim.claims.table import ClaimTable  # noqa: PLC0415 - the same

    places = np.concatenate([np.asarray(of_table, np.int64) for of_table, _ in tables])
    order = np.argsort(places, kind="stable")
    in_order: list[int] = places[order].tolist()
    return in_order, ClaimTable.concat([table for _, table in tables]).take(order)


def _allowing(accepting: Accepting, allowed: Mapping[str, int]) -> Any:
    baseline = accepting.baseline
    if baseline is None or not allowed:
        return baseline
    entries = (replace(entry, count=allowed.get(entry.key, entry.count)) for entry in baseline.entries)
    return replace(baseline, entries=tuple(entries))
