"""Dollars at risk added up: of a claim, and of a report by rule, payer, provider and code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import add, attrgetter
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.engine.findings import Hit
from cleanclaim.engine.money import price_of
from cleanclaim.engine.shown import has_shape
from cleanclaim.engine.work import ClaimWork, LineWork
from cleanclaim.rules.model import OF_ALL_ITS_LINES, Scope
from cleanclaim.types import NOTHING_AT_RISK, PRICED_BY, Money, Severity, Total, Totals

if TYPE_CHECKING:  # a small check does not load arrays
    from cleanclaim.engine.folded import Folded

_ALL: Final = "of_all"
_RULE: Final = "by_rule"
_PAYER: Final = "by_payer"
_PROVIDER: Final = "by_provider"
_CODE: Final = "by_code"
_APART: Final = (_RULE, _PAYER, _PROVIDER, _CODE)
_NOTHING: Final = Decimal(0)
_MOST_ROWS: Final = 1 << 15
"""More than so many are folded."""

Figures = tuple[Money, Money, int, int]
"""Dollars billed, dollars allowed of what has a price, lines with a price, lines without."""


@dataclass(frozen=True, slots=True)
class AtStake:
    """The lines of a claim that deny findings stand on, each once, and what was billed and is allowed for them.

    ``billed`` is the claim's total where one of them denies the claim as a ``whole``.
    """

    lines: Sequence[LineWork] = ()
    whole: bool = False
    figures: Figures = (_NOTHING, _NOTHING, 0, 0)

    @property
    def billed(self) -> Money:
        """The dollars billed."""
        return self.figures[0]

    @property
    def allowed(self) -> Money | None:
        """The dollars the fee schedule allows; None where there are lines and none has a price."""
        return _allowed(*self.figures[1:])

    @property
    def unpriced(self) -> int:
        """How many of the lines have no price."""
        return self.figures[3]


NOTHING_AT_STAKE: Final = AtStake()


def denied(work: ClaimWork, hits: Iterable[Hit]) -> AtStake:
    """What of a claim the deny findings among ``hits`` put at risk."""
    lines: dict[int, LineWork] = {}
    whole = False
    for hit in hits:
        if hit.finding.severity is not Severity.DENY:
            continue
        if hit.finding.line is None:
            whole = True
        else:
            for line in stands_on(work, hit):
                lines[line.line.line_no] = line
    if whole:
        named, *_ = _figures(lines.values())
        _, allowed, priced, unpriced = _figures(work.lines)
        billed = max(named, work.claim.total_charge or _NOTHING)
        return AtStake(work.lines, whole, (billed, allowed, priced, unpriced))
    return AtStake(tuple(lines.values()), whole, _figures(lines.values())) if lines else NOTHING_AT_STAKE


def stands_on(work: ClaimWork, hit: Hit) -> Sequence[LineWork]:
    """The lines of its claim that a finding stands on: those it would deny, all of them where it is on no line."""
    finding, rule = hit.finding, hit.rule
    if finding.line is None:
        return work.lines
    own = work.line_numbered(finding.line)
    lines = [] if own is None else [own]
    if rule.scope is Scope.DIAGNOSIS or rule.related in OF_ALL_ITS_LINES:
        lines += [line for line in map(work.line_numbered, finding.related_lines) if line is not None]
    return lines


@dataclass(slots=True)
class Sums:
    """Totals that are being added up, claim by claim, or part by part."""

    rows: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    """By kind and key: claims, findings, the :data:`Figures`, and the name of a rule."""
    places: dict[str, int] = field(default_factory=dict)
    _folded: Folded | None = None
    """Rows of providers that were too many."""

    def count(self, work: ClaimWork, hits: Sequence[Hit], at_stake: AtStake, payer: str) -> None:
        """Count the findings on a claim of ``payer``, which put ``at_stake`` at risk."""
        if not hits:
            return
        for line in at_stake.lines:
            place = price_of(line).place
            if place:
                self.places[place] = self.places.get(place, 0) + 1
        self._plus((_ALL, ""), 1, len(hits), at_stake.figures)
        self._plus((_PAYER, payer), 1, len(hits), at_stake.figures)
        by_rule: dict[str, list[Hit]] = {}
        for hit in hits:
            by_rule.setdefault(hit.finding.rule, []).append(hit)
        for rule, of_rule in by_rule.items():
            figures = at_stake.figures if len(by_rule) == 1 else denied(work, of_rule).figures
            self._plus((_RULE, rule), 1, len(of_rule), figures, of_rule[0].finding.name)
        stood_on = [stands_on(work, hit) for hit in hits]
        self._count_lines(_PROVIDER, _provider, stood_on, at_stake)
        self._count_lines(_CODE, _code, stood_on, at_stake)

    def _count_lines(
        self, kind: str, key_of: Callable[[LineWork], str], stood_on: Sequence[Sequence[LineWork]], at_stake: AtStake
    ) -> None:
        """Count a claim for each key that its lines have: the findings on them, and those of them at risk."""
        findings: dict[str, int] = {}
        for lines in stood_on:
            for key in {key_of(line) for line in lines}:
                findings[key] = findings.get(key, 0) + 1
        if len(findings) == 1 and not at_stake.whole:
            ((key, many),) = findings.items()
            self._plus((kind, key), 1, many, at_stake.figures)
            return
        lines_of: dict[str, list[LineWork]] = {}
        for line in at_stake.lines:
            lines_of.setdefault(key_of(line), []).append(line)
        for key, many in findings.items():
            self._plus((kind, key), 1, many, _figures(lines_of.get(key, ())))

    def _plus(self, key: tuple[str, str], claims: int, findings: int, figures: Figures, name: str = "") -> None:
        row = self.rows.get(key)
        if row is None:
            self.rows[key] = [claims, findings, *figures, name]
        else:
            billed, allowed, priced, unpriced = figures
            row[0] += claims
            row[1] += findings
            row[2] += billed
            row[3] += allowed
            row[4] += priced
            row[5] += unpriced

    def add(self, other: Sums) -> None:
        """Count what another part has."""
        for key, (claims, findings, billed, allowed, priced, unpriced, name) in other.all_rows():
            self._plus(key, claims, findings, (billed, allowed, priced, unpriced), name)
        for place, many in other.places.items():
            self.places[place] = self.places.get(place, 0) + many
        if len(self.rows) > _MOST_ROWS:
            self._fold()

    def _fold(self) -> None:
        """Keep the rows of providers in less memory: of a large input they are nearly all."""
        from cleanclaim.engine.folded import Folded, folded  # noqa: PLC0415 - few checks have so many

        made = {key: folded(key, row) for (kind, key), row in self.rows.items() if kind == _PROVIDER}
        whole = {key: figures for key, figures in made.items() if figures is not None}
        for key in whole:
            del self.rows[_PROVIDER, key]
        self._folded = self._folded or Folded()
        self._folded.add(whole)

    def all_rows(self) -> Iterator[tuple[tuple[str, str], list[Any]]]:
        """Every row with its kind and key."""
        if self._folded is None:
            yield from self.rows.items()
            return
        apart = dict(self.rows)
        for npi, row in self._folded:
            key = (_PROVIDER, npi)
            other = apart.pop(key, None)
            yield key, row if other is None else [*map(add, row[:-1], other[:-1]), row[-1]]
        yield from apart.items()

    def totals(self) -> Totals:
        """The totals so far, those with most dollars first."""
        if not self.rows and self._folded is None:
            return Totals()
        of_kind: dict[str, list[Total]] = {kind: [] for kind in (_ALL, *_APART)}
        shared: dict[Money | None, Money | None] = {}
        for (kind, key), row in self.all_rows():
            of_kind[kind].append(_total(key, row, shared))
        for totals in of_kind.values():  # one sort after the other, so that no keys are made for a million providers
            totals.sort(key=attrgetter("key"))
            totals.sort(key=attrgetter("findings"), reverse=True)
            totals.sort(key=attrgetter("amount_at_risk"), reverse=True)
        (of_all,) = of_kind[_ALL] or (NOTHING_AT_RISK,)
        priced_by = tuple((place, self.places[place]) for place in PRICED_BY if place in self.places)
        return Totals(of_all, **{kind: tuple(of_kind[kind]) for kind in _APART}, priced_by=priced_by)

    @classmethod
    def of(cls, totals: Totals) -> Sums:
        """Sums that stand where ``totals`` do."""
        return cls({key: _row(total) for key, total in _each(totals)}, dict(totals.priced_by))


def _each(totals: Totals) -> Iterator[tuple[tuple[str, str], Total]]:
    if totals.of_all.claims:
        yield (_ALL, ""), totals.of_all
    for kind in _APART:
        for total in getattr(totals, kind):
            yield (kind, total.key), total


def _row(total: Total) -> list[Any]:
    allowed = total.allowed_at_risk or _NOTHING
    priced, unpriced = total.priced_lines, total.unpriced_lines
    return [total.claims, total.findings, total.amount_at_risk, allowed, priced, unpriced, total.name]


def _total(key: str, row: Sequence[Any], shared: dict[Money | None, Money | None]) -> Total:
    """A row as a record, which has the ``shared`` object for an amount that is the same: most providers' are few."""
    claims, findings, amount, allowed, priced, unpriced, name = row
    told = _allowed(allowed, priced, unpriced)
    billed = shared.setdefault(amount, amount) or _NOTHING
    return Total(key, claims, findings, billed, shared.setdefault(told, told), priced, unpriced, name)


def _figures(lines: Iterable[LineWork]) -> Figures:
    billed = allowed = _NOTHING
    priced = unpriced = 0
    for line in lines:
        billed += line.line.charge or _NOTHING
        price = price_of(line).amount
        if price is None:
            unpriced += 1
        else:
            allowed, priced = allowed + price, priced + 1
    return billed, allowed, priced, unpriced


def _allowed(allowed: Money, priced: int, unpriced: int) -> Money | None:
    return allowed if priced or not unpriced else None


def _provider(line: LineWork) -> str:
    """The NPI of who rendered a line; "" where it is none."""
    npi = line.claim.claim.rendered_by(line.line)
    return npi if has_shape("npi", npi) else ""


def _code(line: LineWork) -> str:
    return line.line.hcpcs if has_shape("procedure", line.line.hcpcs) else ""
