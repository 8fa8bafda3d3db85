"""How often a payer pays for a service: counted over all claims of a patient at hand, those sent before among them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from functools import lru_cache

from cleanclaim.book.payers import Policy, PolicyFact
from cleanclaim.book.payers.model import Counted, Period
from cleanclaim.engine.payer_use import Bound, keep
from cleanclaim.engine.work import LineWork
from cleanclaim.types import Date


def count_frequencies(bound: Iterable[Bound]) -> None:
    """Count what each limit counts, for every line it binds; of several limits a line keeps the one most exceeded."""
    series: dict[tuple[object, ...], tuple[Policy, PolicyFact, list[LineWork]]] = {}
    for line, policy, fact in bound:
        claim = line.claim
        key = (
            claim.number if claim.alone else None,
            claim.claim.patient_key,
            claim.payer.payer,
            fact.id,
            line.line.hcpcs if fact.per_code else "",
        )
        series.setdefault(key, (policy, fact, []))[2].append(line)
    for policy, fact, lines in series.values():
        lines.sort(key=lambda line: (line.line.service_from or Date.min, *line.place()))
        _count(policy, fact, lines)


def _count(policy: Policy, fact: PolicyFact, lines: Sequence[LineWork]) -> None:
    first = 0
    for at, line in enumerate(lines):
        day = _day(line)
        while not within(fact.period, _day(lines[first]), day):
            first += 1
        counted = lines[first : at + 1]
        count = _counted(fact, counted)
        if not _is_new(fact, line, counted[:-1]):
            continue
        facts = line.facts
        if facts.frequency_maximum < 0 or count - fact.maximum > facts.frequency_count - facts.frequency_maximum:
            facts.frequency_maximum, facts.frequency_count = fact.maximum, count
            keep(line, "frequency", policy, fact, counted[:-1], instead=True)


def _day(line: LineWork) -> Date:
    return line.line.service_from or Date.min


def _counted(fact: PolicyFact, lines: Sequence[LineWork]) -> float:
    match fact.counted:
        case Counted.DAYS:
            return len({_day(line) for line in lines})
        case Counted.UNITS:
            return sum(max(line.facts.units, 0.0) for line in lines)
        case Counted.GROUPS:
            return len(set().union(*(_groups_of(fact, line) for line in lines)))


def _groups_of(fact: PolicyFact, line: LineWork) -> set[int]:
    return {number for number, codes in enumerate(fact.groups) if line.line.hcpcs in codes}


def _is_new(fact: PolicyFact, line: LineWork, before: Sequence[LineWork]) -> bool:
    """The line adds to the count: it is not of a day, or of a group, that an earlier line has brought in."""
    match fact.counted:
        case Counted.DAYS:
            return not before or _day(before[-1]) != _day(line)
        case Counted.UNITS:
            return True
        case Counted.GROUPS:
            return not _groups_of(fact, line) <= set().union(*(_groups_of(fact, other) for other in before))


def within(period: Period, earlier: Date, day: Date) -> bool:
    """``earlier`` still counts on ``day``: a service a whole period ago does not."""
    match period.unit:
        case "days":
            return (day - earlier).days < period.number
        case "months":
            return months_after(earlier, period.number) > day
        case "calendar_year":
            return earlier.year == day.year
        case _:
            return True


@lru_cache(maxsize=4096)
def months_after(day: Date, months: int) -> Date:
    """The same day of a later month, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > Date.max.year:
        return Date.max
    return Date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
