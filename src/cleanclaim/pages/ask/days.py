"""The day that a question names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Final

from cleanclaim.types import Date

_ISO: Final = re.compile(r"\b(20[0-9]{2})-([0-9]{1,2})-([0-9]{1,2})\b")
_SLASHED: Final = re.compile(r"(?<![\w/.-])([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:20)?[0-9]{2})(?![\w/-])")
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMED: Final = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTH: Final = re.compile(
    rf"\b{_NAMED}\s*(?:([0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?:of\s+)?(20[0-9]{{2}})\b", re.IGNORECASE
)
_DAY_FIRST: Final = re.compile(
    rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_NAMED},?\s+(20[0-9]{{2}})\b", re.IGNORECASE
)
_QUARTER: Final = re.compile(r"\bQ([1-4])\s*(?:of\s*)?(20[0-9]{2})\b|\b(20[0-9]{2})\s*Q([1-4])\b", re.IGNORECASE)


def day_named(text: str) -> tuple[Date | None, str]:
    """The first day named, and the text without any day; a month or a quarter stands for its first day.

    A day that no calendar has, such as 13/45/2026, is left out of both.
    """
    found: list[tuple[int, Date]] = []
    for shape, read in _SHAPES:
        for match in shape.finditer(text):
            try:
                found.append((match.start(), read(match)))
            except ValueError:
                continue
        text = shape.sub(lambda match: " " * len(match[0]), text)
    return (min(found)[1] if found else None), text


def _iso(match: re.Match[str]) -> Date:
    return dt.date(int(match[1]), int(match[2]), int(match[3]))


def _slashed(match: re.Match[str]) -> Date:
    return dt.date(int(match[4]) + (0 if len(match[4]) > 2 else 2000), int(match[1]), int(match[3]))  # noqa: PLR2004 - a year of two digits


def _month(match: re.Match[str]) -> Date:
    return dt.date(int(match[3]), 1 + _MONTHS.index(match[1][:3].lower()), int(match[2] or 1))


def _day_first(match: re.Match[str]) -> Date:
    return dt.date(int(match[3]), 1 + _MONTHS.index(match[2][:3].lower()), int(match[1]))


def _quarter(match: re.Match[str]) -> Date:
    quarter, year = int(match[1] or match[4]), int(match[2] or match[3])
    return dt.date(year, 3 * quarter - 2, 1)


_SHAPES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Date]], ...]] = (
    (_ISO, _iso),
    (_SLASHED, _slashed),
    (_DAY_FIRST, _day_first),
    (_MONTH, _month),
    (_QUARTER, _quarter),
)
