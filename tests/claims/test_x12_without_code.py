"""An 837 file is read all the same where the compiler, or the processor, refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanclaim.claims.readers import x12_columns
from cleanclaim.claims.readers.x12_837 import read
from cleanclaim.claims.readers.x12_columns import native, read_table

EXAMPLE = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def file() -> bytes:
    (first, *_) = sorted(EXAMPLE.rglob("*.837"))
    return first.read_bytes()


def test_the_slow_reader_reads_where_the_code_cannot_be_made(file: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> native.Native:
        raise RuntimeError("LLVM ERROR: unknown processor")

    monkeypatch.setattr(native, "native", refuse)
    x12_columns._runs.cache_clear()
    try:
        table, rejects = read_table(file, "claims.837", worth_compiling=0)
    finally:
        x12_columns._runs.cache_clear()
    assert [*table.claims(), *rejects] == list(read(file, "claims.837"))
