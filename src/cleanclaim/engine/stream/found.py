"""What a part leaves on disk: its counts, and records of each kind in frames of so many places of the input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from cleanclaim.claims import spill
from cleanclaim.engine.stream.results import Results
from cleanclaim.engine.stream.tally import Tally
from cleanclaim.engine.stream.values import aside_of, finding_of, values_aside, values_of

_PLACES_OF_A_FRAME: Final = 8_192
"""What was found is written in frames of so many places of the input, and put in order frame by frame."""
_PLACES_OF_RESULTS: Final = 32_768
"""The same of results, which take little room."""
_KIND_BITS: Final = 8


class Found(IntEnum):
    """The kinds of records that a part leaves, in the order of their file."""

    RESULT = 0
    """:class:`~cleanclaim.engine.stream.results.Results`, made plain."""
    FINDING = 1
    """Values: see :mod:`~cleanclaim.engine.stream.values`."""
    SET_ASIDE = 2
    """Values, too."""
    REJECT = 3
    """The records themselves."""


_WRITTEN: Final[Mapping[Found, Callable[[Any], Any]]] = {
    Found.FINDING: values_of,
    Found.SET_ASIDE: values_aside,
    Found.REJECT: lambda reject: reject,
}
"""What is written of a record of each kind."""
MADE_AGAIN: Final[Mapping[Found, Callable[[Any], Any]]] = {
    Found.FINDING: finding_of,
    Found.SET_ASIDE: aside_of,
    Found.REJECT: lambda reject: reject,
}
"""Makes the record of what was written of it. Raises TypeError or ValueError where that is no such thing."""


@dataclass(frozen=True, slots=True)
class Part:
    """The files of claims, and of claims sent before, whose patients are in no other part."""

    number: int
    claims: int
    """How many claims and rejects there are."""
    files: tuple[str, ...]
    history: tuple[str, ...] = ()

    def found(self, folder: Path) -> Path:
        """Where what is found goes; it is there once the part is checked."""
        return folder / f"found-{self.number:05d}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A part that was checked: its counts, and the byte of its file at which each kind of record begins."""

    tally: Tally
    begins: tuple[int, ...]


def framed(
    tally: Tally, results: Results, found: Mapping[Found, Iterable[spill.Placed]]
) -> tuple[Checked, list[bytes]]:
    """The frames of a part's file: its counts, then each kind of record in the order of the input.

    ``found`` are the records of the other kinds by their places, each kind in the order of the input.
    """
    frames = [spill.frame(0, [(0, tally.plain())])]
    begins, at = [], len(frames[0])
    for kind in Found:
        begins.append(at)
        for window, records in _windows(kind, results, found):
            frames.append(spill.frame(window << _KIND_BITS | kind, records))
            at += len(frames[-1])
    return Checked(tally, tuple(begins)), frames


def _windows(
    kind: Found, results: Results, found: Mapping[Found, Iterable[spill.Placed]]
) -> Iterator[tuple[int, list[spill.Placed]]]:
    """What of a kind stands in each stretch of the input, as it is written: results are the one record of a frame."""
    if kind is Found.RESULT:
        for window, plain in results.in_stretches(_PLACES_OF_RESULTS, spill.packed):
            yield window, [(0, plain)]
    else:
        for window, records in groupby(found[kind], key=lambda entry: entry[0] // _PLACES_OF_A_FRAME):
            yield window, [(place, _WRITTEN[kind](record)) for place, record in records]


def kind_and_window(number: int) -> tuple[int, int]:
    """What a frame of records holds, by its number: which kind, and of which stretch of the input."""
    return number & ((1 << _KIND_BITS) - 1), number >> _KIND_BITS


def checked_before(part: Part, folder: Path) -> Checked | None:
    """What an earlier run found in a part; None where it did not get so far."""
    path = part.found(folder)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        head = spill.head(file, 0)
        length = head[1] if head is not None else 0
        ((_, plain),) = spill.body(file, 0, length, path)
        begins, at = [], spill.following(0, length)
        for kind in Found:
            begins.append(at)
            while (head := spill.head(file, at)) is not None and kind_and_window(head[0])[0] == kind:
                at = spill.following(at, head[1])
    return Checked(Tally.of_plain(plain), tuple(begins))
