"""The report as rows of one table, for spreadsheets and warehouses: csv and Parquet write the same rows.

Nothing of the report is lost in them: every claim has a row whatever its verdict, and so has every finding, every edit
family that could not be checked, every release used outside its dates, every finding set aside, everything that could
not be read, every release of the book, and every note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final, NamedTuple

from cleanclaim.engine.stream.results import Results, blocks_of
from cleanclaim.engine.stream.values import (
    ASIDE,
    Columns,
    Repeated,
    Told,
    columns_of_findings,
    columns_set_aside,
    in_columns,
)
from cleanclaim.render.whole_text import whole_text
from cleanclaim.types import CENT, Change, Citation, ClaimResult, Date, Money, Reported

_ROWS_AT_ONCE: Final = 1_024
"""So many rows after those of the claims are made at a time."""

Row = dict[str, Any]
"""Values by column; a column that is absent, None or empty has nothing to say in this row."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    TEXTS = "list of text"
    INTEGER = "integer"
    INTEGERS = "list of integers"
    DOLLARS = "decimal, two places"
    DATE = "date"
    BOOLEAN = "boolean"


class Column(NamedTuple):
    """A column of the table."""

    name: str
    kind: Kind
    about: str


COLUMNS: Final = (
    Column("kind", Kind.TEXT, "What the row is: see above."),
    Column("file", Kind.TEXT, "The input file."),
    Column("claim", Kind.TEXT, "The claim number."),
    Column("line", Kind.INTEGER, "The claim line; empty when the whole claim is meant."),
    Column("payer", Kind.TEXT, "The payer's identifier, as the claim gives it."),
    Column("verdict", Kind.TEXT, "Of a claim: denied, review, not_checked, stale or clean."),
    Column("severity", Kind.TEXT, "Of a finding: deny, review or inform."),
    Column("rule", Kind.TEXT, "The rule's code; of a not_checked row, the edit family."),
    Column("name", Kind.TEXT, "The rule's name."),
    Column("codes", Kind.TEXTS, "The codes the finding is about."),
    Column("message", Kind.TEXT, "What was found; why a row was not checked or not read; a note."),
    Column("fix_action", Kind.TEXT, "What to do, in one word."),
    Column("fix_safety", Kind.TEXT, "safe, or review where someone must look first."),
    Column("fix_text", Kind.TEXT, "What to do."),
    Column("changes", Kind.TEXTS, "Changes a machine can make: `line 2 modifiers: 59 -> XS`."),
    Column("group", Kind.TEXT, "Group code of the denial to expect."),
    Column("carc", Kind.TEXT, "Claim adjustment reason code of that denial."),
    Column("rarc", Kind.TEXTS, "Its remittance advice remark codes."),
    Column("appealable", Kind.BOOLEAN, "Whether an appeal of it is a way at all: false where `appeal` is no."),
    Column("appeal", Kind.TEXT, "Whether an appeal is worth its work: yes, rarely or no."),
    Column("appeal_why", Kind.TEXT, "Why."),
    Column("appeal_needs", Kind.TEXTS, "What an appeal would need."),
    Column("documentation", Kind.TEXTS, "What the record must show."),
    Column("amount_at_risk", Kind.DOLLARS, "Dollars billed on what a denial stands on. Add up claim rows only."),
    Column("related_lines", Kind.INTEGERS, "Other lines of the claim it stands on."),
    Column("related_claims", Kind.TEXTS, "Other claims it stands on."),
    Column("citations", Kind.TEXTS, "Where it is published."),
    Column("byte", Kind.INTEGER, "Where in the decompressed file, counted from 0."),
    Column("segment", Kind.TEXT, "The segment or element there."),
    Column("set_aside_by", Kind.TEXT, "suppression or baseline."),
    Column("set_aside_source", Kind.TEXT, "The file that says so."),
    Column("set_aside_entry", Kind.TEXT, "Its entry."),
    Column("set_aside_reason", Kind.TEXT, "The reason given there."),
    Column("set_aside_expires", Kind.DATE, "The last day it holds."),
    Column("source", Kind.TEXT, "Of a book or stale row: the series."),
    Column("release", Kind.TEXT, "Of a book or stale row: the release."),
    Column("covers_to", Kind.DATE, "Of a stale row: the last service date the release covers."),
    Column("starter", Kind.BOOLEAN, "Of a book row: whether it is one of the embedded facts."),
    Column("claims", Kind.INTEGER, "How many claims the row counts: 1 for a claim; for a reject, those lost with it."),
    Column("allowed_at_risk", Kind.DOLLARS, "What the Medicare fee schedule allows of it, where it has a price."),
    Column("allowed_reason", Kind.TEXT, "Of a finding: why it has no price, or not for every line."),
    Column("unpriced_lines", Kind.INTEGER, "Of a claim: lines at risk without a price."),
)
KINDS: Final = {
    "claim": "a claim and its verdict",
    "finding": "a rule that fired",
    "not_checked": "an edit family that applies and could not be checked",
    "stale": "a release used for a claim outside its dates",
    "set_aside": "a finding that a suppression or a baseline accepts",
    "reject": "a claim, transaction or file that could not be read",
    "book": "a release the answers could draw on",
    "note": "a remark on the whole report",
}

