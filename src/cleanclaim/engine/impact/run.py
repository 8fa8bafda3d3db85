"""The same claims under two releases: checked twice, priced twice, and what is not the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.accept import Accepted
from cleanclaim.engine.collecting import collecting_later
from cleanclaim.engine.files import book_notes
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.impact.choose import Chosen
from cleanclaim.engine.impact.compare import Said, compared
from cleanclaim.engine.impact.days import DayLine, Days, days_of
from cleanclaim.engine.impact.model import ClaimImpact, Impact, LinePrice
from cleanclaim.engine.impact.parts import Input, Placed, opened, parts_of
from cleanclaim.engine.impact.prices import Allowed, Places, PriceList
from cleanclaim.engine.impact.tally import count_claim, ordered
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.shown import has_shape
from cleanclaim.engine.work import Work
from cleanclaim.errors import InternalError
from cleanclaim.index.lookup import OpenBook
from cleanclaim.index.pinned import PinnedBook
from cleanclaim.pricing.locality import locality_named
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import ClaimResult, Date, Finding


@dataclass(frozen=True, slots=True)
class Question:
    """The book, the two releases, the rules (None: all), and the locality of claims that show no place."""

    book: OpenBook
    chosen: Chosen
    rules: Sequence[LoadedRule] | None = None
    locality: str = ""


def impact_on_claims(claims: Sequence[Claim], question: Question) -> Impact:
    """What the new release changes on claims at hand, which must hold every claim of each patient they name.

    Raises InputError for a locality that is none.
    """
    return _Comparison(question).of(Input(), parts_of(claims))


def impact_on_files(
    paths: Iterable[str | Path], question: Question, *, forced: str | None = None, beside: Path | None = None
) -> Impact:
    """The same for claims files, archives, folders, or ``-`` for standard input.

    ``forced`` names the format to read them as; what large input needs on disk goes into ``beside`` meanwhile.
    Raises UnreadableFile when nothing at all could be read, InputError for a locality that is none.
    """
    comparison = _Comparison(question)
    with opened(list(paths), forced, beside) as (read_of, parts):
        return comparison.of(read_of, parts)


@dataclass(slots=True)
class _Side:
    """What one release says of a part of the claims: by the claim's number its result and its findings."""

    results: tuple[ClaimResult, ...] = ()
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    days: Days | None = None


class _Comparison:
    def __init__(self, question: Question) -> None:
        chosen = question.chosen
        self._question = question
        self._books = (PinnedBook(question.book, chosen.old_side), PinnedBook(question.book, chosen.new_side))
        self._places = Places(self._books, question.locality)
        self._prices = tuple(PriceList(book) for book in self._books)
        self._impact = Impact(chosen)
        self._whole = all(release.whole for release in (*chosen.old_side, *chosen.new_side))
        if question.locality:
            _must_be_known(question.locality, self._books, (chosen.old.covers_from, chosen.new.covers_from))

    def of(self, read_of: Input, parts: Iterator[list[Placed]]) -> Impact:
        """Compare part by part; then the claims that change stand in the order of the input."""
        impact, changes = self._impact, []
        many = 0
        for part in parts:
            with collecting_later():
                changes += self._part(part)
            many += len(part)
        impact.changes = [change for _, change in sorted(changes, key=itemgetter(0))]
        impact.rejects = tuple(read_of.rejects)
        impact.files = tuple(read_of.files)
        impact.unusable = tuple(read_of.unusable)
        impact.notes = (*impact.chosen.notes, *book_notes(self._question.book))
        if impact.claims != many or (impact.files and many != sum(count.reported for count in impact.files)):
            raise InternalError(f"{many} claims were read and {impact.claims} compared")
        return ordered(impact)

    def _part(self, part: Sequence[Placed]) -> list[tuple[int, ClaimImpact]]:
        claims = [claim for _, claim in part]
        old, new = (self._checked(claims, book, with_days=at == 0) for at, book in enumerate(self._books))
        assert old.days is not None
        lines = self._priced(old.days, claims)
        changes = []
        for number, (place, claim) in enumerate(part):
            kinds = self._impact.kinds
            kinds[claim.claim_type] = kinds.get(claim.claim_type, 0) + 1
            before, after = old.results[number], new.results[number]
            findings = compared(
                Said(before, old.findings.get(number, ())), Said(after, new.findings.get(number, ())), whole=self._whole
            )
            change = count_claim(self._impact, before, after, findings, lines.get(number, ()))
            if change is not None:
                changes.append((place, change))
        return changes

    def _checked(self, claims: Sequence[Claim], book: OpenBook, *, with_days: bool) -> _Side:
        side = _Side()

        def observe(work: Work, _: Sequence[Hit], accepted: Accepted) -> None:
            for hit in accepted.kept:
                side.findings.setdefault(hit.claim_number, []).append(hit.finding)
            if with_days:
                side.days = days_of(work)

        side.results = check_claims(claims, book, rules=self._question.rules, observe=observe).claims
        return side

    def _priced(self, days: Days, claims: Sequence[Claim]) -> dict[int, list[LinePrice]]:
        """By the number of each professional claim what its lines are allowed, every line of it."""
        made: dict[int, list[LinePrice]] = {}
        for date, lines in days.together:
            for of_place in _by_place(lines):
                self._price_together(date, of_place, made)
        nothing = Allowed(None)
        for entry in days.alone:
            claim = claims[entry.number]
            priced = _line_price(claim, entry.line, nothing, nothing, entry.reason)
            made.setdefault(entry.number, []).append(priced)
        for of_claim in made.values():
            of_claim.sort(key=lambda line: line.line)
        return made

    def _price_together(self, date: Date, lines: Sequence[DayLine], made: dict[int, list[LinePrice]]) -> None:
        *localities, how = self._places.of(date, lines[0].claim)
        self._impact.located[how] = self._impact.located.get(how, 0) + len(lines)
        old, new = (prices.of(date, locality, lines) for prices, locality in zip(self._prices, localities, strict=True))
        for entry, before, after in zip(lines, old, new, strict=True):
            self._impact.capped += before.capped or after.capped
            made.setdefault(entry.number, []).append(_line_price(entry.claim, entry.line, before, after))


def _by_place(lines: Sequence[DayLine]) -> list[list[DayLine]]:
    """Lines at one place; several claims of a day can be of several."""
    by_place: dict[tuple[str, str], list[DayLine]] = {}
    for line in lines:
        by_place.setdefault((line.claim.service_zip, line.claim.billing_zip), []).append(line)
    return list(by_place.values())


def _line_price(claim: Claim, line: ClaimLine, old: Allowed, new: Allowed, reason: str = "") -> LinePrice:
    npi = claim.rendered_by(line)
    return LinePrice(
        line.line_no,
        line.hcpcs,
        line.modifiers,
        line.units,
        npi if has_shape("npi", npi) else "",
        old.amount,
        new.amount,
        reason or old.reason,
        reason or new.reason,
    )


def _must_be_known(locality: str, books: tuple[PinnedBook, PinnedBook], days: tuple[Date | None, Date | None]) -> None:
    for book, day in zip(books, days, strict=True):
        if day is not None:
            locality_named(book.as_of(day), locality)
