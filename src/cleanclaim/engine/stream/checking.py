"""Claims checked in memory, those of a table by what was learned of claims like them, and what is found of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.claims.model import Claim
from cleanclaim.claims.spill import Placed
from cleanclaim.claims.stable import patient_number
from cleanclaim.engine.accept import Accepted
from cleanclaim.engine.alike.numbered import may_settle
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.stream.results import Results
from cleanclaim.engine.stream.tally import Accepting, Tally
from cleanclaim.engine.work import Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import Date

if TYPE_CHECKING:  # loads arrays, which a run without tables does without
    from cleanclaim.claims.table import ClaimTable
    from cleanclaim.engine.alike.settle import Alike, Learn, Settled

_CLAIMS_OF_A_BOOK: Final = 100_000
"""After so many claims the book is opened anew, without what they asked of it."""


@dataclass(slots=True)
class Checker:
    """Checks claims against one book, for one choice of rules; what it learns of some it knows of the next."""

    book: OpenBook
    rules: Sequence[LoadedRule]
    known_on: Date | None
    with_history: bool
    accepting: Accepting = field(default_factory=Accepting)
    _opened: OpenBook | None = None
    _asked: int = 0
    """How many claims have asked it."""
    _alike: Alike | None = None

    def opened(self, claims: int) -> OpenBook:
        """The book, of which so many claims will be asked."""
        book = self._opened
        if book is None or self._asked > _CLAIMS_OF_A_BOOK:
            book = self._opened = OpenBook(self.book.index, self.book.store)
            book.use_policies(self.book.policies)
            self._asked = 0
        self._asked += claims
        return book

    @property
    def may_settle(self) -> bool:
        """A claim may be told what claims like it were told: nobody accepts findings of this claim or that."""
        pays = self._alike is None or self._alike.worthwhile
        return pays and self.accepting == Accepting() and may_settle(self.rules)

    def settling(self) -> Alike:
        """What was learned of the claims checked so far."""
        from cleanclaim.engine.alike.settle import Alike  # noqa: PLC0415 - loads arrays

        if self._alike is None:
            self._alike = Alike(self.opened(0), self.rules, self.known_on)
        return self._alike


@dataclass(slots=True)
class Checking:
    """What is found while claims are checked, which must hold all claims of their patients.

    Every claim, and all that is found of one, has its place in the input.
    """

    checker: Checker
    baseline: Any = None
    history: Sequence[tuple[int, Claim]] = ()
    """Claims sent before, with their places."""
    tally: Tally = field(default_factory=Tally)
    results: Results = field(default_factory=Results)
    findings: list[Placed] = field(default_factory=list)
    aside: list[Placed] = field(default_factory=list)

    def check(self, places: Sequence[int], table: ClaimTable) -> None:
        """Check the claims of a table, in the order of their places: those like others that had no finding quickly."""
        checker = self.checker
        if not checker.may_settle:
            self.ask(list(zip(places, table.claims(), strict=True)))
            return
        seen_before = {patient_number(claim.patient_key) for _, claim in self.history}

        def check(rows: list[int], learn: Learn) -> None:
            self.ask(list(zip([places[row] for row in rows], table.take(rows).claims(), strict=True)), learn)

        self._take(places, table, checker.settling().check(table, checker.opened(0), seen_before, check))

    def ask(self, claims: Sequence[tuple[int, Claim]], learn: Learn | None = None) -> None:
        """Check claims, with their places and in their order, by the engine."""
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

    def found(self) -> tuple[list[Placed], list[Placed]]:
        """The findings, and those set aside, in the order of the input."""
        return sorted(self.findings, key=itemgetter(0)), sorted(self.aside, key=itemgetter(0))

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