_AS_SAID: Final = (
    "rule",
    "name",
    "claim",
    "line",
    "message",
    "codes",
    "related_lines",
    "related_claims",
    "allowed_reason",
    "documentation",
)
"""Columns of findings that are called as the values in them."""
_OF_REJECT: Final = {
    "file": "file",
    "claim": "claim",
    "message": "reason",
    "byte": "byte",
    "segment": "segment",
    "claims": "claims",
}
_OF_RELEASE: Final = {"source": "source", "release": "release", "starter": "starter"}


def rows_of_result(result: ClaimResult) -> Iterator[Row]:
    """The rows of a claim: its own, then what was not checked of it, and the releases used outside their dates."""
    of_claim = {"file": result.file, "claim": result.claim, "payer": result.payer}
    yield {
        "kind": "claim",
        **of_claim,
        "verdict": str(result.verdict),
        "claims": 1,
        **at_stake(result.amount_at_risk, result.allowed_at_risk, result.unpriced_lines),
    }
    for gap in result.not_checked:
        yield {"kind": "not_checked", **of_claim, "line": gap.line, "rule": gap.what, "message": gap.why}
    for use in result.stale:
        named = {"source": use.source, "release": use.release, "covers_to": use.covers_to}
        yield {"kind": "stale", **of_claim, **named}


def at_stake(billed: Money, allowed: Money | None, unpriced: int) -> Row:
    """What the row of a claim says of the dollars at stake."""
    return {"amount_at_risk": _cents(billed), "allowed_at_risk": _cents(allowed), "unpriced_lines": unpriced}


def columns_after_results(report: Reported) -> Iterator[Columns]:
    """The rows after those of the claims, in order: findings, set aside, rejects, book, notes.

    Together are rows of one kind, as many as are worth making something of at once. A column that is absent has nothing
    to say in any of them.
    """
    payers = _Payers(report)
    for findings in columns_of_findings(report, _ROWS_AT_ONCE):
        yield _of_findings("finding", findings, payers)
    payers = _Payers(report)
    for aside in columns_set_aside(report, _ROWS_AT_ONCE):
        yield _of_findings("set_aside", aside, payers) | {f"set_aside_{name}": aside[name] for name in ASIDE}
    yield from _of_records("reject", report.rejects, _OF_REJECT)
    yield from _of_records("book", report.book, _OF_RELEASE)
    for notes in in_columns(("message",), ((note,) for note in report.notes), _ROWS_AT_ONCE):
        yield _of_kind("note", notes) | notes


def _of_records(kind: str, records: Iterable[Any], named: Mapping[str, str]) -> Iterator[Columns]:
    """Of records of one kind, the columns that have the values of what is ``named``."""
    for told in in_columns(tuple(named), map(attrgetter(*named.values()), records), _ROWS_AT_ONCE):
        yield _of_kind(kind, told) | told


def _of_kind(kind: str, said: Columns) -> Columns:
    """The column that tells the kind of the rows that say this."""
    return {"kind": Repeated.always(kind, len(next(iter(said.values()))))}


