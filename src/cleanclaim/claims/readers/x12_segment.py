"""Segments and elements of an X12 transaction, and the values in them.

A transaction is decoded as Latin-1, one character for each byte: offsets stay those of the file, and no byte
can fail to decode. Free text that is really UTF-8 is mended where it is read (:func:`free_text`).
Every element can be asked for: one the segment does not carry is ``""``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from cleanclaim.claims.readers.x12_envelope import BLANK
from cleanclaim.types import Date

# Not what str.strip() takes: to it, the information separators 1C to 1F are blank, and X12 may declare them.
_BLANK: Final = BLANK.decode("latin-1")
# As many digits as the other readers take: sums stay exact, and fit 64 bits in cents.
_NUMBER: Final = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})")
_DAY: Final = re.compile(r"[0-9]{8}")


class Fault(NamedTuple):
    """What is wrong, and where. Holds no patient data."""

    byte: int
    segment: str
    reason: str

    def __str__(self) -> str:
        return f"{self.segment or 'segment'} at byte {self.byte}: {self.reason}"


class UnreadableSegment(Exception):
    """A segment without which its claim cannot be read; the message says why. Never leaves the readers."""


class Segment:
    """One segment: its identifier (``name``), its elements, and the byte at which it starts."""

    __slots__ = ("byte", "elements", "name")

    def __init__(self, text: str, byte: int, separator: str) -> None:
        self.byte = byte
        self.elements = text.split(separator)
        self.name = self.elements[0]

    def element(self, number: int) -> str:
        """Element ``number`` (1 follows the identifier), trimmed, as billed; ``""`` when absent."""
        return self.elements[number].strip(_BLANK) if number < len(self.elements) else ""

    def code(self, number: int) -> str:
        """The same in upper case, for qualifiers and codes."""
        return self.element(number).upper()

    def fault(self, reason: str) -> Fault:
        """A fault of this segment."""
        return Fault(self.byte, self.name, reason)


def segments(texts: Iterable[str], byte: int, separator: str) -> Iterator[Segment]:
    """The segments of a transaction that was cut at every terminator; ``byte`` is where the first text starts.

    Line ends and padding before a segment are no part of it; an empty text is no segment.
    """
    for text in texts:
        bare = text.lstrip(_BLANK)
        if bare:
            yield Segment(bare, byte + len(text) - len(bare), separator)
        byte += len(text) + 1


def is_segment(text: str) -> bool:
    """False for what stands between two terminators and means nothing."""
    return bool(text.strip(_BLANK))


def part(parts: list[str], number: int) -> str:
    """Component ``number`` of a composite (1 is the first), trimmed and in upper case; ``""`` when absent."""
    return parts[number - 1].strip(_BLANK).upper() if number <= len(parts) else ""


def trim(text: str) -> str:
    """Text without the padding around it."""
    return text.strip(_BLANK)


def free_text(value: str) -> str:
    """Text decoded as Latin-1 that may have been UTF-8."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return value


def number(value: str) -> Decimal | None:
    """An X12 number (data type R without an exponent); None when it is none."""
    return Decimal(value) if _NUMBER.fullmatch(value) else None


@lru_cache(maxsize=4096)
def day(value: str) -> Date | None:
    """A day as CCYYMMDD; None when there is no such day."""
    if _DAY.fullmatch(value) is None:
        return None
    try:
        return dt.date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


def period(qualifier: str, value: str) -> tuple[Date, Date] | None:
    """First and last day of a DTP: one day (D8, or DT with a time), or a range (RD8); None when unreadable."""
    if qualifier == "RD8":
        first, _, last = value.partition("-")
        start, end = day(first.strip(_BLANK)), day(last.strip(_BLANK))
    elif qualifier in {"D8", "DT"}:
        start = end = day(value[:8] if qualifier == "DT" else value)
    else:
        return None
    return None if start is None or end is None else (start, end)
