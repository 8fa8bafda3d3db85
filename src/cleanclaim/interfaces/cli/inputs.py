"""What is said of the inputs of a command: standard input named twice, files in which there is no claim."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import typer

from cleanclaim.errors import InputError
from cleanclaim.types import Reported

_STDIN: Final = "-"
_FEW: Final = 3


def named_once(paths: Iterable[str]) -> None:
    """Raises InputError where standard input is named again: the second time there would be nothing left in it."""
    if list(paths).count(_STDIN) > 1:
        raise InputError("Standard input (-) is named twice, and can be read once. Write it once, or name files.")


def tell_empty(report: Reported) -> None:
    """Say on standard error which files were read and held no claim: nothing to report of them is no clean bill."""
    empty = [count.file for count in report.files if not count.claims]
    if empty:
        refused = {reject.file for reject in report.rejects}
        empty = [file for file in empty if file not in refused]
    if not empty:
        return
    more = f" and {len(empty) - _FEW:,} more" if len(empty) > _FEW else ""
    typer.echo(f"cleanclaim: {', '.join(empty[:_FEW])}{more}: no claim in it, so nothing was checked there.", err=True)
