"""Which releases are meant: by name, or by a day on which they are in force."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence

from cleanclaim.book.provenance import Release
from cleanclaim.errors import UnknownName
from cleanclaim.types import Date


def find_release(releases: Sequence[Release], source: str, name: str) -> Release:
    """The release of ``source`` that is called ``name``, or is in force on it where it is a day (YYYY-MM-DD).

    The user's own comes before the starter's. Raises UnknownName with what there is.
    """
    held = releases_of(releases, source)
    for release in held:
        if release.release.upper() == name.strip().upper():
            return release
    named = ", ".join(dict.fromkeys(release.release for release in held))
    try:
        day = dt.date.fromisoformat(name.strip())
    except ValueError:
        raise UnknownName(
            f"The book holds no release {name!r} of {source}. It holds {named}; `cleanclaim data load` loads others."
        ) from None
    found = in_force_on(held, day)
    if found is None:
        raise UnknownName(f"No release of {source} in the book covers {day}. It holds {named}.")
    return found


def releases_of(releases: Sequence[Release], source: str) -> list[Release]:
    """The releases of a source, the user's own first. Raises UnknownName where there is none, with the nearest name."""
    held = [release for release in releases if release.source == source.strip().lower()]
    if held:
        return held
    sources = sorted({release.source for release in releases})
    near = difflib.get_close_matches(source.lower(), sources, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"It holds: {', '.join(sources)}."
    raise UnknownName(f"The book holds no release of {source!r}. {hint}")


def in_force_on(releases: Sequence[Release], day: Date) -> Release | None:
    """Of the releases of one source the one for services on ``day``: whole before a part, the latest before others."""
    covering = [release for release in releases if release.covers(day)]
    return max(
        covering,
        key=lambda release: (release.whole, not release.starter, release.covers_from or dt.date.min),
        default=None,
    )
