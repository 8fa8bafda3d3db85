"""``check --format``: every format from the command line, into a file, a pipe, and to a terminal."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleanclaim.interfaces.cli.writing import write_whole
from cleanclaim.render.formats import ReportFormat
from support.console import ended
from support.x12 import PAIR, Patient, professional


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "denied.837"
    path.write_text(professional(PAIR), encoding="ascii")
    return path


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path / "no-book"))

    return ended


@pytest.mark.parametrize("form", list(ReportFormat))
def test_every_format_is_written_to_a_file_with_the_claim_and_without_the_patient(run, claims, tmp_path, form):
    target = tmp_path / "report"
    assert run("check", claims, "--format", form, "--output", target) == 1
    written = target.read_bytes()
    if form is ReportFormat.PARQUET:
        written = json.dumps(pq.read_table(io.BytesIO(written)).to_pylist(), default=str).encode()
    assert b"PAIR-1" in written
    assert [secret for secret in Patient().secrets if secret.encode() in written] == []


@pytest.mark.parametrize("form", ["csv", "parquet", "html"])
def test_a_pipe_gets_the_bytes_that_a_file_gets(run, claims, tmp_path, form, capfdbinary):
    run("check", claims, "--format", form, "--output", tmp_path / "report")
    run("check", claims, "--format", form)
    piped, filed = capfdbinary.readouterr().out, (tmp_path / "report").read_bytes()
    assert piped[:200] == filed[:200]
    assert len(piped) == len(filed)


def test_parquet_is_refused_on_a_terminal_before_anything_is_checked(run, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert run("check", "no-such-file", "--format", "parquet") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "A parquet report is for programs, not for a terminal: write it to a file with --output FILE." in printed.err


def test_bytes_are_written_as_they_are(tmp_path):
    write_whole(tmp_path / "report", b"a\r\n\x00")
    assert (tmp_path / "report").read_bytes() == b"a\r\n\x00"
