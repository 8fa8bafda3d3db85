"""The report as rows of one table, for spreadsheets and warehouses: csv and Parquet write the same rows.

Nothing of the report is lost in them: every claim has a row whatever its verdict, and so has every finding, every edit
family that could not be checked, every release used outside its dates, every finding set aside, everything that could
not be read, every release of the book, and every note.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP
from enum import StrEnum
from itertools import islice
from typing import Any, Final, NamedTuple

from cleanclaim.engine.stream.results import Results, blocks_of
from cleanclaim.render.whole_text import whole_text
from cleanclaim.types import CENT, Change, Citation, ClaimResult, Finding, Money, Reported

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


def rows_of_result(result: ClaimResult) -> Iterator[Row]:
    """The rows of a claim: its own, then what was not checked of it, and the releases used outside their dates."""
    of_claim = {"file": result.file, "claim": result.claim, "payer": result.payer}
    yield {
        "kind": "claim",
        **of_claim,
        "verdict": str(result.verdict),
        "amount_at_risk": _cents(result.amount_at_risk),
        "claims": 1,
        "allowed_at_risk": _cents(result.allowed_at_risk),
        "unpriced_lines": result.unpriced_lines,
    }
    for gap in result.not_checked:
        yield {"kind": "not_checked", **of_claim, "line": gap.line, "rule": gap.what, "message": gap.why}
    for use in result.stale:
        named = {"source": use.source, "release": use.release, "covers_to": use.covers_to}
        yield {"kind": "stale", **of_claim, **named}


def rows_after_results(report: Reported) -> Iterator[Row]:
    """The rows after those of the claims, in order: findings, set aside, rejects, book, notes."""
    payers = _Payers(report)
    for finding in report.findings:
        yield {"kind": "finding", **_finding(finding, payers.of(finding))}
    payers = _Payers(report)
    for entry in report.set_aside:
        yield {
            "kind": "set_aside",
            **_finding(entry.finding, payers.of(entry.finding)),
            "set_aside_by": entry.by,
            "set_aside_source": entry.source,
            "set_aside_entry": entry.entry,
            "set_aside_reason": entry.reason,
            "set_aside_expires": entry.expires,
        }
    for reject in report.rejects:
        yield {
            "kind": "reject",
            "file": reject.file,
            "claim": reject.claim,
            "message": reject.reason,
            "byte": reject.byte,
            "segment": reject.segment,
            "claims": reject.claims,
        }
    for release in report.book:
        yield {"kind": "book", "source": release.source, "release": release.release, "starter": release.starter}
    for note in report.notes:
        yield {"kind": "note", "message": note}


def some_after_results(report: Reported) -> Iterator[list[Row]]:
    """The same rows, as many at a time as are worth making something of together."""
    left = rows_after_results(report)
    while some := list(islice(left, _ROWS_AT_ONCE)):
        yield some


class _Payers:
    """Whose the claim of a finding is, told by going through the claims beside the findings: both are in one order."""

    def __init__(self, report: Reported) -> None:
        self._report = report
        self._blocks = blocks_of(report)
        self._block = Results()
        self._at = -1
        """Which claim of the block was asked for last."""
        self._of_none: set[tuple[str, str]] = set()

    def of(self, finding: Finding) -> str | None:
        """The payer of the finding's claim; None where it is of no claim of the report."""
        file, claim = finding.at.file, finding.claim
        if not claim or (file, claim) in self._of_none:
            return None
        if not (self._is_at(file, claim) or self._found_ahead(file, claim)):
            self._blocks, self._block, self._at = blocks_of(self._report), Results(), -1
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
            with contextlib.suppress(ValueError):
                self._at = self._block.claims.index(claim, self._at + 1)
                if self._is_at(file, claim):
                    return True
                continue
            try:
                self._block, self._at = next(self._blocks), -1
            except StopIteration:
                self._block, self._at = Results(), -1
                return False


def _finding(entry: Finding, payer: str | None) -> Row:
    adjustment, appeal = entry.adjustment, entry.appeal
    return {
        "file": entry.at.file,
        "claim": entry.claim,
        "line": entry.line,
        "payer": payer,
        "severity": str(entry.severity),
        "rule": entry.rule,
        "name": entry.name,
        "codes": entry.codes,
        "message": entry.message,
        "fix_action": entry.fix.action,
        "fix_safety": entry.fix.safety,
        "fix_text": entry.fix.text,
        "changes": tuple(map(change_text, entry.fix.changes)),
        "documentation": entry.documentation,
        "group": None if adjustment is None else adjustment.group,
        "carc": None if adjustment is None else adjustment.carc,
        "rarc": None if adjustment is None else adjustment.rarc,
        "appealable": None if adjustment is None else adjustment.appealable,
        "appeal": None if appeal is None else appeal.worth,
        "appeal_why": None if appeal is None else appeal.why,
        "appeal_needs": None if appeal is None else appeal.needs,
        "amount_at_risk": _cents(entry.amount_at_risk),
        "allowed_at_risk": _cents(entry.allowed_at_risk),
        "allowed_reason": entry.allowed_reason,
        "related_lines": entry.related_lines,
        "related_claims": entry.related_claims,
        "citations": tuple(map(citation_text, entry.citations)),
        "byte": entry.at.byte,
        "segment": entry.at.segment,
    }


def _cents(amount: Money | None) -> Money | None:
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)


def change_text(change: Change) -> str:
    """A machine-applicable change in words: ``line 2 modifiers: 59 -> XS``, ``line 2: removed``."""
    place = "claim" if change.line is None else f"line {change.line}"
    if change.element == "line" and not change.new:
        return f"{place}: removed"
    return f"{place} {change.element}: {change.old or 'nothing'} -> {change.new or 'nothing'}"


def citation_text(cited: Citation) -> str:
    """A citation in one line, with the source's own id: ``ncci-ptp-practitioner 2024Q3, 43214/74360: ...``."""
    source, release, locator = cited.source, cited.release, cited.locator
    head = f"{source} {release}" if source and release else source or release
    where = f"{head}, {locator}" if head and locator else head or locator
    return f"{where}: {cited.text}" if cited.text else where


def fit(value: Any) -> Any:
    """A value whose texts every reader of UTF-8 can hold."""
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, tuple):
        return tuple(fit(entry) for entry in value)
    return value
