"""Processes that check parts, each with the book opened by itself; the messages between them and the main process."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from cleanclaim.book.provenance import Release
from cleanclaim.engine.stream.found import Checked, Part
from cleanclaim.engine.stream.tally import Accepting
from cleanclaim.errors import CleanclaimError, InternalError
from cleanclaim.types import Date

_START: Final = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process is told too, and ends this one
from cleanclaim.engine.stream.worker import main
main()
"""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know to check parts as the main process would."""

    folder: Path
    book: Path | None
    with_starter: bool
    releases: tuple[Release, ...]
    """What the book must hold when the worker opens it."""
    policies: tuple[Path, ...]
    payer: str
    rules: tuple[str, ...]
    known_on: Date | None
    accepting: Accepting
    with_history: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A part to check; ``allowed`` limits what the baseline may accept in it."""

    part: Part
    allowed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker answers: a part checked, or why it could not be. ``peak`` is its most memory in bytes."""

    part: Part | None = None
    checked: Checked | None = None
    error: Exception | None = None
    peak: int = 0


class WorkerLost(CleanclaimError):
    """A worker process ended before its part was checked."""


def send(out: IO[bytes], message: object) -> None:
    """Send a message to the other side of a pipe."""
    pickle.dump(message, out, protocol=5)
    out.flush()


def receive(source: IO[bytes]) -> Any:
    """The next message; None when the other side has gone."""
    try:
        return pickle.load(source)  # noqa: S301 - from a process that we started, or that started us
    except EOFError:
        return None


class Workers:
    """Processes that check parts. They open the book as soon as they are started, before there is a part to check."""

    def __init__(self, job: Job, many: int) -> None:
        self._waiting: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._workers = [_Worker(job, self._waiting, self._done) for _ in range(many)]
        for worker in self._workers:
            worker.start()

    def check(self, tasks: Sequence[Task]) -> Iterator[Done]:
        """Check parts; each as soon as it is done.

        Raises what a worker could not go on with, and WorkerLost when one ended.
        """
        for task in tasks:
            self._waiting.put(task)
        for _ in tasks:
            answer = self._done.get()
            if answer.error is not None:
                raise answer.error
            yield answer

    def stop(self) -> None:
        """End the processes, whatever they are at."""
        for worker in self._workers:
            worker.stop()
            self._waiting.put(None)


class _Worker(threading.Thread):
    """A worker process, and the thread that hands it parts."""

    def __init__(self, job: Job, waiting: queue.SimpleQueue[Task | None], done: queue.SimpleQueue[Done]) -> None:
        super().__init__(daemon=True)
        self._job = job
        self._waiting = waiting
        self._done = done
        self._stopped = False
        # Started as a program of its own, never forked: what a fork would copy of threads and locks cannot be known.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, and a text of ours
            [sys.executable, "-P", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def run(self) -> None:
        """Hand parts to the process until it is stopped."""
        to, answers = self._process.stdin, self._process.stdout
        if to is None or answers is None:
            raise InternalError("a worker without pipes")
        task: Task | None = None
        try:
            send(to, self._job)
            while (task := self._waiting.get()) is not None and not self._stopped:
                send(to, task)
                answer = receive(answers)
                self._done.put(answer if answer is not None else self._lost(task))
                if answer is None:
                    return
        except OSError:  # the pipe broke: the process has gone
            self._done.put(self._lost(task or self._waiting.get()))
        except Exception as error:  # noqa: BLE001 - the main process waits for an answer
            self._done.put(Done(error=error))

    def _lost(self, task: Task | None) -> Done:
        ended = self._process.wait()
        how = f"was ended by signal {-ended}" if ended < 0 else f"ended with code {ended}"
        over = f"over a part of {task.part.claims:,} claims" if task is not None else "before it had begun"
        return Done(error=WorkerLost(f"a worker process {how} {over}"))

    def stop(self) -> None:
        """End the process."""
        self._stopped = True
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # what could not be sent any more
                if pipe is not None:
                    pipe.close()
