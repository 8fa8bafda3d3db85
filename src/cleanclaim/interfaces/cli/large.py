"""``--jobs``, ``--resume`` and ``--stats``: checks of input too large for memory, or by several processes."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from cleanclaim.errors import CleanclaimError, InputError
from cleanclaim.interfaces.cli.accepting import Accepting, baseline_of
from cleanclaim.interfaces.cli.inputs import tell_empty
from cleanclaim.interfaces.cli.options import now, terminal_width, today, use_colour
from cleanclaim.interfaces.cli.writing import folder_beside, followed, write_whole, written_whole
from cleanclaim.render.dollars import dollars_told, many
from cleanclaim.render.formats import STREAMED, Look, ReportFormat, render, write
from cleanclaim.types import Date, Reported, Severity

if TYPE_CHECKING:  # a small check does not load them
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from cleanclaim.engine.stream.check import Outcome, Phase, Request
    from cleanclaim.engine.stream.folder import WorkFolder
    from cleanclaim.engine.stream.joined import JoinedReport
    from cleanclaim.index.lookup import OpenBook
    from cleanclaim.rules.model import LoadedRule

_LARGE_HISTORY: Final = 256 << 20
"""A history is only read through, and can be larger before that pays."""
_MOST_FIXED: Final = 1 << 30
"""Bytes of input that ``--fix`` takes: it has to hold files and claims in memory."""
WHOLE: Final = 200_000
"""Claims that a report can have in a format that needs it in memory whole; it takes some 5 kB for each."""
TOLD: Final = 1_000
"""Claims that a text report of more than that tells one by one."""

_ROOM: Final = 1 << 30
"""Bytes of memory the machine should have for each process that is started without being asked for."""

JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs", metavar="N", min=1, help="Processes that check. Default: one, or all cores for large input."
    ),
]
ResumeOption = Annotated[
    Path | None,
    typer.Option("--resume", metavar="DIR", help="Work in this folder, and go on with what an earlier run left there."),
]
StatsOption = Annotated[bool, typer.Option("--stats", help="Tell counts, times and memory on standard error.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to check, and against what."""

    paths: Sequence[str]
    history: Sequence[str]
    book: OpenBook
    rules: Sequence[LoadedRule]
    known_on: Date | None
    forced: str | None
    accepted: Accepting
    policies: Sequence[Path]
    payer: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to check, and what to write."""

    jobs: int | None
    resume: Path | None
    output_format: ReportFormat
    output: Path | None
    new_baseline: Path | None
    fail_on: Severity
    stats: bool
    fix: bool

    def processes(self, size: int) -> int:
        """How many check input of so many bytes."""
        if self.jobs is not None:
            return self.jobs
        from cleanclaim.engine.input_files import LARGE

        return min(cores(), room()) if size >= LARGE else 1


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def room() -> int:
    """How many processes have room in this machine's memory; as many as may be where it does not tell."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return sys.maxsize
    return max(1, memory // _ROOM)


def instead(asked: Asked, wanted: Wanted, accepted: Mapping[str, Iterable[Path]]) -> None:
    """Where there is much to check, or it is wanted so: check part by part, and end the command with its exit code.

    ``accepted`` are the files of suppressions and of a baseline, by what they are. Raises InputError for options that
    do not go together.
    """
    size = _size(asked, wanted)
    if size is None:
        return
    from cleanclaim.engine.stream.check import Request
    from cleanclaim.engine.stream.tally import Accepting as OfARun

    request = Request(
        tuple(asked.paths),
        asked.book,
        tuple(asked.rules),
        asked.known_on,
        asked.forced,
        tuple(asked.history),
        OfARun(asked.accepted.suppressions, asked.accepted.baseline),
        tuple(asked.policies),
        asked.payer,
    )
    _say_what_takes_time(size)
    _check_in_folder(request, wanted, size, accepted)


def _say_what_takes_time(size: int) -> None:
    """On a terminal: that a bar may stand still while the reader of large 837 files is compiled."""
    from cleanclaim.claims.readers.x12_columns import must_be_compiled

    if sys.stderr.isatty() and must_be_compiled(size):
        typer.echo(
            "cleanclaim: the first large 837 on a machine has its reader compiled: some seconds, once.", err=True
        )


def _size(asked: Asked, wanted: Wanted) -> int | None:
    """About how many bytes there are to read, unpacked, where they are to be checked part by part; else None."""
    from cleanclaim.claims.readers.detect import about
    from cleanclaim.engine.input_files import LARGE

    size, streamed = about(asked.paths)
    several = (wanted.jobs or 1) > 1 or wanted.resume is not None
    if wanted.fix:
        if several:
            raise InputError("--fix works on the whole input at once: leave out --jobs and --resume.")
        if size > _MOST_FIXED:
            raise InputError(
                f"--fix takes up to {_MOST_FIXED >> 20} MiB of claims at once, and these are about {size >> 20}. "
                "Split the input, or check it without --fix first."
            )
        return None
    if wanted.resume is not None and _inside(wanted.resume, (*asked.paths, *asked.history)):
        raise InputError(f"--resume {wanted.resume}: it lies in a folder that is read. Name one that does not.")
    if wanted.resume is not None and streamed:
        raise InputError("--resume: what comes through a pipe cannot be read again. Name files.")
    before, _ = about(asked.history)
    if several or streamed or size >= LARGE or before >= _LARGE_HISTORY:
        return size + before
    return None


def _inside(folder: Path, paths: Iterable[str]) -> bool:
    """The folder is, or lies in, one that is read."""
    return any(Path(path).is_dir() and followed(folder).is_relative_to(followed(Path(path))) for path in paths)


def _check_in_folder(request: Request, wanted: Wanted, size: int, accepted: Mapping[str, Iterable[Path]]) -> None:
    from importlib.metadata import version

    from cleanclaim.book.payers.shelf import own_policy_files
    from cleanclaim.claims.readers.detect import files_named
    from cleanclaim.engine.stream.check import key_of
    from cleanclaim.engine.stream.folder import WorkFolder

    inputs = {
        "the input files": _marks(files_named(request.paths)),
        "the history": _marks(files_named(request.history)),
        "the payer policies": _marks(own_policy_files(request.policies)),
        **{what: _marks(files) for what, files in accepted.items()},
    }
    with WorkFolder.open(
        wanted.resume, folder_beside(wanted.output), key_of(request, inputs, version("cleanclaim"))
    ) as folder:
        outcome = _checked(request, wanted, size, folder)
    for problem in outcome.unusable:
        typer.echo(f"cleanclaim: {problem}", err=True)
    raise typer.Exit(_exit_code(outcome, wanted))


def _checked(request: Request, wanted: Wanted, size: int, folder: WorkFolder) -> Outcome:
    """Check, and write what is wanted."""
    from cleanclaim.engine.stream.check import check_in_parts
    from cleanclaim.engine.stream.workers import WorkerLost

    times = _Times(_bar())
    keep = folder.kept
    try:
        with times, stopped_by_terminate():
            outcome = check_in_parts(
                request,
                folder,
                jobs=wanted.processes(size),
                size=size,
                progress=times,
                may_go_on=lambda claims: _fits(claims, wanted.output_format),
            )
            _write(request, wanted, outcome, times)
        tell_empty(outcome.report)
        if wanted.stats:
            _tell_stats_of(outcome, times, wanted.processes(size))
        keep = False
    except (KeyboardInterrupt, WorkerLost) as error:
        keep = keep or folder.read_state() is not None
        raise _stopped(error, folder, keep=keep) from None
    finally:
        if not keep:
            folder.remove()
    return outcome


def _stopped(error: BaseException, folder: WorkFolder, *, keep: bool) -> CleanclaimError:
    said = "The check was stopped" if isinstance(error, KeyboardInterrupt) else f"The check was stopped: {error}"
    if not keep:
        return InputError(f"{said} before all claims were read. Nothing was written.")
    memory = "" if isinstance(error, KeyboardInterrupt) else " Too little memory is the usual reason: try fewer --jobs."
    return InputError(
        f"{said}. No report was written.{memory} The same command with --resume {folder.path} goes on where it was; "
        "or remove that folder, which holds claims."
    )


def _fits(claims: int, output_format: ReportFormat) -> None:
    if claims > WHOLE and output_format not in STREAMED | {ReportFormat.TEXT}:
        raise InputError(
            f"{claims:,} claims: a {output_format} report has to be in memory whole, and can have {WHOLE:,} at most. "
            "Write jsonl, csv or parquet, or check the claims in several runs."
        )


# --- writing


def _write(request: Request, wanted: Wanted, outcome: Outcome, times: _Times) -> None:
    from cleanclaim.engine.stream.check import Phase

    report = outcome.report
    times.begin(Phase.WRITE, 0)
    if wanted.new_baseline is not None:
        write_whole(wanted.new_baseline, baseline_of(report, request.accepting.baseline, today(), request.rules))
    if wanted.output is None:
        times.stop_bar()  # it would be drawn among the rows, and stands between them and the real standard output
    if wanted.output_format in STREAMED:
        if wanted.output is None:
            write(report, wanted.output_format, sys.stdout.buffer)
            sys.stdout.flush()
            return
        with written_whole(wanted.output) as out:
            write(report, wanted.output_format, out)
        return
    text = _whole(report, wanted)
    if wanted.output is None:
        typer.echo(text, nl=False)
    else:
        write_whole(wanted.output, text)


def _whole(report: JoinedReport, wanted: Wanted) -> str | bytes:
    """The report in a format that needs all of it, or of what it tells, in memory."""
    to_terminal = wanted.output is None
    fits = len(report.claims) <= WHOLE
    look = Look(
        made=now(),
        width=terminal_width() if to_terminal else 100,
        colour=to_terminal and use_colour(),
        most=None if fits else TOLD,
    )
    return render(report.whole() if fits else report, wanted.output_format, look)


def _exit_code(outcome: Outcome, wanted: Wanted) -> int:
    report = outcome.report
    if outcome.unusable or (len(report.rejects) and not len(report.claims)):
        return 2
    found = any(severity.rank <= wanted.fail_on.rank for severity, count in report.severities.items() if count)
    return int(found and wanted.new_baseline is None)


# --- what an earlier run must have been about


def _marks(files: Iterable[Path]) -> list[list[object]]:
    """What tells that a file is not what it was: its name, size, and when it was last written."""
    return [[str(path), *_mark(path)] for path in files]


def _mark(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return -1, -1
    return found.st_size, found.st_mtime_ns


# --- while it runs, and after


@contextlib.contextmanager
def stopped_by_terminate() -> Iterator[None]:
    """Being asked to end (SIGTERM) is the same as Ctrl-C: what has been checked is kept."""

    def stop(*_: Any) -> NoReturn:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # only the main thread of a program can be told
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _bar() -> Bar | None:
    """A progress bar on a terminal, none in a pipe."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


@dataclass(slots=True)
class _Times:
    """The progress of a check: shown on a bar where there is one, and how long each phase took."""

    bar: Bar | None
    seconds: dict[str, float] = field(default_factory=dict)
    _phase: str = ""
    _begun: float = 0.0
    _task: TaskID | None = None

    def __enter__(self) -> None:
        if self.bar is not None:
            self.bar.start()

    def __exit__(self, *_: object) -> None:
        self._end_phase()
        self.stop_bar()

    def stop_bar(self) -> None:
        """Show nothing more."""
        if self.bar is not None:
            self.bar.stop()

    def begin(self, phase: Phase, total: int) -> None:
        """A phase begins, of ``total`` bytes to read or claims to check; 0 where that is not known."""
        self._end_phase()
        self._phase, self._begun = str(phase), time.perf_counter()
        if self.bar is not None:
            if self._task is not None:
                self.bar.remove_task(self._task)
            self._task = self.bar.add_task(self._phase, total=total or None)

    def advance(self, many: int) -> None:
        """So many more are done."""
        if self.bar is not None and self._task is not None:
            self.bar.advance(self._task, many)

    def _end_phase(self) -> None:
        if self._phase:
            self.seconds[self._phase] = time.perf_counter() - self._begun
            self._phase = ""


def _tell_stats_of(outcome: Outcome, times: _Times, jobs: int) -> None:
    parts = many(outcome.parts, "part") + (f", {outcome.before:,} of them before" if outcome.before else "")
    tell_stats(outcome.report, times.seconds, jobs=jobs, parts=parts, peak_of_a_worker=outcome.peak_of_a_worker)


def tell_stats(
    report: Reported,
    seconds: Mapping[str, float],
    *,
    wanted: bool = True,
    jobs: int = 1,
    parts: str = "",
    peak_of_a_worker: int = 0,
) -> None:
    """Where it is wanted, tell the counts of a check, its times, and the most memory it had, on standard error."""
    if not wanted:
        return
    from cleanclaim.engine.stream.peak import peak_memory

    rejected = sum(reject.claims for reject in report.rejects)
    all_seconds = sum(seconds.values())
    rate = f"; {len(report.claims) / all_seconds:,.0f} claims/s" if all_seconds else ""
    peak = f"peak memory {peak_memory() / 1e6:,.0f} MB"
    if peak_of_a_worker:
        peak += f", of a worker {peak_of_a_worker / 1e6:,.0f} MB"
    told = (
        (
            f"{many(len(report.claims), 'claim')}, {many(report.lines, 'line')}, "
            f"{many(len(report.findings), 'finding')}, {many(len(report.rejects), 'reject')} "
            f"({many(rejected, 'claim')})"
        ),
        ", ".join(f"{phase} {taken:,.1f} s" for phase, taken in seconds.items()) + rate,
        "; ".join(filter(None, (many(jobs, "job"), parts, peak))),
    )
    for line in (*told, *dollars_told(report.totals)):
        typer.echo(f"cleanclaim: {line}", err=True)
