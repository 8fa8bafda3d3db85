"""``check --jobs``, ``--resume`` and ``--stats``: the bytes of a check in memory, whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleanclaim.engine import input_files
from cleanclaim.engine.stream import reading, workers
from cleanclaim.errors import CleanclaimError
from cleanclaim.interfaces.cli import check, large
from cleanclaim.interfaces.cli.main import app
from support.x12 import PAIR, VISIT, Patient, professional


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path / "book"))
    monkeypatch.setattr(reading, "_FEWEST", 1)


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.837"
    path.write_text(
        "".join(
            professional((f"{PAIR[0]}{at}", PAIR[1]), VISIT, patient=Patient(member=f"M{at % 5}")) for at in range(12)
        ),
        encoding="utf-8",
    )
    return path


def run(*arguments: str | Path, code: int = 1, given: bytes | None = None) -> tuple[bytes, str]:
    done = CliRunner().invoke(app, ["check", *map(str, arguments)], input=given)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.stderr
    return done.stdout_bytes, done.stderr


def refused(*arguments: str | Path, given: bytes | None = None) -> str:
    """What is said of a command that cannot be done; the console script prints it and exits with 2."""
    done = CliRunner().invoke(app, ["check", *map(str, arguments)], input=given)
    assert isinstance(done.exception, CleanclaimError)
    return str(done.exception)


def left(folder: Path) -> list[str]:
    """Names of work folders and half-written files."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "text", "json", "sarif", "html", "fhir"])
def test_every_format_has_the_same_bytes_as_in_memory(form, claims, tmp_path, monkeypatch):
    moment = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
    monkeypatch.setattr(large, "now", lambda: moment)
    monkeypatch.setattr(check, "now", lambda: moment)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    run(claims, "--format", form, "--output", whole)
    run(claims, "--format", form, "--output", parts, "--jobs", "2")
    assert parts.read_bytes() == whole.read_bytes()
    assert left(tmp_path) == []


@pytest.mark.parametrize("form", ["jsonl", "csv", "text"])
def test_standard_input_of_any_size_is_read_in_parts(form, claims, monkeypatch):
    told = run("-", "--format", form, "--stats", given=claims.read_bytes())
    assert "; 1 part;" in told[1]
    monkeypatch.setattr(large, "instead", lambda *_: None)
    assert told[0] == run("-", "--format", form, given=claims.read_bytes())[0]


def test_small_input_is_checked_in_memory_and_large_input_in_parts(claims, monkeypatch):
    monkeypatch.setattr(large, "cores", lambda: 2)
    assert "1 job; peak" in run(claims, "--stats")[1]
    assert large.room() >= 1
    monkeypatch.setattr(input_files, "LARGE", 1000)
    assert "2 jobs; " in run(claims, "--stats")[1]


def test_stats_tell_counts_times_and_memory_on_standard_error(claims):
    out, told = run(claims, "--stats", "--jobs", "2", "--format", "jsonl")
    summary = json.loads(out.splitlines()[-1])
    counts, times, processes, at_risk, *by = told.splitlines()
    assert counts == (f"cleanclaim: 24 claims, 36 lines, {summary['findings']} findings, 0 rejects (0 claims)")
    assert "reading " in times
    assert "checking " in times
    assert "writing " in times
    assert "claims/s" in times
    assert "2 jobs" in processes
    assert "of a worker" in processes
    assert at_risk.startswith(f"cleanclaim: ${Decimal(summary['amount_at_risk']):,.2f} billed on lines that would be ")
    assert [line.split(":")[1] for line in by] == [" by rule", " by payer", " by provider", " by code"]


def test_exit_codes_are_those_of_a_check_in_memory(claims, tmp_path):
    run(claims, "--jobs", "2", "--select", "MUE", code=0)
    run(claims, "--jobs", "2", "--fail-on", "deny", code=1)
    run(claims, tmp_path / "not-there", "--jobs", "2", code=2)
    bad = tmp_path / "bad.837"
    bad.write_bytes(b"\x00 nothing")
    assert "bad.837: text without a header line of columns" in refused(bad, "--jobs", "2")
    assert left(tmp_path) == []


def test_baseline_and_suppressions_work_in_parts(claims, tmp_path):
    accepted, suppressed = tmp_path / "accepted.json", tmp_path / "suppressions.yaml"
    suppressed.write_text("suppressions:\n- {rule: PTP, claim: PAIR-11, reason: so}\n", encoding="utf-8")
    run(claims, "--jobs", "2", "--write-baseline", accepted, "--suppressions", suppressed, code=0)
    whole = tmp_path / "whole.json"
    run(claims, "--write-baseline", whole, "--suppressions", suppressed, code=0)
    assert accepted.read_bytes() == whole.read_bytes()
    options = ("--baseline", accepted, "--suppressions", suppressed, "--format", "json")
    assert run(claims, *options, "--jobs", "2", code=0) == run(claims, *options, code=0)


def test_a_format_that_needs_all_in_memory_is_refused_for_too_many_claims(claims, tmp_path, monkeypatch):
    monkeypatch.setattr(large, "WHOLE", 10)
    told = refused(claims, "--jobs", "2", "--format", "json", "--output", tmp_path / "out")
    assert "24 claims: a json report has to be in memory whole" in told
    assert not (tmp_path / "out").exists()
    assert left(tmp_path) == []


