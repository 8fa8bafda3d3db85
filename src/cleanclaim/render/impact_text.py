"""What a new release changes, as text: what is found, what is paid, and where most of it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from cleanclaim.engine.impact.model import ClaimImpact, FindingChange, Impact, Kind, Paid
from cleanclaim.render.dollars import dollars, many
from cleanclaim.types import Money, Verdict, format_money

_LIMIT: Final = 10
_NARROW: Final = 80
_FIGURES: Final = 64
"""Columns that the figures of a table need, at most."""
_VERBS: Final = {
    Kind.APPEARS: ("appears", "appear"),
    Kind.VANISHES: ("vanishes", "vanish"),
    Kind.CHANGES: ("changes", "change"),
    Kind.CANNOT_TELL: ("cannot be told", "cannot be told"),
}
_PLACES: Final = {
    "service_zip": "at the ZIP code of the service",
    "billing_zip": "at the biller's ZIP code",
    "given": "at the locality given",
    "national": "at national amounts, for want of a ZIP code that a loaded file knows",
}
REASONS: Final = {
    "void": "voids",
    "replaced": "replaced by a later claim",
    "repeated": "on a claim that repeats another",
    "no_procedure": "no procedure code",
    "no_service_date": "no service date",
    "no_units": "no units",
    "billed_in_minutes": "in minutes, which only anesthesia is paid by",
    "surgery_center": "an ambulatory surgical center's share",
    "no_place_of_service": "no known place of service",
    "not_on_schedule": "not on the fee schedule",
    "no_price": "paid by no amount of this schedule",
    "no_rvu": "no relative values, so the contractor prices it",
    "excluded": "excluded from the physician fee schedule",
    "schedule_not_loaded": "paid under another schedule, which is not loaded",
    "no_base_units": "anesthesia whose base units are not loaded",
    "no_anesthesia_factor": "anesthesia whose factor is not loaded",
    "anesthesia_role": "anesthesia without the modifier of who gave it",
    "no_time": "anesthesia without its minutes",
    "carrier_priced": "priced by the contractor",
    "by_report": "priced by report",
    "no_data": "no loaded fee schedule speaks of it",
}
"""In words, of the keys of reasons those that do not speak for themselves."""


def render(impact: Impact, *, width: int = 100, limit: int = _LIMIT) -> str:
    """The impact as text, ``width`` columns wide; at most ``limit`` rows of each table."""
    return "\n".join(_Page(impact, max(_NARROW, min(width, 120)), limit).lines()) + "\n"


class _Page:
    def __init__(self, impact: Impact, width: int, limit: int) -> None:
        self.impact = impact
        self.width = width
        self.widest = max(_NARROW - _FIGURES, width - _FIGURES)
        self.limit = limit
        chosen = impact.chosen
        self.old, self.new = chosen.old.release, chosen.new.release

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield ""
        yield from self._found()
        yield ""
        yield from self._allowed()
        for title, totals in (
            ("Codes", self.impact.by_code),
            ("Payers", self.impact.by_payer),
            ("Providers", self.impact.by_provider),
        ):
            yield from self._table(title, totals)
        yield from self._rules()
        yield from self._claims()
        if self.impact.rejects:
            yield ""
            yield from self._rejects()
        for note in self.impact.notes:
            yield from self._wrapped(f"Note: {note}")

    def _head(self) -> Iterator[str]:
        impact, chosen = self.impact, self.impact.chosen
        yield from self._wrapped(
            f"What {self.new} changes after {self.old} ({chosen.source}): {many(impact.claims_in, 'claim')}, "
            f"{impact.claims:,} compared, {impact.rejected:,} rejected."
        )
        along = [
            f"{old.release} to {new.release} ({old.source})" if old is not new else f"{old.release} ({old.source})"
            for old, new in chosen.along
        ]
        if along:
            yield from self._wrapped(f"Going along: {', '.join(along)}. All else is as on each claim's own day.")

    def _found(self) -> Iterator[str]:
        impact = self.impact
        told = ", ".join(f"{count:,} {_verb(kind, count)}" for kind, count in impact.findings.items() if count)
        yield "What is found"
        yield from self._item(f"{_changing(impact.checked_otherwise)}; findings: {told or 'none that is not the same'}")
        if impact.cannot_tell:
            yield from self._item(
                f"{many(impact.cannot_tell, 'claim')} of which one of the releases says less, and no change follows"
            )
        moved = [
            f"{_words(old)} to {_words(new)} {count:,}"
            for (old, new), count in impact.verdicts.items()
            if old is not new
        ]
        if moved:
            yield from self._item(f"verdicts: {', '.join(moved)}")
        yield from self._item(
            f"billed on what deny findings stand on: {_from_to(impact.old_at_risk, impact.new_at_risk)}"
        )

    def _allowed(self) -> Iterator[str]:
        impact, paid = self.impact, self.impact.paid
        yield "What the Medicare fee schedule allows, whoever the payer is"
        if not paid.moved:
            yield from self._item(f"no amount changes: {dollars(paid.old)} for {many(paid.lines, 'line')} under both")
        else:
            yield from self._changes(paid)
        if impact.capped:
            yield from self._item(f"{many(impact.capped, 'line')} allowed no more than the charge billed")
        if impact.unpriced:
            reasons = ", ".join(f"{reason_words(key)} {count:,}" for key, count in impact.unpriced.items())
            yield from self._item(f"{many(sum(impact.unpriced.values()), 'line')} without a price: {reasons}")
        others = {str(kind): count for kind, count in impact.kinds.items() if kind != "professional"}
        if others:
            told = ", ".join(f"{count:,} {kind}" for kind, count in others.items())
            yield from self._item(f"not priced here, since the schedule pays professional claims only: {told}")
        if impact.located:
            places = ", ".join(f"{count:,} {_PLACES[how]}" for how, count in impact.located.items())
            yield from self._item(f"lines: {places}")

    def _changes(self, paid: Paid) -> Iterator[str]:
        yield from self._item(
            f"{_changing(self.impact.paid_otherwise)}: {many(paid.rising, 'line')} up {dollars(paid.up)}, "
            f"{paid.falling:,} down {dollars(paid.down)}, net {signed(paid.net)}"
        )
        percent = _percent(paid.net, paid.old)
        yield from self._item(
            f"{many(paid.lines, 'line')} priced under both: {_from_to(paid.old, paid.new)}"
            f"{f', {percent}' if percent and paid.net else ''}"
        )
        for lines, amount, release in (
            (paid.gone_lines, paid.gone, self.old),
            (paid.gained_lines, paid.gained, self.new),
        ):
            if lines:
                yield from self._item(f"{many(lines, 'line')} priced under {release} only: {dollars(amount)}")

    def _table(self, title: str, totals: Mapping[str, Paid]) -> Iterator[str]:
        moving = [(key, paid) for key, paid in totals.items() if paid.moved]
        if not moving:
            return
        rows = [self._moved(key or "not stated", paid) for key, paid in moving[: self.limit]]
        yield ""
        yield f"{title} by the money that moves ({len(rows)} of {len(moving):,})"
        yield from _columns(("", "lines", self._short(self.old), self._short(self.new), "change", ""), rows)

    def _moved(self, name: str, paid: Paid) -> tuple[str, ...]:
        lines = paid.lines + paid.gone_lines + paid.gained_lines
        old, new = paid.old + paid.gone, paid.new + paid.gained
        change = new - old
        return self._short(name), f"{lines:,}", f"{old:,.2f}", f"{new:,.2f}", signed(change), _percent(change, old)

    def _rules(self) -> Iterator[str]:
        rules = [rule for rule in self.impact.by_rule.values() if rule.appears or rule.vanishes or rule.changes]
        if not rules:
            return
        rules.sort(key=lambda rule: (-(rule.at_risk_appearing + rule.at_risk_vanishing), -rule.appears, rule.rule))
        rows = [
            (
                self._short(f"{rule.rule} {rule.name}", 2),
                f"{rule.appears:,}",
                f"{rule.vanishes:,}",
                f"{rule.changes:,}",
                signed(rule.at_risk_appearing - rule.at_risk_vanishing),
            )
            for rule in rules[: self.limit]
        ]
        yield ""
        yield f"Rules whose findings are not the same ({len(rows)} of {len(rules)})"
        yield from _columns(("", "appear", "vanish", "change", "billed at risk"), rows)

    def _claims(self) -> Iterator[str]:
        changed = [change for change in self.impact.changes if change.checked_otherwise]
        if not changed:
            return
        changed.sort(key=lambda change: -abs(change.new_at_risk - change.old_at_risk))
        shown = changed[: self.limit]
        yield ""
        yield f"Claims on which something else is found ({len(shown)} of {len(changed):,})"
        for change in shown:
            yield from self._claim(change)

    def _claim(self, change: ClaimImpact) -> Iterator[str]:
        verdict = _words(change.new_verdict)
        if change.old_verdict is not change.new_verdict:
            verdict = f"{_words(change.old_verdict)} to {verdict}"
        moved = change.new_at_risk - change.old_at_risk
        yield from self._item(f"{change.claim}: {verdict}{f', {signed(moved)} at risk' if moved else ''}")
        for finding in change.findings:
            yield from self._item(_told(finding), indent="    ")

    def _short(self, text: str, times: int = 1) -> str:
        most = times * self.widest
        return text if len(text) <= most else f"{text[: most - 3]}..."

    def _rejects(self) -> Iterator[str]:
        shown = self.impact.rejects[: self.limit]
        yield f"Rejected on reading ({len(shown)} of {len(self.impact.rejects):,})"
        for reject in shown:
            where = reject.file + (f", byte {reject.byte:,}" if reject.byte is not None else "")
            yield from self._item(f"{where}, {reject.segment}: {reject.reason}")

    def _item(self, text: str, indent: str = "  ") -> Iterable[str]:
        return self._wrapped(text, indent, f"{indent}  ")

    def _wrapped(self, text: str, first: str = "", following: str = "  ") -> Iterable[str]:
        return textwrap.wrap(
            text,
            self.width,
            initial_indent=first,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        )


def reason_words(key: str) -> str:
    """A reason's key in words."""
    return REASONS.get(key, key.replace("_", " "))


