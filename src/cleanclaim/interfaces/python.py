"""The Python door: ``cleanclaim.check`` and ``cleanclaim.Book``, over the same calls the command line makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cleanclaim.book.provenance import Release
from cleanclaim.book.store import BookStore
from cleanclaim.claims.changes import changed
from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.detect import about
from cleanclaim.engine.baseline import read_baseline
from cleanclaim.engine.files import check_paths
from cleanclaim.engine.fix.plan import FixPlan, plan_fixes, told
from cleanclaim.engine.input_files import LARGE
from cleanclaim.engine.pair import PairAnswer
from cleanclaim.engine.pair import pair as ask_pair
from cleanclaim.engine.price import price as ask_price
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.suppress import Suppressions, read_suppressions
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.pricing.model import Priced, Service, Terms
from cleanclaim.rules.registry import select_rules
from cleanclaim.types import Report, Setting

if TYPE_CHECKING:
    from cleanclaim.book.diff import Diff
    from cleanclaim.engine.code_page import CodePage
    from cleanclaim.engine.impact.model import Impact
    from cleanclaim.pages.ask import Answer
    from cleanclaim.pages.audit import PageAudit

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

    def code(self, code: str, service_date: dt.date, *, known_on: dt.date | None = None) -> CodePage:
        """Everything the book says of a procedure code, a diagnosis or a modifier, in sections.

        >>> import cleanclaim, datetime
        >>> page = cleanclaim.Book.open().code("62323", datetime.date(2026, 7, 15))
        >>> page.section("imaging_guidance").facts[0].value
        'included'

        Raises InputError for text that can be no code.
        """
        from cleanclaim.engine.code_page import code_page  # noqa: PLC0415 - a check needs no pages

        return code_page(self.opened, code, service_date, known_on=known_on, licensed=True)

    def ask(self, question: str, service_date: dt.date) -> Answer:
        """The answer to a question that coders ask, for services on a day, or on the day the question names.

        >>> import cleanclaim, datetime
        >>> answer = cleanclaim.Book.open().ask("is imaging included in 62323?", datetime.date(2026, 7, 15))
        >>> answer.answer, len(answer.citations)
        ('yes', 1)

        Raises InputError for a question that is empty or too long. What is not understood is an answer that says so.
        """
        from cleanclaim.pages.ask import ask  # noqa: PLC0415 - as above

        return ask(self.opened, question, service_date)

    def audit(self, page: str | Path | bytes, service_date: dt.date) -> PageAudit:
        """A published page held against the book: a file (text, Markdown, HTML, PDF), its bytes, or its text.

        >>> import cleanclaim, datetime
        >>> page = "CPT 62323 is done without imaging guidance."
        >>> audit = cleanclaim.Book.open().audit(page, datetime.date(2026, 7, 15))
        >>> [(found.verdict.value, found.quote) for found in audit.assertions]
        [('contradicted', 'CPT 62323 is done without imaging guidance.')]

        A Path is read; a str is the page's text. Raises UnreadableFile for what is no page.
        """
        from cleanclaim.pages.audit import audit_text  # noqa: PLC0415 - as above
        from cleanclaim.pages.reading import page_text  # noqa: PLC0415 - as above

        if isinstance(page, str):
            return audit_text(self.opened, page, service_date)
        name = page.name if isinstance(page, Path) else ""
        content = page.read_bytes() if isinstance(page, Path) else page
        return audit_text(self.opened, page_text(content, name or "the page"), service_date, page=name)

    def diff(self, source: str, old: str | dt.date, new: str | dt.date, *, codes: str | Sequence[str] = ()) -> Diff:
        """What changed between two releases of a source, or between those in force on two days.

        >>> import cleanclaim
        >>> told = cleanclaim.Book.open().diff("ncci-mue-practitioner", "2024Q3", "2026Q2", codes=["J1010", "J2001"])
        >>> [(change.key["hcpcs"], change.what) for change in told.changes()]
        [('J1010', 'added'), ('J2001', 'ended')]

        ``codes`` narrow it: a code, a range ``43200-43299``, or a beginning ``432*``. Counts are whole at once; the
        changes are made as they are asked for, so that millions of them cost no memory.

        Raises UnknownName for a source or release that the book does not hold, InputError for the same release twice or
        text that is no code, and BookError where a table of the book is damaged.
        """
        from cleanclaim.book import diff  # noqa: PLC0415 - it imports numpy and pyarrow

        store = self.opened.store or BookStore.locate()
        found = [diff.find_release(store.releases(), source, str(name)) for name in (old, new)]
        return diff.compare(store, found[0], found[1], [codes] if isinstance(codes, str) else codes)


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

    Files of 4 MiB or more in all are spread over a folder among the temporary files first, by their patients, and
    checked part by part, which is several times as fast. Only its owner can read it, and it is gone afterwards.

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
        InputError: when one of claims and history is paths and the other records; for a record that is no claim; for a
            file of suppressions or a baseline that cannot be used.
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
    if paths and (size := about([*paths, *earlier_paths])[0]) >= LARGE:
        from cleanclaim.engine.stream.check import Request  # noqa: PLC0415 - a small check does without
        from cleanclaim.engine.stream.tally import Accepting  # noqa: PLC0415 - the same
        from cleanclaim.engine.stream.whole import check_on_disk  # noqa: PLC0415 - the same

        named, before = tuple(map(str, paths)), tuple(map(str, earlier_paths))
        accepting = Accepting(set_aside, accepted)
        return check_on_disk(Request(named, opened, tuple(rules), known_on, None, before, accepting), size)
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


def price(
    services: str | Service | Iterable[str | Service],
    *,
    date: dt.date,
    locality: str = "",
    zip_code: str = "",
    pos: str = "",
    book: Book | None = None,
    terms: Terms | None = None,
    known_on: dt.date | None = None,
) -> Priced:
    """What Medicare allows for services of one patient, one physician and one day, with every step on the way.

    >>> import cleanclaim, datetime
    >>> day = datetime.date(2026, 7, 15)
    >>> priced = cleanclaim.price(["43214", "76942-26"], date=day, locality="national", pos="22")
    >>> [line.allowed for line in priced.lines], priced.total
    ([Decimal('168.34'), Decimal('31.40')], Decimal('199.74'))
    >>> priced.lines[0].fee.work_rvu, priced.lines[0].fee.conversion_factor
    (Decimal('3.32'), Decimal('33.4009'))

    Args:
        services: one or several, as ``cleanclaim price`` takes them (``"64483-50"``, ``"97110-GPx2"``,
            ``"00142-QZ@90min"``, ``"99213=180.00"``) or as :class:`~cleanclaim.pricing.model.Service` records. Give
            all of one patient, physician (or group and specialty) and day together: they change each other's price.
        date: the service date.
        locality: contractor and locality number (``"10112-00"``), or ``"national"``.
        zip_code: where the service was furnished, in place of ``locality``.
        pos: place of service of two digits, for the services that name none.
        book: the book to price by; by default the one :meth:`Book.open` opens.
        terms: who is paid, where it is not a participating physician at the usual conversion factor.
        known_on: use only releases published by this day.

    Returns:
        A line for each service in the order given. ``allowed`` is dollars to the cent before deductible and
        coinsurance, or None with the ``reason``; ``steps`` tell what was done to the amount and by whose word.

    Raises:
        InputError: for text that is no service, and for a place, locality or place of service that is not known.
    """
    asked = [services] if isinstance(services, str | Service) else list(services)
    return ask_price(
        (book or Book.open()).opened,
        asked,
        date,
        locality=locality,
        zip_code=zip_code,
        pos=pos,
        terms=terms,
        known_on=known_on,
    )


def impact(
    claims: Paths | Iterable[Claim],
    old: str,
    new: str,
    book: Book | None = None,
    *,
    source: str = "",
    only_this_source: bool = False,
    locality: str = "",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Impact:
    """What the next release of a source changes on these claims: findings, verdicts and prices under both releases.

    The claims are checked and priced twice, as though the old release bound on every day of service and as though the
    new one did; everything else is as on each claim's own day.

    Args:
        claims: a path or several (files, archives, folders), or :class:`~cleanclaim.claims.model.Claim` records; of
            every patient they name they must hold all claims.
        old: a loaded release, such as ``"RVU25D"``.
        new: another release of the same source, such as ``"RVU26C"``.
        book: the book with both; by default the one :meth:`Book.open` opens.
        source: the source both are of, where releases of several sources have these names.
        only_this_source: leave the releases of the same bundle (``GPCI2025`` with ``RVU25D``) as on each claim's day.
        locality: contractor and locality number (``"10112-00"``) of claims without a ZIP code that a loaded file knows;
            by default they are priced at national amounts.
        select: rule codes or family prefixes to apply; all by default.
        ignore: rule codes or family prefixes to leave out.

    Returns:
        The counts, the dollars by code, rule, provider and payer, and what changes on each claim. Dollars are what the
        Medicare fee schedule allows for the lines of professional claims, whoever the payer is.

    Raises:
        UnknownName: for a release, source, rule or family that is not there.
        InputError: where the two names are no two releases of one source, and for a locality that is none.
        UnreadableFile: when nothing at all could be read.
    """
    from cleanclaim.engine.impact.choose import choose  # noqa: PLC0415 - a check does not load what prices need
    from cleanclaim.engine.impact.run import Question, impact_on_claims, impact_on_files  # noqa: PLC0415 - as above

    opened = (book or Book.open()).opened
    chosen = choose(opened.releases, old, new, source=source, only_this_source=only_this_source)
    question = Question(opened, chosen, select_rules(select, ignore), locality)
    paths, records = _paths_and_records(claims)
    if paths and records:
        raise InputError("The claims must all be paths, or all be claim records.")
    return impact_on_files(paths, question) if paths else impact_on_claims(records, question)


def _paths_and_records(given: Paths | Iterable[Claim]) -> tuple[list[str | Path], list[Claim]]:
    entries: list[object] = [given] if isinstance(given, str | Path) else list(given)
    others = [type(entry).__name__ for entry in entries if not isinstance(entry, str | Path | Claim)]
    if others:  # else they would be left out without a word
        raise InputError(
            f"Claims are paths (str or Path) or cleanclaim.Claim records, and one is a {others[0]}. "
            "Other records can be written to a JSON lines file: docs/reference/claim-columns.md lists its columns."
        )
    return (
        [entry for entry in entries if isinstance(entry, str | Path)],
        [entry for entry in entries if isinstance(entry, Claim)],
    )
