"""The console script, run in the process of the tests."""

from __future__ import annotations

import sys

import pytest

from cleanclaim.interfaces.cli import main


def ended(*arguments: object) -> int:
    """The exit code of ``cleanclaim`` with these arguments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["cleanclaim", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main.run()
    code = end.value.code or 0
    assert isinstance(code, int)
    return code
