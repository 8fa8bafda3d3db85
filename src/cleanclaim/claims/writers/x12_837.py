"""Changes brought into an X12 837 file: only the segments that a change touches are written again.

Every other byte stays as it was: delimiters, line ends, padding, other claims, other transactions, and claims that
could not be read. A removed line goes with all its loops (2400 to 2440), the lines after it are numbered on, and SE01
counts what is left. Published: the ASC X12 implementation guides 005010X222A1 and 005010X223A2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cleanclaim.claims.changes import WHOLE_LINE, parted, removed_diagnoses
from cleanclaim.claims.readers import x12_envelope
from cleanclaim.claims.readers.x12_envelope import Transaction
from cleanclaim.claims.readers.x12_segment import Segment, segments, trim
from cleanclaim.types import Change

_AMOUNTS: Final = frozenset({WHOLE_LINE, "units", "charge"})
"""Elements whose change alters what is billed."""
_ADJUDICATED: Final = frozenset({"SVD", "CAS", "HCP"})
"""Segments in which another payer, or a repricer, has accounted for the charges."""
_DIAGNOSES: Final = frozenset({"ABK", "ABF", "BK", "BF"})
"""Code lists of the principal and the other diagnoses."""
_PRINCIPAL: Final = frozenset({"ABK", "BK"})
_BUNDLED_INTO: Final = 6
_MODIFIERS: Final = slice(2, 6)
_MOST_MODIFIERS: Final = 4
# Where each element of the claim model stands in the service segment of each form.
_ELEMENTS: Final = {
    "SV1": {"procedure": 1, "charge": 2, "units": 4, "pos": 5, "diagnosis_pointers": 7},
    "SV2": {"procedure": 2, "charge": 3, "units": 5},
}


@dataclass(frozen=True, slots=True)
class ClaimEdit:
    """The changes of one claim. ``byte`` is where its CLM stands in the file."""

    byte: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The new content of a file, and the claims (by the byte of their CLM) left as they were, with the reason."""

    content: bytes
    refused: dict[int, str]


class _Refused(Exception):
    """The changes of a claim cannot be brought into the file; the message says why. Never leaves this module."""


@dataclass(frozen=True, slots=True)
class _Splice:
    """Bytes ``start`` to ``end`` of the file become ``text``."""

    start: int
    end: int
    text: str


def write(content: bytes, edits: Sequence[ClaimEdit]) -> Written:
    """The file with the changes of ``edits`` made, claim by claim: all changes of a claim, or none of them."""
    wanted = {edit.byte: edit for edit in edits}
    refused: dict[int, str] = {}
    splices: list[_Splice] = []
    for stretch in x12_envelope.split(content):
        if isinstance(stretch, Transaction):
            own = [edit for byte, edit in wanted.items() if stretch.start <= byte < stretch.end]
            splices += _in_transaction(content, stretch, own, refused) if own else ()
    parts: list[bytes] = []
    at = 0
    for splice in sorted(splices, key=lambda splice: splice.start):
        parts += (content[at : splice.start], splice.text.encode("latin-1"))
        at = splice.end
    return Written(b"".join([*parts, content[at:]]), refused)


def _in_transaction(
    content: bytes, transaction: Transaction, edits: Sequence[ClaimEdit], refused: dict[int, str]
) -> Iterator[_Splice]:
    by = transaction.delimiters
    text = content[transaction.start : transaction.end].decode("latin-1")
    found = list(segments(text.split(by.terminator), transaction.start, by.element))
    places = {segment.byte: place for place, segment in enumerate(found)}
    gone = 0
    for edit in edits:
        first = places[edit.byte]
        following = next(
            (
                place
                for place in range(first + 1, len(found))
                if found[place].name in {"CLM", "HL"} or found[place].byte == transaction.trailer
            ),
            len(found),
        )
        end = found[following].byte if following < len(found) else transaction.end
        claim = _ClaimSegments(found[first:following], end, transaction)
        try:
            claim.change(edit.changes)
        except _Refused as reason:
            refused[edit.byte] = str(reason)
            continue
        gone += claim.segments_gone
        yield from claim.splices()
    if gone and transaction.trailer is not None:
        yield from _recounted(found[places[transaction.trailer]], gone, by.element)


def _recounted(trailer: Segment, gone: int, separator: str) -> Iterator[_Splice]:
    """SE01 less the segments gone, in as many digits; a count that is none stays as it is."""
    stated = trailer.element(1)
    if stated.isdecimal():
        elements = list(trailer.elements)
        elements[1] = str(max(int(stated) - gone, 0)).zfill(len(stated) if stated.startswith("0") else 1)
        yield _rewritten(trailer, elements, separator)


def _rewritten(segment: Segment, elements: Sequence[str], separator: str) -> _Splice:
    return _Splice(segment.byte, segment.byte + len(separator.join(segment.elements)), separator.join(elements))


