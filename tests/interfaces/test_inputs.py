"""What is said of inputs: standard input named twice, files in which there is no claim, a format that it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from support.console import ended
from support.x12 import VISIT, professional

HEADER = "claim_id,line_no,hcpcs,service_from\n"
NOTHING = "no claim in it, so nothing was checked there."


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder we are in: sound claims, and files of three formats in which there are none."""
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path / "no-book"))
    folder = tmp_path / "in"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("a.837").write_text(professional(VISIT), encoding="utf-8")
    Path("b.csv").write_text(HEADER, encoding="utf-8")
    Path("c.json").write_text("[]", encoding="utf-8")
    columns = HEADER.strip().split(",")
    pq.write_table(pa.table({name: pa.array([], pa.string()) for name in columns}), "d.parquet")
    return folder


@pytest.mark.parametrize("jobs", [(), ("--jobs", "2")], ids=["at once", "in parts"])
@pytest.mark.parametrize("file", ["b.csv", "c.json", "d.parquet"])
def test_a_file_without_a_claim_is_told_and_no_error(capsys, file, jobs):
    assert ended("check", file, *jobs, "--format", "json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["summary"]["claims"] == 0
    assert err == f"cleanclaim: {file}: {NOTHING}\n"


def test_files_without_a_claim_are_told_beside_those_with_claims_and_those_that_cannot_be_read(capsys):
    Path("bad.bin").write_bytes(b"\x00\x01 nothing")
    for number in range(3):
        Path(f"e{number}.csv").write_text(HEADER, encoding="utf-8")
    ended("check", ".")
    assert capsys.readouterr().err == f"cleanclaim: b.csv, c.json, d.parquet and 3 more: {NOTHING}\n"
    ended("check", "a.837")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "-", "-"),
        ("check", "-", "--history", "-"),
        ("impact", "-", "-", "--old", "RVU25D", "--new", "RVU26C"),
    ],
    ids=" ".join,
)
def test_standard_input_is_named_once(capsys, arguments):
    assert ended(*arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("cleanclaim: ")) == ("", 1)
    assert "Standard input (-) is named twice" in err


@pytest.mark.parametrize("forced", ["csv", "jsonl", "fhir", "x12-837"])
def test_parquet_forced_into_another_format_says_what_it_is(capsys, forced):
    assert ended("check", "d.parquet", "--from", forced) == 2
    said = f"cleanclaim: d.parquet: a Parquet file, which cannot be read as {forced}. Leave out --from.\n"
    assert capsys.readouterr().err == said


def test_what_is_forced_to_be_parquet_and_is_not_is_told(capsys):
    assert ended("check", "a.837", "--from", "parquet") == 2
    assert capsys.readouterr().err.startswith("cleanclaim: a.837: no Parquet file. Leave out --from")
