"""An 837 file is read all the same where the compiler, or the processor, refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cleanclaim.claims.readers import detect, x12_columns
from cleanclaim.claims.readers.x12_837 import read
from cleanclaim.claims.readers.x12_columns import native, read_table

EXAMPLE = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def file() -> bytes:
    (first, *_) = sorted(EXAMPLE.rglob("*.837"))
    return first.read_bytes()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The code cannot be made."""

    def refuse() -> native.Native:
        raise RuntimeError("LLVM ERROR: unknown processor")

    monkeypatch.setattr(native, "_native", refuse)
    x12_columns._runs.cache_clear()
    yield
    x12_columns._runs.cache_clear()


@pytest.mark.usefixtures("refused")
def test_the_slow_reader_reads_where_the_code_cannot_be_made(file: bytes) -> None:
    table, rejects = read_table(file, "claims.837", worth_compiling=0)
    assert [*table.claims(), *rejects] == list(read(file, "claims.837"))


@pytest.mark.usefixtures("refused")
def test_a_file_for_tables_is_read_where_the_code_cannot_be_made(file: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "compiled_pays", lambda _: True)
    parts = detect.read_tables(detect.InputFile("claims.837", lambda: file), ahead=1)
    assert parts is not None
    assert [item for part in parts for item in part.items()] == list(read(file, "claims.837"))
