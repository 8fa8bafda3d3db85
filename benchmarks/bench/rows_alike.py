"""The row of claims like claims before: how many are settled without the engine, what that saves, whether all agree."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bench.claims837 import Mix, claims_file
from bench.measure import RowResult, ratios
from bench.row import Context, claims_of

from cleanclaim.claims.table import ClaimTable
from cleanclaim.engine.accept import Accepted
from cleanclaim.engine.alike.settle import Alike, Learn, Settled
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.run import Observer, check_claims
from cleanclaim.engine.stream.parts import CLAIMS_OF_A_PART
from cleanclaim.engine.work import Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import ClaimResult, Finding, Report

_TOLD = {1: "first", 2: "second", 5: "fifth"}
_FEWER = 5
"""Claims with many findings take long, and are soon checked without looking whether they are alike."""

_Said = tuple[ClaimResult, tuple[Finding, ...]]


@dataclass(slots=True)
class _Taken:
    """Part by part: the share settled in percent, and microseconds a claim with it and without."""

    settled: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)
    without: list[float] = field(default_factory=list)
    same: int = 0
    claims: int = 0
    left_off: int = 0
    """After so many claims it was no more tried; 0 where it was to the end."""


def alike(context: Context) -> RowResult:
    """Parts as large runs have them, one after the other, with what was learned of those before and without."""
    result = RowResult(
        notes=[
            f"{len(all_rules())} rules, one thread; parts of some {CLAIMS_OF_A_PART:,} claims, by patient",
            "each part is checked once with what was learned of those before and once without, in turn",
            "the time of a claim is from a table in memory to findings and results in objects; spread over the parts",
        ]
    )
    for mix in (Mix.EVERYDAY, Mix.VARIED, Mix.HARD):
        many = context.size.alike_claims // (_FEWER if mix is Mix.HARD else 1)
        taken = _taken(context, mix, many)
        for number, name in _TOLD.items():
            if number <= len(taken.settled):
                result.add(f"{mix}, settled of the {name} part", [taken.settled[number - 1]], "%")
        result.add(f"{mix}, settled of a part", taken.settled, "%")
        result.add(f"{mix}, every rule", taken.used, "us a claim")
        result.add(f"{mix}, every rule, nothing settled", taken.without, "us a claim")
        result.add(f"{mix}, against nothing settled", ratios(taken.without, taken.used), "times as fast")
        result.add(f"{mix}, claims told the same", [100 * taken.same / taken.claims], "%", at_least=100)
        result.notes.append(
            f"{mix}: {taken.claims:,} claims, {sum(taken.without) / sum(taken.used):.2f} times as fast over all"
            + (f"; left off after {taken.left_off:,} claims" if taken.left_off else "")
        )
    return result


def _taken(context: Context, mix: Mix, many: int) -> _Taken:
    books, taken = context.books, _Taken()
    table = ClaimTable.of(claims_of(claims_file(books.whole(), many, mix=mix)))
    book, other = books.opened_again(), books.opened_again()
    memory = Alike(book, all_rules(), None)
    for number, part in enumerate(_parts(table)):
        if not taken.left_off and not memory.worthwhile:
            taken.left_off = taken.claims
        # Whichever comes second finds rules that have been asked the same before.
        works = {"used": partial(_settling, memory, book, part), "without": partial(_all, other, part)}
        seconds: dict[str, float] = {}
        told: dict[str, tuple[list[_Said], int]] = {}
        for name in reversed(works) if number % 2 else works:
            gc.collect()
            begun = time.thread_time()
            said = works[name]()
            seconds[name] = time.thread_time() - begun
            told[name] = said()
        taken.used.append(1e6 * seconds["used"] / len(part))
        taken.without.append(1e6 * seconds["without"] / len(part))
        (ours, settled), (theirs, _) = told["used"], told["without"]
        taken.settled.append(100 * settled / len(part))
        taken.same += sum(one == other for one, other in zip(ours, theirs, strict=True))
        taken.claims += len(part)
    return taken


def _parts(table: ClaimTable) -> Iterator[ClaimTable]:
    """The claims of a table by patient, in parts."""
    parts = max(2, len(table) // CLAIMS_OF_A_PART)
    patients = table.claim_rows["patient"] % parts
    for number in range(parts):
        if (patients == number).any():
            yield table.take(patients == number)


_Told = Callable[[], tuple[list[_Said], int]]
"""What is said of each claim of a part, and how many were settled: made out when nothing is timed."""


def _settling(memory: Alike, book: OpenBook, part: ClaimTable) -> _Told:
    """Check a part as a large run does: with the memory while that is worth it."""
    if not memory.worthwhile:
        return _all(book, part)
    reports: list[tuple[list[int], Report]] = []

    def check(rows: list[int], learn: Learn) -> None:
        reports.append((rows, _checked(book, part.take(rows), _teaching(learn))))

    settled = memory.check(part, book, (), check)
    return lambda: _joined(part, settled, reports)


def _teaching(learn: Learn) -> Observer:
    def observe(work: Work, findings: Sequence[Hit], _: Accepted) -> None:
        learn(work.reported(), {hit.claim_number for hit in findings})

    return observe


def _all(book: OpenBook, part: ClaimTable) -> _Told:
    report = _checked(book, part)
    return lambda: (_of_each(report), 0)


def _checked(book: OpenBook, table: ClaimTable, observe: Observer | None = None) -> Report:
    return check_claims(list(table.claims()), book, rules=all_rules(), observe=observe)


def _joined(part: ClaimTable, settled: Settled, reports: Sequence[tuple[list[int], Report]]) -> tuple[list[_Said], int]:
    said: dict[int, _Said] = {}
    for rows, report in reports:
        said.update(zip(rows, _of_each(report), strict=True))
    claims = list(part.take(settled.rows).claims())
    for row, number, claim in zip(settled.rows, settled.numbers, claims, strict=True):
        said[row] = replace(settled.told[number].result, claim=claim.claim_id, file=claim.file), ()
    return [said[row] for row in range(len(part))], len(settled.rows)


def _of_each(report: Report) -> list[_Said]:
    """The result of each claim and its findings."""
    findings: dict[str, list[Finding]] = {}
    for finding in report.findings:
        findings.setdefault(finding.claim, []).append(finding)
    return [(result, tuple(findings.get(result.claim, ()))) for result in report.claims]
