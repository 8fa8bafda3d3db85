"""The envelope of an X12 file: which bytes are transactions, under which delimiters, and what encloses them.

An interchange (ISA to IEA) holds functional groups (GS to GE), which hold transactions (ST to SE). Only the ISA
says which bytes separate elements, components, repetitions and segments, each interchange for itself (X12.5,
X12.6; the same in every 5010 implementation guide, appendix B).

A wrong count or control number in a trailer does not make the content ambiguous: the transaction is still
found, and carries the fault. Bytes in which no claim can be read are reported as :class:`Lost`, never skipped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from cleanclaim.claims.readers.content import found

BLANK: Final = b" \t\r\n\x00\x1a"
"""Bytes between segments that mean nothing: line ends, padding, and the end-of-file mark of old systems."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

# Widths of ISA01 to ISA15. With the identifier, 16 separators, ISA16 and the terminator: 106 bytes.
_ISA_WIDTHS: Final = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)
_ISA_LENGTH: Final = 106
_ISA: Final = re.compile(
    rb"ISA(?P<element>[^0-9A-Za-z\s])"
    + b"".join(b".{%d}(?P=element)" % width for width in _ISA_WIDTHS)
    + rb"(?P<component>[^0-9A-Za-z\s])(?P<terminator>[^0-9A-Za-z ])",
    re.DOTALL,
)
# Two segments in a row without a trusted ISA: enough to see which bytes separate, to count the claims lost.
_PROBE: Final = re.compile(
    rb"(?P<terminator>[^0-9A-Za-z ])[ \t\r\n]*(?:GS|ST|BHT|HL|CLM)(?!(?P=terminator))(?P<element>[^0-9A-Za-z\s])"
)
_PROBED: Final = 4096
_LEAD: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?[\s\x00]*(?:ISA[^0-9A-Za-z]|GS([^0-9A-Za-z\s,])[A-Z]{2}\1|ST([^0-9A-Za-z\s,])[0-9]{3}\2)"
)


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators one interchange declares. ``repetition`` is ``""`` where ISA11 declares none."""

    element: str
    component: str
    repetition: str
    terminator: str


@dataclass(slots=True)
class Transaction:
    """One transaction, from the first byte of its ST to the end of its SE.

    ``guide`` is the implementation guide (``005010X222A1``), from ST03 or else GS08.
    ``trailer`` is the byte of the SE, None where it is missing: the last claim may be cut.
    """

    start: int
    end: int
    delimiters: Delimiters
    set_id: str
    guide: str
    trailer: int | None = None
    own_faults: list[str] = field(default_factory=list)
    group_faults: list[str] = field(default_factory=list)
    interchange_faults: list[str] = field(default_factory=list)

    @property
    def element(self) -> bytes:
        """The element separator as it stands in the file."""
        return self.delimiters.element.encode("latin-1")

    @property
    def terminator(self) -> bytes:
        """The segment terminator as it stands in the file."""
        return self.delimiters.terminator.encode("latin-1")

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the envelope around this transaction, outermost first."""
        return (*self.interchange_faults, *self.group_faults, *self.own_faults)


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch of bytes in which no claim can be read, and why. ``segment`` stands at ``start``."""

    start: int
    end: int
    segment: str
    reason: str
    element: bytes = b""
    terminator: bytes = b""


def looks_like(content: bytes) -> bool:
    """True when ``content`` starts as X12 does: an ISA, or a GS or ST that has lost its ISA."""
    return _LEAD.match(content) is not None


Headers = Callable[[bytes], Iterable[int]]
"""Every place where an ISA may stand."""
Marks = Callable[[bytes, int, int, Delimiters], Iterator[tuple[int, str]]]
"""Place and identifier of the envelope segments (and of an ISA) that follow a terminator, from one byte to another."""


def headers(content: bytes) -> Iterator[int]:
    """Every place where an ISA of the fixed layout stands."""
    for match in found(_ISA, content, 0, len(content), lambda _, until: until - _ISA_LENGTH + 1):
        yield match.start()


def header_end(content: bytes, at: int) -> int:
    """Where an ISA of the fixed layout that stands at a place ends; 0 where there is none."""
    match = _ISA.match(content, at)
    return match.end() if match else 0


def marks(content: bytes, start: int, limit: int, delimiters: Delimiters) -> Iterator[tuple[int, str]]:
    """Every envelope segment, and ISA, that follows a terminator between two bytes."""
    element, terminator = delimiters.element.encode("latin-1"), delimiters.terminator.encode("latin-1")

    def last_terminator(start: int, end: int) -> int:
        """Where the last segment between two bytes begins: nothing before it can reach beyond them."""
        at = content.rfind(terminator, start, end)
        return end if at < 0 else at

    for match in found(_envelope_pattern(element, terminator), content, start, limit, last_terminator):
        yield match.start(1), match[1].decode()


def split(content: bytes, find_headers: Headers = headers, find_marks: Marks = marks) -> list[Transaction | Lost]:
    """Every transaction of the file, and every stretch that is none, in file order.

    ``find_headers`` and ``find_marks`` may be other ways to the same places.
    """
    heads = [start for start in find_headers(content) if _declared(content, start) is not None]
    stretches: list[Transaction | Lost] = []
    before: Delimiters | None = None
    at = _skip_blank(content, len(_BYTE_ORDER_MARK) if content.startswith(_BYTE_ORDER_MARK) else 0)
    while at < len(content):
        after = bisect_right(heads, at)
        limit = heads[after] if after < len(heads) else len(content)
        delimiters = _declared(content, at)
        if delimiters is None:
            lost = _without_header(content, at, limit, before)
            stretches.append(lost)
            at = lost.end
        else:
            interchange = _Interchange(content, at, limit, delimiters)
            at = interchange.walk(find_marks(content, at + _ISA_LENGTH - 1, limit, delimiters))
            stretches.extend(interchange.found)
            before = delimiters
        at = _skip_blank(content, at)
    stretches.sort(key=lambda stretch: stretch.start)
    return stretches


def claims_in(content: bytes, stretch: Transaction | Lost) -> Iterator[tuple[int, str]]:
    """Byte and claim id (CLM01) of every CLM of a stretch, for claims that have to be rejected unread."""
    if not stretch.element:
        return
    pattern = _claim_pattern(stretch.element, stretch.terminator)
    for match in pattern.finditer(memoryview(content)[stretch.start : stretch.end]):
        yield stretch.start + match.start("segment"), match["claim"].decode("latin-1").strip()


def _declared(content: bytes, at: int) -> Delimiters | None:
    """What the ISA at a place declares; None where there is none, or two of its separators are the same byte."""
    match = _ISA.match(content, at)
    if match is None:
        return None
    element, component, terminator = (match[name].decode("latin-1") for name in ("element", "component", "terminator"))
    if len({element, component, terminator}) < len(match.groups()):
        return None
    repetition = match[0][82:83].decode("latin-1")
    # 4010 had the letter U there, and many 5010 files still do: a letter separates nothing.
    if repetition.isalnum() or repetition in {" ", element, component, terminator}:
        repetition = ""
    return Delimiters(element, component, repetition, terminator)


def _skip_blank(content: bytes, at: int) -> int:
    while at < len(content) and content[at] in BLANK:
        at += 1
    return at


def _without_header(content: bytes, start: int, limit: int, before: Delimiters | None) -> Lost:
    """The stretch from ``start`` that no readable ISA heads, up to the next ISA.

    What separates its segments can only be supposed, from its own segments or the interchange before it. That is
    good enough to count the claims lost, not to read them.
    """
    if content.startswith(b"ISA", start):
        segment, reason = "ISA", _isa_fault(content, start)
    elif content.startswith((b"GS", b"ST"), start):
        segment = content[start : start + 2].decode()
        reason = "the interchange header ISA is missing, so the delimiters are not declared"
    else:
        segment, reason = "", "it stands outside an interchange (no ISA before it)"
    probe = _PROBE.search(content, start, min(limit, start + _PROBED))
    if probe is not None and (segment or before is None):
        element, terminator = probe["element"], probe["terminator"]
    elif before is not None:
        element, terminator = before.element.encode("latin-1"), before.terminator.encode("latin-1")
    else:
        return Lost(start, limit, segment, reason)
    header = re.compile(re.escape(terminator) + rb"[ \t\r\n\x00\x1a]*(ISA)[^0-9A-Za-z]")
    following = header.search(content, start, limit)
    return Lost(start, following.start(1) if following else limit, segment, reason, element, terminator)


def _isa_fault(content: bytes, start: int) -> str:
    """Which element of a malformed ISA is the first that breaks the fixed layout."""
    separator = content[start + 3 : start + 4]
    values = content[start + 4 : start + 2 * _ISA_LENGTH].split(separator) if separator else []
    for number, width in enumerate(_ISA_WIDTHS, 1):
        if number >= len(values):
            break
        if len(values[number - 1]) != width:
            return (
                f"ISA{number:02} is {len(values[number - 1])} characters wide where the standard fixes {width}, "
                "so the delimiters cannot be trusted"
            )
    return "the ISA is cut short, or its separators and segment terminator do not differ"


@lru_cache(maxsize=32)
def _claim_pattern(element: bytes, terminator: bytes) -> re.Pattern[bytes]:
    e, t = re.escape(element), re.escape(terminator)
    return re.compile(rb"(?:\A|" + t + rb")[ \t\r\n\x00\x1a]*(?P<segment>CLM)" + e + rb"(?P<claim>[^" + e + t + rb"]*)")


@lru_cache(maxsize=32)
def _envelope_pattern(element: bytes, terminator: bytes) -> re.Pattern[bytes]:
    e, t = re.escape(element), re.escape(terminator)
    return re.compile(t + rb"[ \t\r\n\x00\x1a]*(ISA(?=[^0-9A-Za-z])|(?:GS|ST|SE|GE|IEA|TA1)(?=[" + e + t + rb"]))")


@dataclass(slots=True)
class _Group:
    """A functional group while it is open."""

    start: int
    control: str
    guide: str
    faults: list[str] = field(default_factory=list)
    transactions: int = 0
    controls: set[str] = field(default_factory=set)
    """ST02 of every transaction so far."""


class _Interchange:
    """One interchange; ``walk`` goes over its envelope segments and leaves what it holds in ``found``."""

    def __init__(self, content: bytes, start: int, limit: int, delimiters: Delimiters) -> None:
        self.found: list[Transaction | Lost] = []
        self._content = content
        self._limit = limit
        self._delimiters = delimiters
        self._element = delimiters.element.encode("latin-1")
        self._terminator = delimiters.terminator.encode("latin-1")
        self._start = start
        self._control = content[start + 90 : start + 99].decode("latin-1").strip()
        self._faults: list[str] = []
        self._groups = 0
        self._group_controls: set[str] = set()
        self._group: _Group | None = None
        self._transaction: Transaction | None = None
        self._acknowledgment = False
        self._outside = start + _ISA_LENGTH

    def walk(self, marks: Iterator[tuple[int, str]]) -> int:
        """The byte at which the interchange ends: after its IEA, or where the next one or nothing follows.

        ``marks`` are the envelope segments from its ISA to the limit.
        """
        handlers = {
            "GS": self._open_group,
            "ST": self._open_transaction,
            "SE": self._close_transaction,
            "GE": self._close_group,
        }
        for start, name in marks:
            if name == "ISA":
                self._finish(start)
                self._faults.append(f"ISA at byte {start}: it follows without an IEA before it")
                return start
            end = self._content.find(self._terminator, start, self._limit)
            end = self._limit if end < 0 else end + 1
            elements = self._elements(start, end)
            if name == "IEA":
                self._close_interchange(start, elements)
                return end
            if name == "TA1":
                self._acknowledgment = True
            else:
                handlers[name](start, end, elements)
            if self._transaction is None:
                self._outside = end
        self._finish(self._limit)
        self._faults.append(f"ISA at byte {self._start}: the interchange has no IEA, so the file may be cut")
        return self._limit

    def _elements(self, start: int, end: int) -> list[str]:
        text = self._content[start:end].decode("latin-1").rstrip(self._delimiters.terminator)
        elements = [element.strip(" \t\r\n") for element in text.split(self._delimiters.element)]
        return elements + [""] * (9 - len(elements))

    def _open_group(self, start: int, _end: int, elements: list[str]) -> None:
        self._leave_group(start)
        self._lose_outside(start)
        self._group = _Group(start, elements[6], elements[8])
        if elements[6] in self._group_controls:
            self._group.faults.append(f"GS at byte {start}: its control number GS06 was used before")
        self._group_controls.add(elements[6])
        self._groups += 1

    def _open_transaction(self, start: int, end: int, elements: list[str]) -> None:
        self._leave_transaction(start)
        self._lose_outside(start)
        group = self._group
        if group is None:
            group = self._group = _Group(start, "", "")
            group.faults.append(f"ST at byte {start}: it stands in no functional group (GS is missing)")
            self._groups += 1
        guide = elements[3] or group.guide
        faults = []
        if elements[3] and group.guide and elements[3] != group.guide:
            faults.append(f"ST at byte {start}: ST03 and GS08 name different implementation guides")
        if elements[2] in group.controls:
            faults.append(f"ST at byte {start}: its control number ST02 was used before in the group")
        group.controls.add(elements[2])
        group.transactions += 1
        self._transaction = Transaction(
            start,
            end,
            self._delimiters,
            elements[1],
            guide.upper(),
            own_faults=faults,
            group_faults=group.faults,
            interchange_faults=self._faults,
        )
        self.found.append(self._transaction)

    def _close_transaction(self, start: int, end: int, _elements: list[str]) -> None:
        if self._transaction is None:
            self._lose_outside(start)
            self._lose(start, end, "SE", "no transaction is open here (ST is missing)")
            return
        self._transaction.end = end
        self._transaction.trailer = start
        self._transaction = None

    def _close_group(self, start: int, end: int, elements: list[str]) -> None:
        self._leave_transaction(start)
        self._lose_outside(start)
        group, self._group = self._group, None
        if group is None:
            self._lose(start, end, "GE", "no functional group is open here (GS is missing)")
            return
        where = f"GE at byte {start}"
        group.faults += _count_fault(where, "GE01", elements[1], group.transactions, "transactions")
        if group.control and not _same_number(elements[2], group.control):
            group.faults.append(f"{where}: its control number GE02 is not GS06")
        if not group.transactions:
            self._lose(group.start, group.start, "GS", "the functional group holds no transaction")

    def _close_interchange(self, start: int, elements: list[str]) -> None:
        where = f"IEA at byte {start}"
        self._finish(start)
        self._faults += _count_fault(where, "IEA01", elements[1], self._groups, "functional groups")
        if not _same_number(elements[2], self._control):
            self._faults.append(f"{where}: its control number IEA02 is not ISA13")

    def _finish(self, at: int) -> None:
        """Leave whatever is still open at byte ``at``, the end of the interchange."""
        self._leave_group(at)
        self._lose_outside(at)
        if not any(isinstance(stretch, Transaction) for stretch in self.found):
            held = "only an interchange acknowledgment (TA1)" if self._acknowledgment else "no transaction"
            self._lose(self._start, self._start, "ISA", f"the interchange holds {held}")

    def _leave_group(self, at: int) -> None:
        self._leave_transaction(at)
        if self._group is not None:
            self._group.faults.append(f"GS at byte {self._group.start}: the functional group has no GE")
            self._group = None

    def _leave_transaction(self, at: int) -> None:
        if self._transaction is not None:
            self._transaction.end = at
            self._transaction.own_faults.append(
                f"ST at byte {self._transaction.start}: the transaction has no SE and may be cut"
            )
            self._transaction = None
            self._outside = at

    def _lose_outside(self, at: int) -> None:
        """Report the segments between the last envelope segment and byte ``at``, if there are any."""
        start = _skip_blank(self._content, self._outside)
        if start < at:
            self._lose(start, at, "", "segments stand outside a transaction (no ST before them)")
        self._outside = at

    def _lose(self, start: int, end: int, segment: str, reason: str) -> None:
        self.found.append(Lost(start, end, segment, reason, self._element, self._terminator))


def _count_fault(where: str, element: str, stated: str, counted: int, what: str) -> list[str]:
    if not stated.isdecimal():
        return [f"{where}: {element} is not a count, and there are {counted} {what}"]
    if int(stated[:18]) != counted:
        return [f"{where}: {element} counts {int(stated[:18])} {what}, there are {counted}"]
    return []


def _same_number(one: str, other: str) -> bool:
    """Control numbers are numeric: leading zeros do not count."""
    return one.lstrip("0") == other.lstrip("0")
