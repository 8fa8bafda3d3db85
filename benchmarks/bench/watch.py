"""What a command takes: time, and the memory of all of its processes together."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.measure import processor_of_children, refuse_failure

_EVERY: Final = 0.1
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock and of the processor; the most megabytes of all processes at once, None if untold."""

    clock: float
    processor: float
    megabytes: float | None
    said: str
    """What it wrote on standard error."""


def watched(arguments: Sequence[str], environment: Mapping[str, str], allowed: Sequence[int] = (0,)) -> Taken:
    """Run this interpreter with ``arguments``. Raises when it ends with another exit code than the ``allowed``."""
    before, begun = processor_of_children(), time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - this interpreter, with arguments made here
        [sys.executable, *arguments],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    most: list[float] = [0.0]
    looking = threading.Thread(target=_look, args=(process, most), daemon=True)
    looking.start()
    _, said = process.communicate()
    clock = time.perf_counter() - begun
    looking.join()
    refuse_failure(arguments, process.returncode, said, allowed)
    return Taken(clock, processor_of_children() - before, most[0] or None, said)


def _look(process: subprocess.Popen[str], most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], sum(map(_megabytes, _family(process.pid))))
        time.sleep(_EVERY)


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for one in found:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _megabytes(pid: int) -> float:
    """Memory of a process, what it shares with others counted by its share; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
