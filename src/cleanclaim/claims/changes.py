"""A claim with changes made in it: what a writer must bring into the file, said on the claim model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.errors import InternalError
from cleanclaim.types import Change, Money

WHOLE_LINE = "line"
"""The element of a change that removes the line."""
PARTED_BY = ":"
"""What parts modifiers, pointers and diagnoses in a change."""


def joined(values: Iterable[object]) -> str:
    """Several values as a change holds them."""
    return PARTED_BY.join(map(str, values))


def parted(text: str) -> tuple[str, ...]:
    """The values that :func:`joined` made one."""
    return tuple(text.split(PARTED_BY)) if text else ()


def changed(claim: Claim, changes: Iterable[Change]) -> Claim:
    """The claim as the changes make it; lines are numbered on without a gap. Raises InternalError for an unknown one.

    Line numbers of the changes are those of the claim as given.
    """
    by_line: dict[int | None, list[Change]] = {}
    for change in changes:
        by_line.setdefault(change.line, []).append(change)
    for change in by_line.pop(None, []):
        claim = _changed_claim(claim, change)
    lines: list[ClaimLine] = []
    for line in claim.lines:
        made: ClaimLine | None = line
        for change in by_line.get(line.line_no, []):
            if change.element == WHOLE_LINE:
                made = None
            elif made is not None:
                made = _changed_line(made, change)
        if made is not None:
            lines.append(replace(made, line_no=len(lines) + 1))
    return replace(claim, lines=tuple(lines))


def removed_diagnoses(old: tuple[str, ...], new: tuple[str, ...]) -> frozenset[int]:
    """Which places, from 0, of ``old`` are left out in ``new``: of equal codes the first stay. Raises InternalError."""
    gone = []
    kept = 0
    for place, code in enumerate(old):
        if kept < len(new) and new[kept] == code:
            kept += 1
        else:
            gone.append(place)
    if kept < len(new):
        raise InternalError("a change of the diagnoses does more than take some out")
    return frozenset(gone)


def _changed_claim(claim: Claim, change: Change) -> Claim:
    if change.element == "charge":
        return replace(claim, total_charge=Decimal(change.new))
    if change.element == "diagnoses":
        gone = removed_diagnoses(parted(change.old), parted(change.new))
        kept = tuple(diagnosis for place, diagnosis in enumerate(claim.diagnoses) if place not in gone)
        return replace(claim, diagnoses=kept)
    raise InternalError(f"{change.element} is no element of a claim that a change can name")


def _changed_line(line: ClaimLine, change: Change) -> ClaimLine:
    match change.element:
        case "hcpcs":
            return replace(line, hcpcs=change.new)
        case "modifiers":
            return replace(line, modifiers=parted(change.new))
        case "units":
            return replace(line, units=Decimal(change.new))
        case "charge":
            return replace(line, charge=Decimal(change.new))
        case "diagnosis_pointers":
            return replace(line, diagnosis_pointers=tuple(map(int, parted(change.new))))
        case "pos":
            return replace(line, pos=change.new)
        case _:
            raise InternalError(f"{change.element} is no element of a line that a change can name")


def charges_of(claim: Claim) -> Money:
    """The sum of the line charges; a missing charge counts nothing."""
    return sum((line.charge or Decimal(0) for line in claim.lines), Decimal(0))
