"""The Python door: ``cleanclaim.check`` and ``cleanclaim.Book``, over the same calls the command line makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleanclaim.book.provenance import Release
from cleanclaim.book.store import BookStore
from cleanclaim.claims.changes import changed
from cleanclaim.claims.model import Claim
from cleanclaim.engine.baseline import read_baseline
from cleanclaim.engine.files import check_paths
from cleanclaim.engine.fix.plan import FixPlan, plan_fixes, told
from cleanclaim.engine.pair import PairAnswer
from cleanclaim.engine.pair import pair as ask_pair
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.suppress import Suppressions, read_suppressions
from cleanclaim.errors import InputError
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
    def open(
        cls,
        folder: Path | str | None = None,
        *,
        with_starter: bool | None = None,
        policies: Paths = (),
        payer: str = "",
    ) -> Book:
        """Open the book in ``folder``; without one that of CLEANCLAIM_BOOK, else your data folder.

        With nothing loaded there the book is the starter. ``policies`` are payer policies of yours, files or folders,
        beside those that come with the package; without any, those that CLEANCLAIM_POLICIES names. ``payer`` takes
        every claim as one payer's. Raises BookError when the book is damaged, InputError for a folder that is not there
        or a policy that is refused, and UnknownName for a payer without one.
        """
        if folder:
            BookStore.to_read(folder, named="Book.open")
        opened = OpenBook.open(folder, with_starter=with_starter)
        opened.use_policies([policies] if isinstance(policies, str | Path) else policies, payer)
        return cls(opened)

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
    history: Paths | Iterable[Claim] | None = None,
    suppressions: Paths = (),
    baseline: str | Path | None = None,
    today: dt.date | None = None,
) -> Report:
    """Check claims and report.

    Args:
        claims: a path or several (files, archives, folders), or :class:`~cleanclaim.claims.model.Claim` records;
            of every patient they name they must hold all claims, since edits look across claims of one day.
        book: the book to check against; by default the one :meth:`Book.open` opens.
        select: rule codes or family prefixes to apply; all by default.
        ignore: rule codes or family prefixes to leave out.
        known_on: use only releases published by this day.
        history: claims sent before, as paths (where ``claims`` are paths) or records: they take part wherever edits
            look across claims of one patient, and are not reported. Give it whole, or not at all.
        suppressions: files of findings to set aside, each with its reason (docs/how-to/suppress-and-baseline.md).
        baseline: a file of findings accepted before: only others are reported.
        today: the day by which suppressions expire; by default the day it is.

    Raises:
        InputError: when one of claims and history is paths and the other records; for a file of suppressions or a
            baseline that cannot be used.
        UnreadableFile: when nothing at all could be read.
        UnknownName: for a rule or family that does not exist.
    """
    opened = (book or Book.open()).opened
    rules = select_rules(select, ignore)
    paths, records = _paths_and_records(claims)
    earlier_paths, earlier = _paths_and_records(history if history is not None else ())
    if (paths and earlier) or (records and earlier_paths):
        raise InputError("The claims and their history must both be paths, or both be claim records.")
    set_aside = _suppressions(suppressions, today)
    accepted = None if baseline is None else read_baseline(baseline)
    if paths:
        return check_paths(
            paths,
            opened,
            rules=rules,
            known_on=known_on,
            history=earlier_paths,
            suppressions=set_aside,
            baseline=accepted,
        ).report
    return check_claims(
        records,
        opened,
        rules=rules,
        known_on=known_on,
        history=None if history is None else earlier,
        suppressions=set_aside,
        baseline=accepted,
    )


def _suppressions(paths: Paths, today: dt.date | None) -> Suppressions | None:
    entries = [paths] if isinstance(paths, str | Path) else list(paths)
    if not entries:
        return None
    return read_suppressions(entries, today or dt.datetime.now().astimezone().date())


@dataclass(frozen=True, slots=True)
class Fixed:
    """Claims with fixes made in them. ``notes`` tell each change and each finding that was left, in a sentence."""

    claims: tuple[Claim, ...]
    plan: FixPlan
    notes: tuple[str, ...]


def fix(claims: Iterable[Claim], report: Report, *, unsafe: bool = False) -> Fixed:
    """Make the changes that the findings of a report offer for the claims it was made of.

    Args:
        claims: the claims that were checked, as :class:`~cleanclaim.claims.model.Claim` records.
        report: what :func:`check` said of them.
        unsafe: make also changes that someone must look at first. Only then 59, 25 or an X modifier is ever added.

    ``cleanclaim check --fix --fixed FILE`` brings the same changes into an 837 file.
    """
    given = list(claims)
    plan = plan_fixes(report.findings, given, unsafe=unsafe)
    changes = {id(entry.claim): entry.changes for entry in plan.claims}
    made = tuple(changed(claim, changes[id(claim)]) if id(claim) in changes else claim for claim in given)
    return Fixed(made, plan, tuple(told(plan)))


def _paths_and_records(given: Paths | Iterable[Claim]) -> tuple[list[str | Path], list[Claim]]:
    entries = [given] if isinstance(given, str | Path) else list(given)
    return (
        [entry for entry in entries if isinstance(entry, str | Path)],
        [entry for entry in entries if isinstance(entry, Claim)],
    )
