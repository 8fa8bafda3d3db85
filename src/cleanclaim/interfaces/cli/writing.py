"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cleanclaim.errors import InputError


def write_whole(path: Path, report: str | bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises InputError when it cannot be written."""
    with written_whole(path) as out:
        out.write(report if isinstance(report, bytes) else report.encode())


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """The same, written by whoever has it open."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}).") from error
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        Path(beside).replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}).") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(beside).unlink()
