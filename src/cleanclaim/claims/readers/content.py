"""The content of a file too large for memory, to be read like bytes.

A reader is given ``bytes``, or a :class:`Mapped` file that behaves like them: it can be indexed, cut, searched and
matched. What has been passed can be let go (:func:`let_go`), so that going through a file of any size takes the memory
of a stretch of it.
"""

from __future__ import annotations

import io
import mmap
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, cast

_STRETCH: Final = 1 << 22
"""Bytes looked at before they are let go."""


class Mapped(mmap.mmap):
    """A file in the address space, of which only what is looked at is in memory."""

    path: Path

    def startswith(self, prefix: bytes | tuple[bytes, ...], start: int = 0) -> bool:
        """As :meth:`bytes.startswith`."""
        prefixes = prefix if isinstance(prefix, tuple) else (prefix,)
        return any(self[start : start + len(one)] == one for one in prefixes)


def mapped(path: Path) -> bytes:
    """The content of a file, without reading it."""
    with path.open("rb") as file:
        size = path.stat().st_size
        if not size:
            return b""  # nothing can be mapped
        made = Mapped(file.fileno(), size, access=mmap.ACCESS_READ)
    made.path = path
    # It has every method of bytes that a reader uses; the readers need not know that there are two kinds.
    return cast("bytes", made)


def is_mapped(content: object) -> bool:
    """True for the content of a file that is not in memory."""
    return isinstance(content, Mapped)


def file_of(content: bytes) -> Path | io.BytesIO:
    """What a library may open to read the content: its file where it has one."""
    made: object = content
    return made.path if isinstance(made, Mapped) else io.BytesIO(content)


def let_go(content: object, end: int) -> None:
    """What stands before byte ``end`` will not be looked at for a while, and need not stay in memory."""
    length = end - end % mmap.PAGESIZE
    if length and isinstance(content, Mapped) and hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED, 0, length)


def found(
    pattern: re.Pattern[bytes], content: bytes, start: int, end: int, resume: Callable[[int, int], int]
) -> Iterator[re.Match[bytes]]:
    """As ``pattern.finditer(content, start, end)``, stretch by stretch.

    ``resume`` says, of a stretch from one byte to another, where in it a match that does not end in it may begin.
    """
    if not is_mapped(content):
        yield from pattern.finditer(content, start, end)
        return
    length = _STRETCH
    while start < end:
        until = min(start + length, end)
        last = start
        for match in pattern.finditer(content, start, until):
            yield match
            last = match.end()
        if until == end:
            return
        again = max(last, resume(last, until))
        length = length * 2 if again == start else _STRETCH
        start = again
        let_go(content, start)


def pieces(content: bytes, start: int, end: int, separator: str) -> Iterator[str]:
    """The text between two bytes, as Latin-1, cut at every separator."""
    rest = ""
    for at in range(start, end, _STRETCH):
        until = min(at + _STRETCH, end)
        cut = (rest + content[at:until].decode("latin-1")).split(separator)
        rest = cut.pop()
        yield from cut
        let_go(content, until)
    yield rest


def let_go_now_and_then(content: bytes, before: int, now: int) -> None:
    """Going from one byte to a later one, let go of what stands before it each time a stretch is full."""
    if before // _STRETCH != now // _STRETCH:
        let_go(content, before)


def stretches(content: bytes) -> Iterator[bytes]:
    """The content piece by piece."""
    for at in range(0, len(content), _STRETCH):
        yield content[at : at + _STRETCH]
        let_go(content, at)


def lines_of(content: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Byte and bytes of each line, without its line feed; as cutting the content at every line feed would give them."""
    while (end := content.find(b"\n", start)) >= 0:
        yield start, content[start:end]
        let_go_now_and_then(content, start, end)
        start = end + 1
    yield start, content[start:]
