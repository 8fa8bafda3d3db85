"""Releases: what a publisher put out, which days it covers, and where our copy came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from cleanclaim.types import Date


@dataclass(frozen=True, slots=True)
class Release:
    """One published file (or set of parts) of a source, as loaded.

    ``covers_from`` and ``covers_to`` are the service dates for which the publisher issued it, both included.
    A null ``covers_from`` means that the release also carries the full history before it, with dates;
    a null ``covers_to`` means that the publisher gives the list no end.
    ``whole`` is True when the release lists everything its code set had; a part of a release, or the starter,
    speaks only for the codes it lists.
    ``published`` is the day the publisher released it, None where the file does not say; ``known_on``
    questions then use ``covers_from``.
    ``urls`` are the addresses the files were fetched from, ``files`` the published files, and ``tables`` the names
    of what the book keeps of them; where a release came in ``parts``, all have one entry for each, as has
    ``part_sha256``.
    """

    source: str
    release: str
    covers_from: Date | None
    covers_to: Date | None
    published: Date | None
    rows: int
    rejected: int
    sha256: str
    urls: tuple[str, ...] = ()
    licence: str = ""
    files: tuple[str, ...] = ()
    parts: tuple[int, ...] = ()
    part_sha256: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    whole: bool = True
    starter: bool = False
    notes: tuple[str, ...] = ()

    @property
    def known_from(self) -> Date | None:
        """The first day on which the release can be said to have been known."""
        return self.published or self.covers_from

    def known_on(self, day: Date | None) -> bool:
        """True when the release was out on ``day``, or no day is asked for."""
        return day is None or self.known_from is None or self.known_from <= day

    def covers(self, day: Date) -> bool:
        """True when the publisher issued this release for services on ``day``."""
        if self.covers_from is not None and day < self.covers_from:
            return False
        return self.covers_to is None or day <= self.covers_to

    def to_json(self) -> dict[str, Any]:
        """The manifest entry; :meth:`from_json` reads it back."""
        entry: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            entry[field.name] = value.isoformat() if isinstance(value, dt.date) else value
        return entry

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Release:
        """Read a manifest entry. Raises KeyError, TypeError or ValueError for what is none."""
        values = dict(entry)
        for name in ("covers_from", "covers_to", "published"):
            if values[name] is not None:
                values[name] = dt.date.fromisoformat(values[name])
        for name in ("urls", "files", "parts", "part_sha256", "tables", "notes"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


def quarter_span(release: str) -> tuple[Date, Date]:
    """First and last day of a quarter written ``2024Q3``."""
    year, quarter = int(release[:4]), int(release[5])
    first = dt.date(year, 3 * quarter - 2, 1)
    after = dt.date(year + quarter // 4, (3 * quarter) % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)
