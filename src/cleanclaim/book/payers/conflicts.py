"""Facts of one policy that cannot both hold."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from cleanclaim.book.payers.model import Kind, PolicyFact, Style
from cleanclaim.book.payers.plain import Document
from cleanclaim.types import Date, DateInterval

_OPPOSITES = (
    {Style.ONE_LINE_50, Style.TWO_LINES_LT_RT},
    {Style.DISTINCT_X, Style.DISTINCT_59},
    {Style.MULTIPLE_51, Style.NO_MULTIPLE_51},
)


def refuse_conflicts(document: Document, facts: tuple[PolicyFact, ...]) -> None:
    """Raise InputError for two facts with one id, or that bind the same services and days to different things."""
    for (_, one), (second, two) in combinations(enumerate(facts), 2):
        path = ("facts", second)
        if one.id == two.id:
            raise document.fault((*path, "id"), f"there are two facts {two.id!r}", "give one of them another id")
        if not _same_scope(one, two):
            continue
        if _asks(one) == _asks(two):
            raise document.fault(path, f"{two.id!r} says what {one.id!r} says of the same services", "keep one")
        if _contradict(one, two):
            raise document.fault(
                path,
                f"{two.id!r} contradicts {one.id!r} for the same services and days",
                "part them by codes, dates or `when`, or leave one out",
            )


def _same_scope(one: PolicyFact, two: PolicyFact) -> bool:
    return (
        one.kind is two.kind
        and one.when == two.when
        and one.network == two.network
        and one.indicators == two.indicators
        and one.codes.overlaps(two.codes)
        and _overlap(one.valid, two.valid)
    )


def _overlap(one: DateInterval, two: DateInterval) -> bool:
    first, last = Date.min, Date.max
    return max(one.valid_from or first, two.valid_from or first) <= min(one.valid_to or last, two.valid_to or last)


def _asks(fact: PolicyFact) -> tuple[Any, ...]:
    """What the fact asks, apart from its services and days."""
    return (
        (fact.maximum, fact.period, fact.counted, fact.per_code, fact.groups),
        fact.style,
        (fact.into, fact.instead_of_ncci, fact.payable, fact.among_ncci_pairs, fact.bypass),
        (fact.days, fact.months, fact.from_end_of_year),
        fact.wanted,
        fact.allowed_places,
        fact.unless_with,
    )


def _contradict(one: PolicyFact, two: PolicyFact) -> bool:
    """Both cannot be followed. Limits over different periods can, and so can different documents."""
    match one.kind:
        case Kind.FREQUENCY:
            return (one.period, one.counted, one.per_code, one.groups) == (
                two.period,
                two.counted,
                two.per_code,
                two.groups,
            )
        case Kind.MODIFIER_STYLE:
            return {one.style, two.style} in _OPPOSITES
        case Kind.BUNDLING:
            return one.into.overlaps(two.into)
        case Kind.TIMELY_FILING | Kind.PLACE:
            return True
        case _:
            return False
