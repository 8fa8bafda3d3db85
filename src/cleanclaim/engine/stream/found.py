"""What a part leaves on disk: its counts, and records of each kind in frames of so many places of the input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from cleanclaim.claims import spill
from cleanclaim.engine.stream.results import Results
from cleanclaim.engine.stream.tally import Tally
from cleanclaim.engine.stream.values import (
    ASIDE,
    NAMES,
    Values,
    aside_of,
    finding_of,
    plain_of,
    values_aside,
    values_of,
)

_PLACES_OF_A_FRAME: Final = 65_536
"""What was found is written in frames of so many places of the input, and put in order frame by frame."""
_KIND_BITS: Final = 8


class Found(IntEnum):
    """The kinds of records that a part leaves, in the order of their file."""

    RESULT = 0
    """:class:`~cleanclaim.engine.stream.results.Results`, made plain."""
    FINDING = 1
    """Values, made plain: see :mod:`~cleanclaim.engine.stream.values`."""
    SET_ASIDE = 2
    """Values, too."""
    REJECT = 3
    """The records themselves."""


VALUES_OF: Final[Mapping[Found, Callable[[Any], Values]]] = {Found.FINDING: values_of, Found.SET_ASIDE: values_aside}
"""What a record of a kind says; its frames have that plain, and those of other kinds the records themselves."""
RECORD_OF: Final[Mapping[Found, Callable[[Values], Any]]] = {Found.FINDING: finding_of, Found.SET_ASIDE: aside_of}
"""Makes the record of what it says. Raises TypeError or ValueError where that is no such thing."""
NAMES_OF: Final[Mapping[Found, Sequence[str]]] = {Found.FINDING: NAMES, Found.SET_ASIDE: (*NAMES, *ASIDE)}
"""What the values of a record are."""


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
    """What of a kind stands in each stretch of the input, as it is written: what is plain is one record of a frame."""
    if kind is Found.RESULT:
        for window, plain in results.in_stretches(_PLACES_OF_A_FRAME, spill.packed):
            yield window, [(0, plain)]
        return
    packed = cache(spill.packed)
    for window, records in groupby(found[kind], key=lambda entry: entry[0] // _PLACES_OF_A_FRAME):
        if kind in VALUES_OF:
            values = [(place, VALUES_OF[kind](record)) for place, record in records]
            yield window, [(0, plain_of(values, packed))]
        else:
            yield window, list(records)


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
