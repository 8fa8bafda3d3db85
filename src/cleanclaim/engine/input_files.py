"""The files a check reads, and what stands for one of which nothing can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from cleanclaim.claims.readers.detect import InputFile, inputs
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

LARGE: Final = 4 << 20
"""Bytes of input from which on claims are spread over files on disk, by their patients, and checked part by part."""
WHOLE_FILE: Final = "file"
"""The segment of a reject that stands for a file of which nothing could be read."""


def inputs_of(
    paths: Iterable[str | Path],
    unusable: list[str],
    reject: Callable[[Reject], object],
    found: Callable[[Iterable[str | Path]], Iterable[InputFile]] = inputs,
) -> Iterator[InputFile]:
    """The input files; a path that is not there does not keep the others from being checked."""
    for path in paths:
        try:
            yield from found([path])
        except UnreadableFile as error:
            unusable.append(str(error))
            reject(whole_file(str(path), str(error)))


def nothing_read(rejects: Iterable[Reject]) -> UnreadableFile:
    """The error to raise where no file could be read."""
    return UnreadableFile("\n".join(f"{reject.file}: {reject.reason}" for reject in rejects))


def whole_file(name: str, reason: str) -> Reject:
    """The reject that stands for a file of which nothing could be read."""
    return Reject(name, 0, WHOLE_FILE, reason.removeprefix(f"{name}: "), claims=0)
