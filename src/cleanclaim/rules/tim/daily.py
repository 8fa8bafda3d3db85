"""Visits that are billed by the day, by code number."""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number

_DAILY: Final = (
    (code_number("99202"), code_number("99239")),
    (code_number("99281"), code_number("99285")),
    (code_number("99304"), code_number("99316")),
    (code_number("99341"), code_number("99350")),
)


def daily_visit(code: int) -> bool:
    """A visit to the office, hospital, emergency room, nursing facility or home."""
    for first, last in _DAILY:  # noqa: SIM110 - a plain loop is what a compiler can read too
        if first <= code <= last:
            return True
    return False
