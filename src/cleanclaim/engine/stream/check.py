"""A check of claims of any number: read once, divided by patient, checked part by part, joined in input order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from cleanclaim.engine.files import book_notes, choice_notes
from cleanclaim.engine.stream.checking import Checker
from cleanclaim.engine.stream.folder import WorkFolder
from cleanclaim.engine.stream.found import Checked, Found, Part, checked_before
from cleanclaim.engine.stream.joined import JoinedReport, OnDisk, begins_of, results_on_disk
from cleanclaim.engine.stream.parts import PartChecker
from cleanclaim.engine.stream.reading import ClaimsRead, read_claims
from cleanclaim.engine.stream.tally import Accepting, Tally
from cleanclaim.engine.stream.workers import Job, Task, Workers
from cleanclaim.engine.totals import Sums
from cleanclaim.errors import InternalError
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import Date

_BYTES_OF_A_PART: Final = 1 << 18
"""About what the smallest has: input is divided into no more parts than that makes."""


class Phase(StrEnum):
    """What a large check is at."""

    READ = "reading"
    CHECK = "checking"
    WRITE = "writing"


class Progress(Protocol):
    """Is told how far a check has come."""

    def begin(self, phase: Phase, total: int) -> None:
        """A phase begins, of ``total`` bytes to read or claims to check."""

    def advance(self, many: int) -> None:
        """So many more are done."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, and how: everything that what is found depends on.

    ``policies`` and ``payer`` are what the book was told to use (:meth:`OpenBook.use_policies`), and ``with_starter``
    how it was opened: a worker process opens it in the same way.
    """

    paths: tuple[str, ...]
    book: OpenBook
    rules: tuple[LoadedRule, ...]
    known_on: Date | None = None
    forced: str | None = None
    history: tuple[str, ...] = ()
    accepting: Accepting = field(default_factory=Accepting)
    policies: tuple[Path, ...] = ()
    payer: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules."""
        return tuple(loaded.rule.code for loaded in self.rules)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The report, what to say of files that cannot be read at all, and the most memory any worker used, in bytes."""

    report: JoinedReport
    unusable: tuple[str, ...]
    peak_of_a_worker: int
    parts: int
    before: int
    """How many of the parts an earlier run had checked."""


def check_in_parts(
    request: Request,
    folder: WorkFolder,
    *,
    jobs: int,
    size: int,
    progress: Progress,
    may_go_on: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Check claims in the memory that a part of them takes, with ``jobs`` processes.

    ``size`` is about how many bytes the input has, unpacked. What an earlier run left in ``folder`` is not done again.
    ``may_go_on`` is told how many claims there are before they are checked, and may raise. Raises UnreadableFile when
    nothing at all could be read, and WorkerLost when a worker process ended.
    """
    run = _Run(request, folder.path, jobs, progress)
    try:
        state = folder.read_state()
        if state is None:
            folder.forget()
            progress.begin(Phase.READ, size)
            workers = min(jobs, size // _BYTES_OF_A_PART)
            if workers > 1:
                run.start_workers(workers)  # which takes them as long as some ten thousand claims are read in
            read = read_claims(
                request.paths,
                request.history,
                folder.path,
                forced=request.forced,
                jobs=jobs,
                size=size,
                advance=progress.advance,
            )
            folder.write_state(read.plain())
        else:
            read = ClaimsRead.of_plain(state)
        may_go_on(read.claims)
        progress.begin(Phase.CHECK, read.claims + read.rejects)
        before = run.take_up(read.parts)
        run.check([Task(part, {}) for part in read.parts if part.number not in run.done])
        run.check(list(run.contested(read.parts)))
    finally:
        run.stop_workers()
    return Outcome(run.report(read), tuple(read.unusable), run.peak, len(read.parts), before)


@dataclass(slots=True)
class _Run:
    request: Request
    folder: Path
    jobs: int
    progress: Progress
    done: dict[int, Checked] = field(default_factory=dict)
    """By its number, each part that was checked."""
    sums: Sums = field(default_factory=Sums)
    """The dollars of parts that are done for good, which have them no more."""
    peak: int = 0
    workers: Workers | None = None

    def take_up(self, parts: Sequence[Part]) -> int:
        """Take over what an earlier run has found; how many parts that are."""
        for part in parts:
            checked = checked_before(part, self.folder)
            if checked is not None:
                self._keep(part, checked)
                self.progress.advance(part.claims)
        return len(self.done)

    def check(self, tasks: Sequence[Task]) -> None:
        """Check parts, here or in worker processes."""
        for part, checked in self._here(tasks) if self.jobs == 1 or len(tasks) == 1 else self._apart(tasks):
            if part.number not in self.done:
                self.progress.advance(part.claims)
            self._keep(part, checked)

    def _keep(self, part: Part, checked: Checked) -> None:
        """Count a part as done. Its dollars are added up at once: every part has most providers and codes of all."""
        if self.request.accepting.baseline is None:  # with one it may be checked once more
            self.sums.add(checked.tally.sums)
            checked.tally.sums = Sums()
        self.done[part.number] = checked

    def _here(self, tasks: Sequence[Task]) -> Iterator[tuple[Part, Checked]]:
        request = self.request
        checker = Checker(request.book, request.rules, request.known_on, bool(request.history), request.accepting)
        parts = PartChecker(self.folder, checker)
        for task in tasks:
            yield task.part, parts.check(task.part, task.allowed)

    def _apart(self, tasks: Sequence[Task]) -> Iterator[tuple[Part, Checked]]:
        workers = self.workers or self.start_workers(min(self.jobs, len(tasks)))
        for done in workers.check(tasks):
            self.peak = max(self.peak, done.peak)
            if done.part is not None and done.checked is not None:
                yield done.part, done.checked

    def start_workers(self, many: int) -> Workers:
        """Start processes that check parts."""
        request, store = self.request, self.request.book.store
        if store is None:
            raise InternalError("a book that is in no folder cannot be opened by worker processes")
        job = Job(
            self.folder,
            store.folder,
            store.with_starter,
            request.book.releases,
            request.policies,
            request.payer,
            request.codes,
            request.known_on,
            request.accepting,
            bool(request.history),
        )
        self.workers = Workers(job, many)
        return self.workers

    def stop_workers(self) -> None:
        """End them."""
        if self.workers is not None:
            self.workers.stop()

    def contested(self, parts: Sequence[Part]) -> Iterator[Task]:
        """Parts to be checked once more, since the baseline accepts less of them than it did of each by itself.

        Claims of several patients may bear one number, and then one entry of a baseline names them all. It accepts the
        first in the order of the input, in whichever part they are.
        """
        baseline = self.request.accepting.baseline
        if baseline is None:
            return
        candidates: dict[str, list[tuple[int, int]]] = {}
        for number, checked in self.done.items():
            for key, places in checked.tally.of_baseline.items():
                candidates.setdefault(key, []).extend((place, number) for place in places)
        allowed: dict[int, dict[str, int]] = {}
        counts = {entry.key: entry.count for entry in baseline.entries}
        for key, found in candidates.items():
            if len(found) > counts[key] and len({number for _, number in found}) > 1:
                first = Counter(number for _, number in sorted(found)[: counts[key]])
                for _, number in found:
                    allowed.setdefault(number, {})[key] = first[number]
        yield from (Task(part, allowed[part.number]) for part in parts if part.number in allowed)

    def report(self, read: ClaimsRead) -> JoinedReport:
        """The report on all parts."""
        tally = Tally(sums=self.sums)
        for checked in self.done.values():
            tally.add(checked.tally)
        if tally.claims != sum(count.reported for count in read.files):
            raise InternalError(f"{read.claims} claims were read and {tally.claims} reported")
        request = self.request
        parts = [(part, self.done[part.number]) for part in read.parts]
        on_entries = tuple(tally.on_entries(request.accepting))
        severities = Counter(tally.severities)
        severities.update(finding.severity for finding in on_entries)
        codes = frozenset(request.codes)
        notes = tally.notes(request.book, codes, request.accepting, with_history=bool(request.history))
        return JoinedReport(
            book=request.book.entries(request.known_on),
            claims=results_on_disk(tally.claims, self.folder, parts),
            findings=OnDisk(tally.findings, begins_of(Found.FINDING, self.folder, parts), on_entries),
            set_aside=OnDisk(tally.set_aside, begins_of(Found.SET_ASIDE, self.folder, parts)),
            rejects=OnDisk(read.rejects, begins_of(Found.REJECT, self.folder, parts)),
            files=tuple(read.files),
            notes=(*book_notes(request.book), *choice_notes(request.rules), *read.notes, *notes),
            lines=tally.lines,
            amount_at_risk=tally.amount_at_risk,
            verdicts=tally.verdicts,
            severities=severities,
            totals=tally.sums.totals(),
        )


def key_of(request: Request, inputs: Mapping[str, Sequence[object]], version: str) -> dict[str, object]:
    """What a check depends on, for its work folder: see :data:`~cleanclaim.engine.stream.folder.Key`.

    ``inputs`` are the files it reads with what tells that they were changed, by what they are called in a message.
    """
    accepted = request.accepting.suppressions
    return {
        "the version of cleanclaim": version,
        **inputs,
        "the book": [
            [release.source, release.release, release.sha256, release.rows] for release in request.book.releases
        ],
        "--select and --ignore": request.codes,
        "--known-on": str(request.known_on),
        "--from": request.forced,
        "--payer": request.payer,
        "the suppressions that have expired": []
        if accepted is None
        else [[entry.source, entry.name] for entry in accepted.entries if accepted.expired(entry)],
    }