def signed(amount: Money) -> str:
    """Dollars more or less."""
    sign = "" if not amount else "-" if amount < 0 else "+"
    return f"{sign}{dollars(abs(amount))}"


def _from_to(old: Money, new: Money) -> str:
    if format_money(old) == format_money(new):
        return f"{dollars(old)} under both"
    return f"{dollars(old)} to {dollars(new)} ({signed(new - old)})"


def _percent(change: Money, of: Money) -> str:
    return f"{100 * change / of:+.1f} %" if of else ""


def _changing(count: int) -> str:
    return f"{many(count, 'claim')} {'changes' if count == 1 else 'change'}"


def _verb(kind: Kind, count: int) -> str:
    return _VERBS[kind][count != 1]


def _words(verdict: Verdict) -> str:
    return verdict.replace("_", " ")


def _told(change: FindingChange) -> str:
    found = change.told
    where = f"line {found.line}" if found.line is not None else "the claim"
    severity = str(found.severity)
    if change.old is not None and change.old.severity is not found.severity:
        severity = f"{change.old.severity} to {severity}"
    return f"{found.rule} {_verb(change.kind, 1)} ({severity}, {where}): {found.message}"


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table: the first column to the left, the others to the right."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    for row in (head, *rows):
        first = f"  {row[0]:<{widths[0]}}"
        cells = [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([first, *cells]).rstrip()