class _Payers:
    """Whose the claims of findings are, told by going through the claims beside these: both are in one order."""

    def __init__(self, report: Reported) -> None:
        self._report = report
        self._begin()
        self._of_none: set[tuple[str, str]] = set()

    def _begin(self) -> None:
        self._blocks = blocks_of(self._report)
        self._block = Results()
        self._at = -1
        """Which claim of the block was asked for last."""

    def of(self, files: Iterable[str], claims: Iterable[str]) -> list[str | None]:
        """The payer of the claim of each finding; None where it is no claim of the report."""
        payers: list[str | None] = []
        before: tuple[str, str] | None = None
        for claim in zip(files, claims, strict=True):
            payers.append(payers[-1] if claim == before else self._payer(*claim))
            before = claim
        return payers

    def _payer(self, file: str, claim: str) -> str | None:
        if not claim or (file, claim) in self._of_none:
            return None
        if not (self._is_at(file, claim) or self._found_ahead(file, claim)):
            self._begin()
            if not self._found_ahead(file, claim):  # nor in a report whose findings are in another order
                self._of_none.add((file, claim))
                return None
        return self._block.templates[self._block.of_template[self._at]].payer

    def _is_at(self, file: str, claim: str) -> bool:
        block, at = self._block, self._at
        return at >= 0 and block.claims[at] == claim and block.files[block.of_file[at]] == file

    def _found_ahead(self, file: str, claim: str) -> bool:
        """Go on to the next claim of this number in this file, if there is one."""
        while True:
            block = self._block
            try:
                self._at = block.claims.index(claim, self._at + 1)
            except ValueError:
                next_block = next(self._blocks, None)
                self._block, self._at = next_block or Results(), -1
                if next_block is None:
                    return False
            else:
                if block.files[block.of_file[self._at]] == file:
                    return True


def _of_findings(kind: str, said: Columns, payers: _Payers) -> Columns:
    adjustment, appeal = said["adjustment"], said["appeal"]
    return {
        **_of_kind(kind, said),
        **{name: said[name] for name in _AS_SAID},
        "file": said["at.file"],
        "payer": payers.of(said["at.file"], said["claim"]),
        "severity": each(str, said["severity"]),
        "fix_action": said["fix.action"],
        "fix_safety": said["fix.safety"],
        "fix_text": said["fix.text"],
        "changes": each(_changes_text, said["fix.changes"]),
        **{name: _part(at, adjustment) for at, name in enumerate(("group", "carc", "rarc", "appealable"))},
        **{name: _part(at, appeal) for at, name in enumerate(("appeal", "appeal_why", "appeal_needs"))},
        "amount_at_risk": each(_cents, said["amount_at_risk"]),
        "allowed_at_risk": each(_cents, said["allowed_at_risk"]),
        "citations": each(_citations_text, said["citations"]),
        "byte": said["at.byte"],
        "segment": said["at.segment"],
    }


def each(make: Callable[[Any], Any], column: Told) -> Told:
    """A column of what is made of each value of another; of those that repeat, once."""
    return column.each(make) if isinstance(column, Repeated) else list(map(make, column))


def _part(at: int, records: Told) -> Told:
    """A column of what records have ``at`` so many; None where there is no record."""
    return each(lambda record: None if record is None else record[at], records)


def _cents(amount: Money | None) -> Money | None:
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)


def change_text(change: Change) -> str:
    """A machine-applicable change in words: ``line 2 modifiers: 59 -> XS``, ``line 2: removed``."""
    return _change_text(change.line, change.element, change.old, change.new)


def _changes_text(changes: Iterable[tuple[int | None, str, str, str]]) -> tuple[str, ...]:
    return tuple([_change_text(*change) for change in changes])


def _change_text(line: int | None, element: str, old: str, new: str) -> str:
    place = "claim" if line is None else f"line {line}"
    if element == "line" and not new:
        return f"{place}: removed"
    return f"{place} {element}: {old or 'nothing'} -> {new or 'nothing'}"


def citation_text(cited: Citation) -> str:
    """A citation in one line, with the source's own id: ``ncci-ptp-practitioner 2024Q3, 43214/74360: ...``."""
    return _citation_text(cited.source, cited.release, cited.locator, cited.valid_from, cited.valid_to, cited.text)


def _citations_text(citations: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple([_citation_text(*cited) for cited in citations])


def _citation_text(source: str, release: str, locator: str, _from: Date | None, _to: Date | None, text: str) -> str:
    head = f"{source} {release}" if source and release else source or release
    where = f"{head}, {locator}" if head and locator else head or locator
    return f"{where}: {text}" if text else where


def fit(value: Any) -> Any:
    """A value whose texts every reader of UTF-8 can hold."""
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, tuple):
        return tuple(fit(entry) for entry in value)
    return value
