"""Writing a file so that it is there whole or not at all; what is no file, a device or a pipe, is written to."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
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
    """The same, written by whoever has it open. A link stays a link: what it leads to is written."""
    try:
        with path.open("wb") if _is_stream(path) else _replaced(followed(path)) as out:
            yield out
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}).") from error


def folder_beside(path: Path | None) -> Path | None:
    """The folder in which a file is made, where there is room for more beside it; None for what is no file."""
    return None if path is None or _is_stream(path) else followed(path).parent


def followed(path: Path) -> Path:
    """Where a path leads, whether or not a file is there. ``Path.resolve`` raises for links that lead in a circle."""
    return Path(os.path.realpath(path))


def _is_stream(path: Path) -> bool:
    """A device (``/dev/null``) or a pipe: a file put in its place would destroy it."""
    return path.exists() and not path.is_file() and not path.is_dir()


@contextlib.contextmanager
def _replaced(path: Path) -> Iterator[IO[bytes]]:
    """It may be read by whom the file in its place may, or a file anew: ``tempfile`` makes what its owner only may."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as out:
            if path.exists():
                shutil.copymode(path, beside)
            yield out
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
