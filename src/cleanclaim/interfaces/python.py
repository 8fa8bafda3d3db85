"""The Python door: ``cleanclaim.check`` and ``cleanclaim.Book``, over the same calls the command line makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from cleanclaim.book.provenance import Release
from cleanclaim.claims.model import Claim
from cleanclaim.engine.files import check_paths
from cleanclaim.engine.pair import PairAnswer
from cleanclaim.engine.pair import pair as ask_pair
from cleanclaim.engine.run import check_claims
from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.rules.registry import select_rules
from cleanclaim.types import Report, Setting

Paths = str | Path | Sequence[str | Path]


class Book:
    """The book, opened for questions.

    Open it once and keep it: opening maps an index file into memory, every lookup after that takes microseconds.
    """

    def __init__(self, opened: OpenBook) -> None:
        self.opened = opened

    @classmethod
    def open(cls, folder: Path | str | None = None, *, with_starter: bool | None = None) -> Book:
        """Open the book in ``folder``; without one that of CLEANCLAIM_BOOK, else your data folder.

        With nothing loaded there the book is the starter. Raises BookError when the book is damaged.
        """
        return cls(OpenBook.open(folder, with_starter=with_starter))

    @property
    def releases(self) -> tuple[Release, ...]:
        """Every release the book can answer from."""
        return self.opened.releases

    def as_of(self, service_date: dt.date, known_on: dt.date | None = None) -> DayBook:
        """The book for services on a day, as it was known on ``known_on`` (default: all that is loaded)."""
        return self.opened.as_of(service_date, known_on)

    def pair(
        self,
        code_a: str,
        code_b: str,
        service_date: dt.date,
        *,
        setting: str = "practitioner",
        modifiers_a: Sequence[str] = (),
        modifiers_b: Sequence[str] = (),
        known_on: dt.date | None = None,
    ) -> PairAnswer:
        """The NCCI edit between two codes for one patient, provider and day.

        Raises InputError for text that cannot be a procedure code.
        """
        return ask_pair(
            self.opened,
            code_a,
            code_b,
            service_date,
            setting=Setting(setting),
            modifiers_a=tuple(modifiers_a),
            modifiers_b=tuple(modifiers_b),
            known_on=known_on,
        )


def check(
    claims: Paths | Iterable[Claim],
    book: Book | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    known_on: dt.date | None = None,
) -> Report:
    """Check claims and report.

    Args:
        claims: a path or several (files, archives, folders), or :class:`~cleanclaim.claims.model.Claim` records;
            of every patient they name they must hold all claims, since edits look across claims of one day.
        book: the book to check against; by default the one :meth:`Book.open` opens.
        select: rule codes or family prefixes to apply; all by default.
        ignore: rule codes or family prefixes to leave out.
        known_on: use only releases published by this day.

    Raises:
        UnreadableFile: when nothing at all could be read.
        UnknownName: for a rule or family that does not exist.
    """
    opened = (book or Book.open()).opened
    rules = select_rules(select, ignore)
    if isinstance(claims, str | Path):
        return check_paths([claims], opened, rules=rules, known_on=known_on).report
    given = list(claims)
    paths = [entry for entry in given if isinstance(entry, str | Path)]
    if paths:
        return check_paths(paths, opened, rules=rules, known_on=known_on).report
    records = [entry for entry in given if isinstance(entry, Claim)]
    return check_claims(records, opened, rules=rules, known_on=known_on)
