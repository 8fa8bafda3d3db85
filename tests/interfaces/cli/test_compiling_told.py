"""On a terminal it is said when the reader of large 837 files is compiled first."""

from __future__ import annotations

import sys

import pytest

from cleanclaim.claims.readers import x12_columns
from cleanclaim.interfaces.cli import large


@pytest.mark.parametrize(("terminal", "first"), [(True, True), (True, False), (False, True)])
def test_compiling_is_told_on_a_terminal_before_it_begins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, terminal: bool, first: bool
) -> None:
    asked: list[int] = []

    def must_be_compiled(size: int) -> bool:
        asked.append(size)
        return first

    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.setattr(x12_columns, "must_be_compiled", must_be_compiled)
    large._say_what_takes_time(123)
    told = capsys.readouterr().err
    assert ("has its reader compiled" in told) == (terminal and first)
    assert asked == ([123] if terminal else []), "a pipe is told nothing, and nothing is looked up for it"