class _ClaimSegments:
    """The segments of one claim, and what becomes of each."""

    def __init__(self, found: Sequence[Segment], end: int, transaction: Transaction) -> None:
        self._segments = found
        self._end = end
        self._by = transaction.delimiters
        self._elements: list[list[str] | None] = [list(segment.elements) for segment in found]
        """The elements each segment is to have; None for one that goes."""
        starts = [place for place, segment in enumerate(found) if segment.name == "LX"]
        self._lines = [range(start, end) for start, end in zip(starts, [*starts[1:], len(found)], strict=True)]

    @property
    def segments_gone(self) -> int:
        """How many segments less the claim has."""
        return sum(elements is None for elements in self._elements)

    def change(self, changes: Sequence[Change]) -> None:
        """Make the changes. Raises _Refused when one of them cannot be made."""
        self._refuse_unbalanced(changes)
        for change in changes:
            if change.line is None:
                self._change_claim(change)
            elif change.element == WHOLE_LINE:
                for place in self._lines[change.line - 1]:
                    self._elements[place] = None
            else:
                self._change_line(self._lines[change.line - 1], change)
        self._renumber()

    def splices(self) -> Iterator[_Splice]:
        """What is written in place of what, for the segments that changed."""
        ends = [*(segment.byte for segment in self._segments[1:]), self._end]
        for segment, elements, end in zip(self._segments, self._elements, ends, strict=True):
            if elements is None:
                yield _Splice(segment.byte, end, "")
            elif elements != segment.elements:
                yield _rewritten(segment, elements, self._by.element)

    def _refuse_unbalanced(self, changes: Sequence[Change]) -> None:
        """What another payer paid and adjusted must go on adding up to the charges."""
        if not any(change.element in _AMOUNTS for change in changes):
            return
        for segment in self._segments:
            if segment.name in _ADJUDICATED or (segment.name == "AMT" and segment.code(1) == "D"):
                raise _Refused(
                    f"another payer's adjudication ({segment.name}) accounts for the charges as they were billed"
                )

    def _change_claim(self, change: Change) -> None:
        if change.element == "charge":
            self._set(0, 2, _amount(change.new, self._segments[0].element(2)))
        elif change.element == "diagnoses":
            self._remove_diagnoses(removed_diagnoses(parted(change.old), parted(change.new)))

    def _change_line(self, line: range, change: Change) -> None:
        place = next((at for at in line if self._segments[at].name in _ELEMENTS), None)
        if place is None:
            raise _Refused("the line has no service segment")
        service = self._segments[place]
        elements = _ELEMENTS[service.name]
        match change.element:
            case "hcpcs" | "modifiers":
                self._change_procedure(place, elements["procedure"], change)
            case "units":
                self._set(place, elements["units"], change.new)
            case "charge":
                self._set(place, elements["charge"], _amount(change.new, service.element(elements["charge"])))
            case other if other in elements:
                self._set(place, elements[other], self._by.component.join(parted(change.new)))
            case _:
                raise _Refused(f"{service.name} has no {change.element}")

    def _change_procedure(self, place: int, element: int, change: Change) -> None:
        parts = (self._elements[place] or [])[element].split(self._by.component)
        if change.element == "hcpcs":
            if len(parts) < 2 or trim(parts[1]).upper() != change.old:  # noqa: PLR2004 - qualifier and code
                raise _Refused("its procedure code is not parted as the ISA declares")
            parts[1] = change.new
        else:
            modifiers = parted(change.new)
            if tuple(filter(None, (trim(part).upper() for part in parts[_MODIFIERS]))) != parted(change.old):
                raise _Refused("its modifiers are not parted as the ISA declares")
            if len(modifiers) > _MOST_MODIFIERS:
                raise _Refused(f"a line has room for {_MOST_MODIFIERS} modifiers")
            described = parts[_MODIFIERS.stop :]
            parts = [*parts[: _MODIFIERS.start], *modifiers]
            if any(described):
                parts += [""] * (_MODIFIERS.stop - len(parts)) + described
        self._set(place, element, self._by.component.join(parts))

    def _remove_diagnoses(self, gone: frozenset[int]) -> None:
        """Take out the elements of the diagnoses at the places ``gone``, counted over all HI segments."""
        seen = 0
        for place, segment in enumerate(self._segments):
            if segment.name != "HI":
                continue
            kept = [segment.elements[0]]
            for value in segment.elements[1:]:
                parts = value.split(self._by.component)
                if (self._by.repetition and self._by.repetition in value) or not all(map(trim, parts[:2])):
                    raise _Refused("its diagnoses are not one to an element")
                qualifier = trim(parts[0]).upper()
                if qualifier in _PRINCIPAL and seen:
                    raise _Refused("its principal diagnosis is not the first")
                if qualifier not in _DIAGNOSES or seen not in gone:
                    kept.append(value)
                seen += qualifier in _DIAGNOSES
            self._elements[place] = kept if len(kept) > 1 else None
        if seen <= max(gone, default=-1):
            raise _Refused("a diagnosis is not where it was read")

    def _renumber(self) -> None:
        """Number the lines that stay on without a gap, where they were numbered so."""
        left = 0
        for number, line in enumerate(self._lines, 1):
            if self._elements[line.start] is None:
                continue
            left += 1
            if self._segments[line.start].element(1) == str(number):
                self._set(line.start, 1, str(left))
        if left < len(self._lines) and any(
            segment.name == "SVD" and segment.element(_BUNDLED_INTO) for segment in self._segments
        ):
            raise _Refused("another payer's adjudication (SVD06) names its lines by their numbers")
        if not left:
            raise _Refused("no line would be left")

    def _set(self, place: int, element: int, value: str) -> None:
        elements = self._elements[place]
        if elements is None:
            return
        elements += [""] * (element + 1 - len(elements))
        if trim(elements[element]) != value:
            elements[element] = value


def _amount(value: str, before: str) -> str:
    """An amount, with cents where there are any or the one before had them."""
    amount = Decimal(value)
    return f"{amount:.2f}" if "." in before or amount != amount.to_integral_value() else f"{amount:.0f}"
