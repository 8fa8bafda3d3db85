"""The program of a worker process: opens the book, then checks parts as it is told, until nobody tells it any more."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from pathlib import Path
from typing import IO

from cleanclaim.engine.stream.checking import Checker
from cleanclaim.engine.stream.parts import PartChecker
from cleanclaim.engine.stream.peak import peak_memory
from cleanclaim.engine.stream.workers import Done, Job, Task, receive, send
from cleanclaim.errors import BookError, CleanclaimError, InternalError
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.registry import all_rules


def main() -> None:
    """Answer the messages on standard input, on what was standard output; nothing else may be written there."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(sys.stdin.buffer, out)


def serve(source: IO[bytes], out: IO[bytes]) -> None:
    """Check the parts that the messages of ``source`` name."""
    job: Job | None = receive(source)
    checker: PartChecker | None = None
    if job is not None:
        with contextlib.suppress(Exception):  # before there is a part to check; what fails now fails with the first one
            checker = checker_of(job)
    while job is not None:
        task: Task | None = receive(source)
        if task is None:
            return
        try:
            checker = checker or checker_of(job)
            done = Done(task.part, checker.check(task.part, task.allowed), peak=peak_memory())
        except (CleanclaimError, OSError) as error:
            done = Done(task.part, error=error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the main process must hear of it
            sys.stderr.write(f"cleanclaim: {_where(error)}\n")
            done = Done(task.part, error=InternalError(_where(error)))
        send(out, done)


def checker_of(job: Job) -> PartChecker:
    """The checker of a job. Raises BookError when the book is not the one the main process has opened."""
    book = OpenBook.open(job.book, with_starter=job.with_starter)
    if book.releases != job.releases:
        raise BookError("The book was changed while claims were checked against it. Run the check again.")
    book.use_policies(job.policies, job.payer)
    wanted = frozenset(job.rules)
    rules = tuple(loaded for loaded in all_rules() if loaded.rule.code in wanted)
    return PartChecker(job.folder, Checker(book, rules, job.known_on, job.with_history, job.accepting))


def _where(error: Exception) -> str:
    """Where it happened, never what was in hand: an exception's own text may quote a claim."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}, in a worker process"
