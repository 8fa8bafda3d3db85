"""What a comparison of two releases says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cleanclaim.book.diff.described import Described
from cleanclaim.book.provenance import Release
from cleanclaim.types import Citation, Date

Value = str | int | bool | Decimal | Date | None
"""A cell of a table; None where the publisher states none."""

ADDED: Final = "added"
ENDED: Final = "ended"
BETWEEN: Final = "between"
CHANGED: Final = "changed"
WHATS: Final = (ADDED, ENDED, BETWEEN, CHANGED)
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Difference:
    """A column that differs, and its value in both releases."""

    column: str
    old: Value
    new: Value

    @property
    def difference(self) -> Decimal | int | None:
        """New less old; None for what is no number or stands on one side only."""
        if isinstance(self.old, bool) or isinstance(self.new, bool):
            return None
        if isinstance(self.old, int) and isinstance(self.new, int):
            return self.new - self.old
        if isinstance(self.old, Decimal) and isinstance(self.new, Decimal):
            return self.new - self.old
        return None

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of the old value, to one decimal; None where there is no old value above 0."""
        told = self.difference
        if told is None or not isinstance(self.old, int | Decimal) or not self.old:
            return None
        return (Decimal(told) * 100 / Decimal(self.old)).quantize(_TENTH)


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A row of one of the releases: its number in the published file, and what it says besides its key."""

    row: int
    values: Mapping[str, Value]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that the two releases tell differently.

    ``what`` is ``added`` (in force by the new release only), ``ended`` (by the old one only), ``between`` (it began and
    ended between the two) or ``changed``, with the columns that differ in ``differences``. ``kinds`` are the names that
    readers of the source give to it. ``old`` and ``new`` are the rows, None where a release lists none; ``note`` says
    what no row can.
    """

    what: str
    kinds: tuple[str, ...]
    key: Mapping[str, str]
    differences: tuple[Difference, ...]
    old: PublishedRow | None
    new: PublishedRow | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many facts there are and what became of them.

    ``old`` and ``new`` count the facts in force by each release. ``old`` = ended + changed + unchanged +
    ``untold_new`` + ``unreadable_new``; ``new`` = added + changed + unchanged + ``untold_old`` + ``unreadable_old``.
    ``untold_old``: facts of the new release of which the old one, being a part, cannot tell whether it had them;
    ``untold_new`` the other way round. ``unreadable``: the other release lists the fact in a row that was rejected on
    loading. ``kinds`` and ``columns`` count the changed facts; one of them may count in several.
    """

    old: int
    new: int
    added: int
    ended: int
    between: int
    changed: int
    unchanged: int
    untold_old: int
    untold_new: int
    unreadable_old: int
    unreadable_new: int
    kinds: Mapping[str, int]
    columns: Mapping[str, int]

    def of(self, what: str) -> int:
        """How many facts were added, ended, changed, or were in force between the releases only."""
        return {ADDED: self.added, ENDED: self.ended, BETWEEN: self.between, CHANGED: self.changed}[what]


@dataclass(frozen=True, slots=True)
class FamilyCount:
    """What became of the facts of one code, or of one family of codes."""

    name: str
    added: int
    ended: int
    between: int
    changed: int

    @classmethod
    def of(cls, name: str, tally: Mapping[str, int]) -> FamilyCount:
        """From counts by what became of the facts."""
        return cls(name, *(tally.get(what, 0) for what in WHATS))

    @property
    def total(self) -> int:
        """All changes."""
        return self.added + self.ended + self.between + self.changed


@dataclass(frozen=True, slots=True)
class Head:
    """Which releases of what were compared, and what holds for all of their rows.

    ``told_once`` are columns that have one value in each of the releases. ``not_compared`` are columns of which one
    release (``old`` or ``new``) says nothing at all. ``codes`` are those the comparison was narrowed to.
    """

    source: str
    described: Described
    old: Release
    new: Release
    told_once: tuple[Difference, ...]
    not_compared: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    notes: tuple[str, ...]
