"""The book answered the slow way: by reading every row. Written from ARCHITECTURE ("The book"), not from the index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cleanclaim.book.provenance import Release
from cleanclaim.types import State

CODE_LISTS = {
    # source: (column that holds the codes, whether rows are dated, whether it is a list of codes itself)
    "ncci-mue-practitioner": ("hcpcs", False, False),
    "ncci-aoc": ("add_on", True, False),
    "mpfs-rvu": ("hcpcs", False, True),
    "hcpcs": ("hcpcs", True, True),
}


@dataclass(frozen=True)
class Shelf:
    """A release and its rows."""

    release: Release
    rows: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Found:
    """What the scan found: rows in force, of which release."""

    state: State
    rows: tuple[dict[str, Any], ...] = ()
    release: Release | None = None
    stale: bool = False


def binds(row: dict[str, Any], day: dt.date) -> bool:
    return (row["valid_from"] is None or row["valid_from"] <= day) and (
        row["valid_to"] is None or day <= row["valid_to"]
    )


def deletion(row: dict[str, Any]) -> dt.date:
    return row["valid_to"] or dt.date.max


def preference(release: Release, day: dt.date) -> tuple[Any, ...]:
    """Which release is asked first: issued for the day, else the last before it, else the first after it."""
    start = release.covers_from or dt.date.min
    if release.covers(day):
        rank, distance = 0, dt.date.max - start
    elif start <= day:
        rank, distance = 1, dt.date.max - start
    else:
        rank, distance = 2, start - dt.date.min
    return rank, distance, not release.whole, release.starter


def existed(shelves: Sequence[Shelf], code: str, by: dt.date | None, starter_codes: Sequence[str]) -> bool:
    """A list of codes, or a whole release of pairs, shows that there was such a code by the day."""
    for shelf in shelves:
        if shelf.release.source not in CODE_LISTS:
            began, latest = shelf.release.covers_from, None if by is None else by + dt.timedelta(days=92)
            in_time = latest is None or began is None or began <= latest
            if shelf.release.whole and in_time and code in listed(shelf, ["column_one", "column_two"], starter_codes):
                return True
            continue
        column, _, _ = CODE_LISTS[shelf.release.source]
        columns = [column, "primary"] if shelf.release.source == "ncci-aoc" else [column]
        for row in shelf.rows:
            if code not in [row[name] for name in columns]:
                continue
            if shelf.release.source == "hcpcs" and row["valid_from"] is not None:
                began, latest = row["valid_from"], by
            else:  # a list that does not say when: of the quarter after, it still shows what there was
                began, latest = shelf.release.covers_from, None if by is None else by + dt.timedelta(days=92)
            if latest is None or began is None or began <= latest:
                return True
    return False


def look_up(
    shelves: Sequence[Shelf],
    source: str,
    key: dict[str, str],
    *,
    day: dt.date,
    known_on: dt.date | None,
    starter_codes: Sequence[str],
) -> Found:
    dated = source == "ncci-ptp-practitioner" or CODE_LISTS[source][1]
    asked = [shelf for shelf in shelves if shelf.release.source == source]
    if known_on is not None:
        asked = [
            shelf
            for shelf in asked
            if (first := shelf.release.published or shelf.release.covers_from) is None or first <= known_on
        ]
    if not dated:  # a release without a history never answers for a day before its own
        asked = [shelf for shelf in asked if (shelf.release.covers_from or dt.date.min) <= day]
    asked.sort(key=lambda shelf: preference(shelf.release, day))
    for shelf in asked:
        release, stale = shelf.release, not shelf.release.covers(day)
        rows = [row for row in shelf.rows if all(row[name] == text for name, text in key.items())]
        if dated:
            rows = sorted((row for row in rows if binds(row, day)), key=deletion)
        if rows:
            return Found(State.KNOWN, tuple(rows), release, stale)
        if all(_speaks(shelves, shelf, code, list(key), starter_codes) for code in key.values()):
            return Found(State.NOT_APPLICABLE, (), release, stale)
    return Found(State.NO_DATA)


def _speaks(
    shelves: Sequence[Shelf], shelf: Shelf, code: str, columns: list[str], starter_codes: Sequence[str]
) -> bool:
    """A release speaks for a code: one it lists, or, when it is whole, any its code set had."""
    release = shelf.release
    if release.whole and CODE_LISTS.get(release.source, ("", False, False))[2]:
        return True
    if code in listed(shelf, columns, starter_codes):
        return True
    return release.whole and existed(shelves, code, release.covers_to, starter_codes)


def listed(shelf: Shelf, columns: list[str], starter_codes: Sequence[str]) -> set[str]:
    """The codes a release lists; a part of the pairs lists those of Column One, of which it has every pair."""
    if shelf.release.starter:
        return set(starter_codes)
    return {row[name] for row in shelf.rows for name in (columns if shelf.release.whole else columns[:1])}
