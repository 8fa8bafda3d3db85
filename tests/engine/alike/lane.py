"""A check that settles claims by those before, and one that does not, so that a test can hold them side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from cleanclaim.claims.model import Claim
from cleanclaim.claims.stable import patient_number
from cleanclaim.claims.table import ClaimTable
from cleanclaim.engine.accept import Accepted
from cleanclaim.engine.alike.settle import Alike, Learn, Settled
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.work import Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import ClaimResult, Date, Finding, Report

Said = tuple[ClaimResult, tuple[Finding, ...]]
"""What is reported of one claim."""


def patient(name: object) -> str:
    """A patient key as readers make them, the same for the same name."""
    return f"{patient_number(f'patient {name}') | 1:016x}"


def said_of_each(report: Report) -> list[Said]:
    """What a report says of each claim; every claim has an identifier of its own."""
    findings: dict[str, list[Finding]] = {}
    for finding in report.findings:
        findings.setdefault(finding.claim, []).append(finding)
    return [(result, tuple(findings.get(result.claim, ()))) for result in report.claims]


class Lane:
    """Checks batch after batch of whole patients, and learns of each."""

    def __init__(
        self, book: OpenBook, rules: Sequence[LoadedRule] | None = None, *, known_on: Date | None = None
    ) -> None:
        self.book, self.rules, self.known_on = book, all_rules() if rules is None else rules, known_on
        self.alike = Alike(book, self.rules, known_on)
        self.settled: set[int] = set()
        """The claims of the last batch that were told without a check, by their place."""

    def check(self, claims: Sequence[Claim]) -> list[Said]:
        """What is reported of each claim, by those before where it is like them."""
        said: dict[int, Said] = {}
        settled = self.settle(claims, said)
        for row, number in zip(settled.rows, settled.numbers, strict=True):
            assert row not in said, "a claim was told, and given to the engine"
            claim = claims[row]
            said[row] = replace(settled.told[number].result, claim=claim.claim_id, file=claim.file), ()
        return [said[row] for row in range(len(claims))]

    def settle(
        self, claims: Sequence[Claim], said: dict[int, Said] | None = None, apart: Collection[int] = ()
    ) -> Settled:
        """The claims that are like those before; ``said`` is told of the others, by their place.

        ``apart`` are numbers of patients whose claims must all be checked.
        """
        table = ClaimTable.of(claims)
        said = {} if said is None else said

        def check(rows: list[int], learn: Learn) -> None:
            def observe(work: Work, findings: Sequence[Hit], _: Accepted) -> None:
                learn(work.reported(), {hit.claim_number for hit in findings})

            report = self._report(list(table.take(rows).claims()), observe)
            given = dict(zip(rows, said_of_each(report), strict=True))
            assert given.keys().isdisjoint(said), "a claim was given to the engine twice"
            said.update(given)

        settled = self.alike.check(table, self.book, apart, check)
        self.settled = set(settled.rows)
        return settled

    def engine(self, claims: Sequence[Claim]) -> list[Said]:
        """What the engine reports of each claim when it is given all of them."""
        return said_of_each(self._report(claims))

    def _report(
        self, claims: Sequence[Claim], observe: Callable[[Work, Sequence[Hit], Accepted], None] | None = None
    ) -> Report:
        return check_claims(
            claims,
            self.book,
            rules=self.rules,
            known_on=self.known_on,
            observe=observe or (lambda *_: None),  # who observes is told nothing from memory
        )


def differing(claims: Iterable[Claim], told: Sequence[Said], expected: Sequence[Said]) -> list[str]:
    """The claims of which something else is said than expected, in words for who reads a failed test."""
    return [
        f"{claim.claim_id}: told {_short(one)}, the engine says {_short(two)}"
        for claim, one, two in zip(claims, told, expected, strict=True)
        if one != two
    ]


def _short(said: Said) -> str:
    result, findings = said
    gaps = [(gap.line, gap.what, gap.why) for gap in result.not_checked]
    stale = [(use.source, use.release) for use in result.stale]
    return f"{result.verdict} {[finding.rule for finding in findings]} {gaps} {stale} {result.payer!r}"
