"""Dollars and counts in words, for the reports that people read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from cleanclaim.types import ClaimResult, Finding, Money, Total, Totals

_PLACES: Final = {
    "service_zip": "at the service facility's ZIP code",
    "billing_zip": "at the billing provider's ZIP code",
    "national": "by the national amount",
}
NOT_STATED: Final = "not named"
_MOST: Final = 3
"""How many rules, payers, providers and codes are told in one line."""


def many(count: int, noun: str) -> str:
    """``1 claim``, ``2,000 claims``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def dollars(amount: Money) -> str:
    """``$1,029.06``."""
    return f"${amount:,.2f}"


def allowed_of(entry: Total | Finding) -> str:
    """What the fee schedule allows, "no price" where no line has one."""
    return "no price" if entry.allowed_at_risk is None else dollars(entry.allowed_at_risk)


def allowed_in_words(totals: Totals) -> str:
    """What the fee schedule allows for the lines at risk, how they were priced, and that some were not."""
    of_all = totals.of_all
    lines = of_all.priced_lines + of_all.unpriced_lines
    if not of_all.priced_lines:
        return "None of these lines has a price on the Medicare fee schedule." if lines else ""
    by = ", ".join(f"{count:,} {_PLACES[place]}" for place, count in totals.priced_by)
    if len(totals.priced_by) == 1:
        by = _PLACES[totals.priced_by[0][0]]
    of_these = f"for these {lines:,} lines" if lines > 1 else "for this line"
    without = ""
    if of_all.unpriced_lines:
        of_these = f"for {of_all.priced_lines:,} of these {lines:,} lines"
        without = "; the others have no price" if of_all.unpriced_lines > 1 else "; the other has no price"
    return f"The Medicare fee schedule allows {allowed_of(of_all)} {of_these} ({by}){without}."


def allowed_at_risk(allowed: Money | None, unpriced_lines: int) -> str:
    """What it allows for lines at risk: ``Medicare: $27.76; 1 line without a price``; "" where there are none."""
    if allowed is None:
        return "Medicare: no price"
    if not unpriced_lines:
        return f"Medicare: {dollars(allowed)}" if allowed else ""
    return f"Medicare: {dollars(allowed)}; {many(unpriced_lines, 'line')} without a price"


def allowed_together(results: Sequence[ClaimResult]) -> Money | None:
    """What the fee schedule allows for the lines at risk of several claims; None where none of them has a price."""
    at_risk = [result.allowed_at_risk for result in results if result.unpriced_lines or result.allowed_at_risk]
    priced = [allowed for allowed in at_risk if allowed is not None]
    return sum(priced, Decimal(0)) if priced or not at_risk else None


def dollars_told(totals: Totals) -> Iterator[str]:
    """Dollars at risk in a few lines: of all, and where most of them are."""
    of_all = totals.of_all
    if not of_all.amount_at_risk:
        return
    yield f"{dollars(of_all.amount_at_risk)} billed on lines that would be denied. {allowed_in_words(totals)}"
    for by, entries in (
        ("rule", totals.by_rule),
        ("payer", totals.by_payer),
        ("provider", totals.by_provider),
        ("code", totals.by_code),
    ):
        most = [
            f"{entry.key or NOT_STATED} {dollars(entry.amount_at_risk)} (Medicare: {allowed_of(entry)})"
            for entry in entries[:_MOST]
            if entry.amount_at_risk
        ]
        left = sum(1 for entry in entries if entry.amount_at_risk) - len(most)
        yield f"by {by}: {', '.join(most)}" + (f" and {left:,} more" if left > 0 else "")


def name_of(total: Total) -> str:
    """What a total is of: a rule with its name, a payer, an NPI or a code."""
    return " ".join(filter(None, (total.key, total.name))) or NOT_STATED
