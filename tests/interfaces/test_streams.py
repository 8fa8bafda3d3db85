"""Outputs that are no files, links, standard streams that are closed, and names that are empty."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import cleanclaim
from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.writing import folder_beside, write_whole
from support.console import ended
from support.x12 import PAIR, professional

IMPACT = ("impact", "--old", "2024Q3", "--new", "2026Q2", "--source", "ncci-mue-practitioner")


@pytest.fixture
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path / "no-book"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "claims.837"
    path.write_text(professional(PAIR), encoding="utf-8")
    return path


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """In place of a device: what is no file either, and needs no rights to make."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize("arguments", [("check",), ("check", "--jobs", "2"), IMPACT])
def test_a_pipe_or_device_is_written_to_and_stays_what_it_is(claims, pipe, arguments):
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    ended(*arguments, claims, "--output", pipe)
    reader.join(30)
    assert pipe.is_fifo()
    assert b"1 claim" in read[0]
    assert sorted(path.name for path in claims.parent.iterdir()) == ["claims.837", "pipe"]


def test_a_full_device_is_told_in_one_sentence():
    full = Path("/dev/full")
    if not full.is_char_device():
        pytest.skip("no /dev/full on this system")
    with pytest.raises(InputError, match=r"^/dev/full: cannot be written \(No space left on device\)\.$"):
        write_whole(full, "a report")
    assert full.is_char_device()


def test_an_output_may_be_read_by_whom_any_file_of_the_user_may_and_stays_as_it_is_when_written_anew(tmp_path):
    report, before = tmp_path / "report.txt", os.umask(0o027)
    try:
        write_whole(report, "a report")
        assert report.stat().st_mode & 0o777 == 0o640
        report.chmod(0o604)
        write_whole(report, "another")
    finally:
        os.umask(before)
    assert (report.read_text(encoding="utf-8"), report.stat().st_mode & 0o777) == ("another", 0o604)


def test_nothing_is_made_beside_a_device(tmp_path, pipe):
    assert folder_beside(pipe) is None
    assert folder_beside(None) is None
    assert folder_beside(tmp_path / "report.txt") == tmp_path


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there/report")
    write_whole(tmp_path / "link", "first")
    write_whole(tmp_path / "link", "second")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there/report").read_text(encoding="utf-8") == "second"


@pytest.mark.parametrize("options", [("--output",), ("--fix", "--fixed")])
def test_a_link_that_leads_in_a_circle_is_no_bug_of_ours(claims, options):
    Path("circle").symlink_to("circle")
    assert ended("check", claims, *options, "circle") in {1, 2}


@pytest.mark.parametrize("arguments", [("check",), IMPACT])
def test_a_dash_is_standard_output(claims, capsys, arguments):
    ended(*arguments, claims)
    printed = capsys.readouterr().out
    ended(*arguments, claims, "--output", "-")
    assert capsys.readouterr().out == printed
    assert not Path("-").exists()


@pytest.mark.usefixtures("claims")
@pytest.mark.parametrize("arguments", [("check",), ("check", "--jobs", "2"), IMPACT])
def test_an_empty_name_is_not_the_folder_we_are_in(capsys, arguments):
    assert ended(*arguments, "") == 2
    assert capsys.readouterr().err == (
        "cleanclaim: A path is empty. Name a file or a folder; the folder you are in is `.`.\n"
    )


@pytest.mark.parametrize(
    ("closing", "path", "code", "said"),
    [("<&-", "-", 2, "an empty file"), (">&-", "claims.837", 1, ""), ("2>&-", "claims.837", 1, "")],
)
def test_a_standard_stream_that_is_closed_is_no_bug_of_ours(claims, closing, path, code, said):
    program = Path(sys.executable).parent / "cleanclaim"
    done = subprocess.run(
        ["sh", "-c", f'"$0" check {path} {closing}', program], cwd=claims.parent, capture_output=True, check=False
    )
    assert done.returncode == code
    assert said in done.stderr.decode()


def test_a_check_that_is_stopped_says_so(claims, capsys, monkeypatch):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cleanclaim.engine.files.check_paths", stopped)
    assert ended("check", claims) == 2
    assert capsys.readouterr().err == "cleanclaim: stopped by Ctrl-C before it was done.\n"


@pytest.mark.parametrize(
    "call",
    [cleanclaim.check, lambda given: cleanclaim.impact(given, "2024Q3", "2026Q2", source="ncci-mue-practitioner")],
)
@pytest.mark.parametrize("record", [{"claim_id": "DOE"}, b"DOE.837", None])
def test_from_python_what_is_neither_path_nor_claim_is_refused_and_not_left_out(call, record, claims):
    with pytest.raises(InputError, match=f"one is a {type(record).__name__}") as error:
        call([claims, record])
    assert "DOE" not in str(error.value)
