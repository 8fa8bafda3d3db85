"""Stretches of days on which nothing changes: neither the book, nor a payer's policy, nor what a rule says of a day.

Two claims that differ only by their days are alike where these lie in one stretch. The days on which something may turn
are those of the book (:class:`~cleanclaim.index.lookup.Period`), the dates of payers' policies, every date that a rule
or a function it calls names, those that gathering names, and the first day of every quarter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final

from cleanclaim.engine.alike.numbered import USUAL_DAYS
from cleanclaim.engine.alike.reading import numbers_named
from cleanclaim.engine.filing import SINCE
from cleanclaim.engine.providers import SHAPE_SINCE
from cleanclaim.engine.services_of_day import ALTERNATIVE_DESTINATIONS
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule

_HELD: Final = ("valid_from", "valid_to")
"""Columns that date which contractor serves a state."""
OF_GATHERING: Final = (SINCE, SHAPE_SINCE, *ALTERNATIVE_DESTINATIONS)
"""The dates that modules of the engine name; a test looks for others."""


def turns_of(book: OpenBook, rules: Iterable[LoadedRule]) -> list[int]:
    """The days on which a stretch may begin, in order; the stretch of a day is how many of them have come."""
    found = {day for loaded in rules for day in days_named(loaded.check)}
    for of_policy in book.policies.by_payer.values():
        for fact in of_policy.facts:
            found.update(day.toordinal() for day in (fact.valid.valid_from, fact.valid.valid_to) if day is not None)
    found.update(day.toordinal() for day in OF_GATHERING)
    found.update(day for column in _HELD for day in book.index.days_in("mcd-jurisdiction", column))
    named = found | {day + 1 for day in found}
    years = range(dt.date.fromordinal(USUAL_DAYS.start).year, dt.date.fromordinal(USUAL_DAYS.stop).year + 1)
    quarters = (dt.date(year, month, 1).toordinal() for year in years for month in (1, 4, 7, 10))
    return sorted(named.union(quarters, book.turns))


def days_named(check: Callable[..., Any]) -> frozenset[int]:
    """Every day that a rule's function, or one it calls, may compare with."""
    return frozenset(number for number in numbers_named(check) if number in USUAL_DAYS)
