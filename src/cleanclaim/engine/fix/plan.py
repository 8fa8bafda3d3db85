"""Which of the changes offered are made: all of a finding's or none, in the order of the report, none against another.

What is left is told, with the reason.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from cleanclaim.claims.changes import WHOLE_LINE, changed, charges_of
from cleanclaim.claims.model import Claim
from cleanclaim.types import Change, Finding, format_money

_TOTAL_LINES: Final = frozenset({"0001", "001"})
"""Revenue codes of a line that repeats the claim's total."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finding whose changes are made; ``changes`` are those that no finding before it made already."""

    finding: Finding
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that offers changes which are not made, and why."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    """What is changed on a claim. ``total`` is the change of its total charge that follows."""

    claim: Claim
    made: tuple[Made, ...]
    total: Change | None

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change of the claim, the total last."""
        own = tuple(change for made in self.made for change in made.changes if change.line is not None)
        of_claim = tuple(
            change for made in self.made for change in made.changes if change.line is None and change != self.total
        )
        of_claim = tuple(change for change in of_claim if change.element != "charge")
        return (*own, *of_claim, *((self.total,) if self.total is not None else ()))


@dataclass(frozen=True, slots=True)
class FixPlan:
    """The claims to change, what is left, and how many findings wait for ``--unsafe-fixes``."""

    claims: tuple[ClaimPlan, ...]
    left: tuple[Left, ...]
    for_review: int


def plan_fixes(findings: Iterable[Finding], claims: Sequence[Claim], *, unsafe: bool) -> FixPlan:
    """Choose among the changes that ``findings`` offer; without ``unsafe`` only those that are safe."""
    offering = [finding for finding in findings if finding.fix.changes]
    chosen = [finding for finding in offering if unsafe or finding.fix.safety == "safe"]
    places = _Places(claims)
    by_claim: dict[int, list[Finding]] = {}
    left: list[Left] = []
    for finding in chosen:
        number = places.of(finding)
        if number is None:
            left.append(Left(finding, "more than one claim of the file bears this number"))
        else:
            by_claim.setdefault(number, []).append(finding)
    plans = []
    for number, own in sorted(by_claim.items()):
        plan = _Planner(claims[number])
        for finding in _in_order(own):
            why = plan.take(finding)
            if why:
                left.append(Left(finding, why))
        made, problem = plan.done()
        if problem:
            left += [Left(entry.finding, problem) for entry in plan.made]
        elif made is not None:
            plans.append(made)
    return FixPlan(tuple(plans), tuple(left), len(offering) - len(chosen))


class _Places:
    """Which claim a finding stands on: by its file and number, and where those repeat by the byte."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._claims = claims
        self._by_name: dict[tuple[str, str], list[int]] = {}
        for number, claim in enumerate(claims):
            self._by_name.setdefault((claim.file, claim.claim_id), []).append(number)

    def of(self, finding: Finding) -> int | None:
        """The claim's place, None when it cannot be told."""
        numbers = self._by_name.get((finding.at.file, finding.claim), [])
        if len(numbers) < 2:  # noqa: PLR2004 - one claim of that number, as there should be
            return numbers[0] if numbers else None
        starts = [byte for number in numbers if (byte := self._claims[number].byte) is not None]
        if finding.at.byte is None or len(starts) < len(numbers):
            return None
        before = bisect_right(starts, finding.at.byte)
        return numbers[before - 1] if before and sorted(set(starts)) == starts else None


def _in_order(findings: Sequence[Finding]) -> list[Finding]:
    """As reported; but a removal that rests on a line which itself may go comes after that line's own."""
    going = {finding.line for finding in findings if _removed(finding)}
    return sorted(findings, key=lambda finding: bool(_removed(finding)) and bool(going & _reasons(finding)))


def _removed(finding: Finding) -> set[int]:
    return {change.line for change in finding.fix.changes if change.element == WHOLE_LINE and change.line is not None}


def _reasons(finding: Finding) -> set[int]:
    """The lines beside which a finding was made, without those it changes itself."""
    return set(finding.related_lines) - {change.line for change in finding.fix.changes if change.line is not None}


