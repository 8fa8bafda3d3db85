"""Every source of a book at once: the release in force on one day against that on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleanclaim.book.diff.compare import compare
from cleanclaim.book.diff.releases import in_force_on
from cleanclaim.book.diff.result import Diff
from cleanclaim.book.store import BookStore
from cleanclaim.types import Date


@dataclass(frozen=True, slots=True)
class BetweenDays:
    """The sources with another release on the second day; those with the same; and those without one on some day."""

    diffs: tuple[Diff, ...]
    same: tuple[str, ...]
    not_covered: tuple[str, ...]


def between_days(store: BookStore, old: Date, new: Date, codes: Sequence[str] = ()) -> BetweenDays:
    """What changed in each source of the book between the releases in force on two days.

    Raises InputError for codes of no known form, BookError where a table of the book is damaged.
    """
    diffs, same, not_covered = [], [], []
    releases = store.releases()
    for source in sorted({release.source for release in releases}):
        held = [release for release in releases if release.source == source]
        before, after = in_force_on(held, old), in_force_on(held, new)
        if before is None or after is None:
            not_covered.append(source)
        elif before == after:
            same.append(source)
        else:
            diffs.append(compare(store, before, after, codes))
    return BetweenDays(tuple(diffs), tuple(same), tuple(not_covered))
