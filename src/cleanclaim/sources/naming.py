"""What a published file's name says: which release it is, from which day it binds, which part.

The named groups of a source's link pattern are read here:

- ``year`` and ``quarter``; ``year`` and ``month`` (name or number), with ``day`` where there is one;
- ``version``: the NCCI number, year minus 1994 and quarter minus 1 (``322`` is 2026Q3);
- ``yy`` and ``letter``: the RVU release, a to d for the quarters;
- ``yy`` and ``half``: the NUCC version, 0 from January and 1 from July;
- ``fiscal``: the federal fiscal year, which begins in October of the year before;
- ``revision``: a corrected publication of the same release; ``part``: one file of several.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from cleanclaim.sources.catalog import LinkRule
from cleanclaim.types import Date

_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NCCI_EPOCH: Final = 1994
_OCTOBER: Final = 10


@dataclass(frozen=True, slots=True)
class PublishedName:
    """A release as a link names it. ``effective`` is the first day it was issued for."""

    release: str
    effective: Date
    revision: int = 0
    part: int | None = None
    starts_at: int = 0


def read_name(rule: LinkRule, text: str) -> PublishedName | None:
    """What ``text``, a link's path or words, says by ``rule``; None when it is no such link."""
    match = rule.pattern.search(text)
    if match is None:
        return None
    said = {group: value.lower() for group, value in match.groupdict().items() if value is not None}
    try:
        effective = _first_day(said)
    except ValueError:
        return None
    # "RVU24AR" carries the mark of a correction without a number: the first.
    mark = said.get("revision")
    label = rule.release.format(
        year=effective.year,
        quarter=_quarter_of(effective.month),
        fiscal=effective.year + (effective.month >= _OCTOBER),
        yy=said.get("yy", ""),
        letter=said.get("letter", "").upper(),
        half=said.get("half", ""),
        correction="" if mark is None else f"R{mark}",
    )
    return PublishedName(
        release=label,
        effective=effective,
        revision=0 if mark is None else int(mark or 1),
        part=int(said["part"]) if "part" in said else None,
        starts_at=match.start(),
    )


def _first_day(said: dict[str, str]) -> Date:
    """The first day of the release. Raises ValueError for a date that does not exist."""
    if "version" in said:
        version = int(said["version"])
        return _quarter_start(_NCCI_EPOCH + version // 10, version % 10 + 1)
    if "fiscal" in said:
        return dt.date(int(said["fiscal"]) - 1, _OCTOBER, 1)
    year = int(said["year"]) if "year" in said else 2000 + int(said["yy"])
    if "quarter" in said:
        return _quarter_start(year, int(said["quarter"]))
    if "letter" in said:
        return _quarter_start(year, "abcd".index(said["letter"]) + 1)
    if "half" in said:
        return dt.date(year, 7 if said["half"] == "1" else 1, 1)
    month = said["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    return dt.date(year, number, int(said.get("day", "1")))


def _quarter_start(year: int, quarter: int) -> Date:
    return dt.date(year, 3 * quarter - 2, 1)


def _quarter_of(month: int) -> int:
    return (month + 2) // 3