@dataclass(slots=True)
class _Planner:
    """The changes of one claim so far."""

    claim: Claim
    made: list[Made] = field(default_factory=list)
    _gone: set[int] = field(default_factory=set)
    _new: dict[tuple[int | None, str], str] = field(default_factory=dict)

    def take(self, finding: Finding) -> str:
        """Take the changes of a finding, or say why not; ``""`` when they are taken."""
        removed = _removed(finding)
        reasons = _reasons(finding)
        if removed and reasons and reasons <= self._gone:
            return f"line {_numbers(reasons)}, beside which it was found, is removed"
        new = []
        for change in finding.fix.changes:
            why = self._conflict(change)
            if why:
                return why
            if not self._done(change):
                new.append(change)
        if len(self._gone | removed) == len(self.claim.lines):
            return "no line would be left: whether the claim is to be sent at all is for you to decide"
        self._gone |= removed
        self._new |= {(change.line, change.element): change.new for change in new if change.element != WHOLE_LINE}
        self.made.append(Made(finding, tuple(new)))
        return ""

    def _done(self, change: Change) -> bool:
        if change.element == WHOLE_LINE:
            return change.line in self._gone
        return (change.line, change.element) in self._new

    def _conflict(self, change: Change) -> str:
        if change.element == WHOLE_LINE:
            if any(line == change.line for line, _ in self._new):
                return f"another change is made on line {change.line}"
        elif change.line in self._gone:
            return f"line {change.line} is removed"
        elif self._new.get((change.line, change.element), change.new) != change.new:
            where = "the claim" if change.line is None else f"line {change.line}"
            return f"another change of the {change.element} of {where} is made"
        elif change.element == "diagnosis_pointers" and (None, "diagnoses") in self._new:
            return "the diagnoses it points at are changed"
        return ""

    def done(self) -> tuple[ClaimPlan | None, str]:
        """The plan, with the total that follows; or why none of it can be made."""
        if not self.made:
            return None, ""
        claim, total = self.claim, self.claim.total_charge
        of_lines = [change for made in self.made for change in made.changes if change.line is not None]
        after = charges_of(changed(claim, of_lines))
        billed = charges_of(claim)
        if after != billed and any(line.revenue_code in _TOTAL_LINES for line in claim.lines):
            return None, "a line with revenue code 0001 repeats the total, which would change"
        wanted: Decimal | None = total
        if (None, "charge") in self._new:
            wanted = Decimal(self._new[None, "charge"]) + after - billed
        elif total is not None:
            wanted = total + after - billed
        if total is None or wanted is None or wanted == total:
            return ClaimPlan(claim, tuple(self.made), None), ""
        if wanted < 0:
            return None, "the claim's total would fall below zero"
        return ClaimPlan(claim, tuple(self.made), Change(None, "charge", format_money(total), format_money(wanted))), ""


def alters_amounts(changes: Iterable[Change]) -> bool:
    """Some of the changes alter what is billed."""
    return any(change.element in {WHOLE_LINE, "units", "charge"} for change in changes)


def _numbers(lines: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(lines)))


def told(plan: FixPlan) -> Iterator[str]:
    """What is changed and what is left, a sentence each, as the report's notes tell it."""
    for entry in plan.claims:
        where = f"{entry.claim.file} claim {entry.claim.claim_id}"
        for made in entry.made:
            for change in made.changes:
                if (change.line, change.element) != (None, "charge"):
                    yield f"Fixed: {where}{_what(change)} ({made.finding.rule})."
        if entry.total is not None:
            rules = {made.finding.rule for made in entry.made if any(map(_moves_total, made.changes))}
            yield f"Fixed: {where}{_what(entry.total)} ({', '.join(sorted(rules))})."
    for left in plan.left:
        finding = left.finding
        line = "" if finding.line is None else f" line {finding.line}"
        yield f"Not fixed: {finding.at.file} claim {finding.claim}{line} {finding.rule}: {left.why}."
    if plan.for_review:
        yield (
            f"Not fixed: {plan.for_review:,} findings whose changes someone must look at first; "
            "--unsafe-fixes makes them."
        )


def _moves_total(change: Change) -> bool:
    return change.element in {WHOLE_LINE, "charge"}


def _what(change: Change) -> str:
    if change.line is None:
        name = "total charge" if change.element == "charge" else change.element
        return f": {name} {change.old} -> {change.new}"
    if change.element == WHOLE_LINE:
        return f" line {change.line}: {change.old} removed"
    return f" line {change.line}: {change.element} {change.old or 'none'} -> {change.new or 'none'}"
