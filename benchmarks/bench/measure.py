"""Taking time and memory so that the figures mean something on a machine that others use too.

A figure is a ratio of two things done in turn in the same run (A, B, A, B ...), with its median, least and greatest
value: what disturbs the machine disturbs both. Absolute figures are printed beside it and are only a hint.

Work inside this process is measured in processor time of its thread, which on an idle machine is the time by the
clock and on a busy one leaves out the waiting; work on several threads, and whole processes, by the clock.
"""

from __future__ import annotations

import gc
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and greatest of ``times`` measurements, in ``unit``."""

    median: float
    low: float
    high: float
    times: int
    unit: str

    @classmethod
    def of(cls, values: Sequence[float], unit: str) -> Spread:
        """The spread of some measurements."""
        return cls(statistics.median(values), min(values), max(values), len(values), unit)

    def __str__(self) -> str:
        if self.times == 1:
            return f"{_short(self.median)} {self.unit}".strip()
        return f"{_short(self.median)} {self.unit} ({_short(self.low)} .. {_short(self.high)}, {self.times} times)"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a row's result. ``at_most`` or ``at_least`` is the target it is held against, where it has one."""

    what: str
    value: Spread
    at_most: float | None = None
    at_least: float | None = None

    @property
    def verdict(self) -> str:
        """``met``, ``missed``, or nothing where no target is set."""
        if self.at_most is None and self.at_least is None:
            return ""
        too_high = self.at_most is not None and self.value.median > self.at_most
        too_low = self.at_least is not None and self.value.median < self.at_least
        return "missed" if too_high or too_low else "met"


@dataclass(slots=True)
class RowResult:
    """What a row measured, or why it could not."""

    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: str = ""

    def add(
        self, what: str, values: Sequence[float], unit: str, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        """Add a figure from its measurements."""
        self.figures.append(Figure(what, Spread.of(values, unit), at_most, at_least))

    def to_json(self) -> dict[str, Any]:
        """The row as the results file holds it."""
        figures = [asdict(figure) | {"verdict": figure.verdict} for figure in self.figures]
        return {"figures": figures, "notes": self.notes, "skipped": self.skipped}


def in_turn(
    works: Mapping[str, Work], times: int, clock: Callable[[], float] = time.thread_time
) -> dict[str, list[float]]:
    """Seconds each work takes, done in turn ``times`` times, after one round that is not counted.

    Garbage of earlier work is collected before each, not during.
    """
    for work in works.values():
        work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            gc.collect()
            begun = clock()
            work()
            seconds[name].append(clock() - begun)
    return seconds


def each_in_turn(ways: Mapping[str, Callable[[int], object]], count: int, rounds: int) -> dict[str, list[list[float]]]:
    """Seconds of each of ``count`` small works alone, way after way, for each round; one more round comes before.

    For works of microseconds: nothing else, not even a collection of garbage, stands between them.
    """
    counted: dict[str, list[list[float]]] = {name: [] for name in ways}
    clock = time.thread_time
    for turn in range(rounds + 1):
        for name, way in ways.items():
            seconds = []
            for number in range(count):
                begun = clock()
                way(number)
                seconds.append(clock() - begun)
            if turn:
                counted[name].append(seconds)
    return counted


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round, how many times the first is the second."""
    return [one / two for one, two in zip(above, below, strict=True)]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Cold:
    """What one process took from its start to its end, in seconds: by the clock, and of the processor."""

    clock: float
    processor: float


def cold(arguments: Sequence[str], environment: Mapping[str, str], allowed: Sequence[int] = (0,)) -> Cold:
    """Run a fresh Python process with ``arguments``. Raises when it fails."""
    before, begun = processor_of_children(), time.perf_counter()
    run_python(arguments, environment, allowed)
    return Cold(time.perf_counter() - begun, processor_of_children() - before)


def processor_of_children() -> float:
    """Seconds of the processor that processes started here, and ended, have taken."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def run_python(
    arguments: Sequence[str], environment: Mapping[str, str], allowed: Sequence[int] = (0,)
) -> subprocess.CompletedProcess[str]:
    """Run this interpreter; raises with what it printed unless it ends with one of the ``allowed`` exit codes."""
    command = [sys.executable, *arguments]
    done = subprocess.run(  # noqa: S603 - this interpreter, with arguments made here
        command, env=dict(environment), capture_output=True, text=True, check=False
    )
    refuse_failure(arguments, done.returncode, done.stderr, allowed)
    return done


def refuse_failure(arguments: Sequence[str], code: int, said: str, allowed: Sequence[int]) -> None:
    """Raise for a process that did not end as it should, with what it said."""
    # An uncaught exception ends a process with 1, which to the command line also means findings.
    if code not in allowed or "Traceback (most recent call last)" in said:
        raise RuntimeError(f"{' '.join(arguments)} ended with {code}: {said[-800:]}")


def child(code: str, environment: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """What a fresh process that runs ``code`` prints as JSON; for work whose memory is to be seen alone.

    The code may call ``memory()``: resident and peak megabytes of the process, null where the system does not say.
    """
    done = run_python(["-c", _MEMORY + code, *arguments], environment)
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


# Peak memory is read from the process itself: what the parent is told of a child counts the parent's own pages.
_MEMORY = """
import json, sys, time
def memory():
    try:
        lines = open("/proc/self/status").read().splitlines()
    except OSError:
        return {"resident": None, "peak": None}
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmRSS", "VmHWM"))}
    return {"resident": kilobytes["VmRSS"] / 1024, "peak": kilobytes["VmHWM"] / 1024}
"""


def write_results(path: Path, document: Mapping[str, Any]) -> None:
    """Write a results file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _short(value: float) -> str:
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.2g}"