def test_text_of_too_many_claims_tells_the_worst_and_says_what_it_leaves_out(claims, monkeypatch):
    monkeypatch.setattr(large, "WHOLE", 10)
    monkeypatch.setattr(large, "TOLD", 3)
    whole = run(claims)[0].decode()
    told = run(claims, "--jobs", "2")[0].decode()
    assert told.count("DENIED  claim") == 3
    left_out = r"Not told are \d+ claims with findings: --format jsonl, csv or parquet has all\."
    assert re.search(left_out, " ".join(told.split()))
    assert told.splitlines()[-1] == whole.splitlines()[-1]
    assert next(line for line in whole.splitlines() if line.startswith("24 claims")) in told


def test_fix_and_jobs_do_not_go_together(claims, tmp_path):
    for option in (("--jobs", "2"), ("--resume", tmp_path / "work")):
        told = refused(claims, "--fix", "--fixed", tmp_path / "f", *option)
        assert "leave out --jobs and --resume" in told


def test_fix_says_how_much_it_can_hold(claims, tmp_path, monkeypatch):
    monkeypatch.setattr(large, "_MOST_FIXED", 100)
    assert "--fix takes up to 0 MiB of claims at once" in refused(claims, "--fix", "--fixed", tmp_path / "f")


def test_a_worker_that_dies_leaves_no_output_and_says_how_to_go_on(claims, tmp_path, monkeypatch):
    folder = tmp_path / "work"
    with monkeypatch.context() as patch:
        patch.setattr(workers, "_START", "import os; os.kill(os.getpid(), 9)")
        told = refused(claims, "--jobs", "2", "--resume", folder, "--output", tmp_path / "out")
    assert f"--resume {folder} goes on where it was" in told
    assert "ended by signal 9 over a part of" in told
    assert not (tmp_path / "out").exists()
    run(claims, "--jobs", "2", "--resume", folder, "--output", tmp_path / "out")
    assert not folder.exists()
    run(claims, "--output", tmp_path / "whole")
    assert (tmp_path / "out").read_bytes() == (tmp_path / "whole").read_bytes()


def test_input_that_was_changed_meanwhile_is_refused(claims, tmp_path, monkeypatch):
    folder = tmp_path / "work"
    monkeypatch.setattr(workers, "_START", "import os; os.kill(os.getpid(), 9)")
    command = (claims, "--jobs", "2", "--resume", folder)
    refused(*command)
    with claims.open("a") as file:
        file.write("\n")
    assert "these are not what they were: the input files." in refused(*command)
    assert "the input files, --select and --ignore" in refused(*command, "--select", "PTP")


def test_what_comes_through_a_pipe_cannot_be_resumed(claims, tmp_path):
    assert "cannot be read again" in refused("-", "--resume", tmp_path / "w", given=claims.read_bytes())


def heeding_interrupts():
    """What a shell starts in the background ignores SIGINT, and so do its children: tests may be run so."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name != "posix", reason="signals of this kind are those of Unix")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_check_that_was_stopped_goes_on(how, tmp_path):
    path, output = tmp_path / "many.837", tmp_path / "out.jsonl"
    path.write_text(
        "".join(
            professional(*((f"C{at}-{of}", PAIR[1]) for of in range(8)), patient=Patient(member=f"M{at}"))
            for at in range(500)  # some seconds of checking, in which it can be stopped
        ),
        encoding="utf-8",
    )
    command = [Path(sys.executable).parent / "cleanclaim", "check", path, "--format", "jsonl", "--output", output]
    with subprocess.Popen(
        [*command, "--jobs", "2"],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heeding_interrupts,  # noqa: PLW1509 - no other thread is here
    ) as running:
        while running.poll() is None and not list(tmp_path.glob(".cleanclaim-*/read.json")):
            time.sleep(0.005)
        running.send_signal(how)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 2, told
    assert "Traceback" not in told
    (folder,) = tmp_path.glob(".cleanclaim-*")
    assert f"--resume {folder} goes on where it was" in told
    assert not output.exists()
    subprocess.run([*command, "--resume", folder], check=False, timeout=100)
    parts = output.read_bytes()
    assert not folder.exists()
    subprocess.run([*command, "--jobs", "1"], check=False, timeout=100)
    assert parts == output.read_bytes()
    assert left(tmp_path) == []


def test_a_small_check_loads_nothing_of_all_this(claims):
    script = (
        "import sys; from typer.testing import CliRunner\n"
        "from cleanclaim.interfaces.cli.main import app\n"
        f"done = CliRunner().invoke(app, ['check', {str(claims)!r}])\n"
        "assert done.exit_code == 1, done.output\n"
        "wanted = {'numpy', 'pyarrow', 'numba', 'polars', 'pyspark', 'multiprocessing', 'rich'}\n"
        "print(sorted(name for name in sys.modules if name in wanted or name.startswith('cleanclaim.engine.stream')))\n"
    )
    environment = os.environ | {"CLEANCLAIM_BOOK": ""}
    environment.pop("CLEANCLAIM_BOOK")
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env=environment)  # makes the index
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "[]"


def test_the_folder_to_work_in_is_never_read_as_input(claims, tmp_path):
    told = refused(claims.parent, "--resume", tmp_path / "work")
    assert "it lies in a folder that is read" in told
    assert not (tmp_path / "work").exists()
