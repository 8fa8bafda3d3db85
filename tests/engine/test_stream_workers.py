"""Worker processes are started while the claims are still read, and end whatever happens."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleanclaim.engine.stream import check as in_parts
from cleanclaim.engine.stream import reading, worker, workers
from cleanclaim.engine.stream.check import Outcome, Phase, Request, check_in_parts
from cleanclaim.engine.stream.folder import WorkFolder
from cleanclaim.engine.stream.found import Part
from cleanclaim.errors import BookError, UnreadableFile
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.registry import select_rules
from support.x12 import PAIR, VISIT, Patient, professional

JOBS = 2


class Silent:
    """Progress that nobody looks at."""

    def begin(self, phase: Phase, total: int) -> None:
        pass

    def advance(self, many: int) -> None:
        pass


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few claims are enough for several parts, and any file is worth starting processes for."""
    monkeypatch.setattr(reading, "CLAIMS_OF_A_PART", 3)
    monkeypatch.setattr(reading, "_FEWEST", 1)
    monkeypatch.setattr(in_parts, "_BYTES_OF_A_PART", 1)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The processes that are started from now on."""
    seen: list[Any] = []
    start = subprocess.Popen

    def popen(*arguments: Any, **named: Any) -> Any:
        seen.append(start(*arguments, **named))
        return seen[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)
    return seen


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.837"
    patients = [professional(PAIR, VISIT, patient=Patient(member=f"M{number}")) for number in range(12)]
    path.write_text("".join(patients), encoding="utf-8")
    return path


def check(folder: Path, path: Path, book: OpenBook, jobs: int = JOBS) -> Outcome:
    request = Request((str(path),), book, select_rules(()))
    with WorkFolder.open(None, folder, {}) as work:
        outcome = check_in_parts(request, work, jobs=jobs, size=path.stat().st_size, progress=Silent())
        outcome.report.whole()
        return outcome


def test_processes_are_started_before_the_claims_are_read_and_used_for_all_parts(
    tmp_path: Path, claims: Path, starter_book: OpenBook, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_reading: list[int] = []

    def reads(*arguments: Any, **named: Any) -> Any:
        at_reading.append(len(started))
        return reading.read_claims(*arguments, **named)

    monkeypatch.setattr(in_parts, "read_claims", reads)
    outcome = check(tmp_path, claims, starter_book)
    assert at_reading == [JOBS]
    assert outcome.parts > JOBS
    assert outcome.peak_of_a_worker > 0
    assert len(started) == JOBS
    assert all(process.poll() is not None for process in started), "a process was left"


def test_no_process_is_started_for_one_job_or_less_than_two_parts(
    tmp_path: Path, claims: Path, starter_book: OpenBook, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check(tmp_path, claims, starter_book, jobs=1)
    monkeypatch.setattr(in_parts, "_BYTES_OF_A_PART", claims.stat().st_size)
    monkeypatch.setattr(reading, "_FEWEST", 1_000)
    monkeypatch.setattr(reading, "CLAIMS_OF_A_PART", 1_000)
    assert check(tmp_path, claims, starter_book).parts == 1
    assert not started


def test_where_nothing_can_be_read_the_processes_end_and_the_error_is_that(
    tmp_path: Path, starter_book: OpenBook, started: list[Any]
) -> None:
    path = tmp_path / "none.837"
    path.write_bytes(b"PK\x05\x06 no claims")
    with pytest.raises(UnreadableFile, match=r"none\.837"):
        check(tmp_path, path, starter_book)
    assert len(started) == JOBS
    assert all(process.poll() is not None for process in started), "a process was left"


def test_a_worker_tells_with_its_first_part_what_failed_before_there_was_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuses(job: object) -> object:
        asked.append(job)
        raise BookError("changed")

    messages: Iterator[object] = iter(["the job", workers.Task(Part(0, 1, ()), {}), None])
    told: list[workers.Done] = []
    monkeypatch.setattr(worker, "checker_of", refuses)
    monkeypatch.setattr(worker, "receive", lambda _: next(messages))
    monkeypatch.setattr(worker, "send", lambda _, done: told.append(done))
    worker.serve(None, None)  # type: ignore[arg-type]  # nothing is sent through them here
    assert len(asked) == 2, "asked before there was a part, and for the part"
    (done,) = told
    assert isinstance(done.error, BookError)
