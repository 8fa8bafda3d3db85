"""The report a biller reads: by claim, worst first; what to do, why, and where it is published."""

from __future__ import annotations

import heapq
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, groupby, islice
from typing import Final

import typer

from cleanclaim.render.dollars import (
    allowed_at_risk,
    allowed_in_words,
    allowed_of,
    allowed_together,
    dollars,
    many,
    name_of,
)
from cleanclaim.types import (
    Citation,
    ClaimResult,
    Finding,
    Money,
    NotChecked,
    Report,
    Reported,
    Severity,
    Total,
    Verdict,
)

_VERDICT_STYLE: Final[dict[Verdict, dict[str, object]]] = {
    Verdict.DENIED: {"fg": "red", "bold": True},
    Verdict.REVIEW: {"fg": "yellow", "bold": True},
    Verdict.NOT_CHECKED: {"fg": "magenta", "bold": True},
    Verdict.STALE: {"fg": "cyan", "bold": True},
    Verdict.CLEAN: {"fg": "green", "bold": True},
}
_SEVERITY_STYLE: Final[dict[Severity, str]] = {
    Severity.DENY: "red",
    Severity.REVIEW: "yellow",
    Severity.INFORM: "blue",
}
_VERDICT_WORDS: Final = {
    Verdict.DENIED: "DENIED",
    Verdict.REVIEW: "REVIEW",
    Verdict.NOT_CHECKED: "NOT CHECKED",
    Verdict.STALE: "STALE",
    Verdict.CLEAN: "CLEAN",
}
_ORDER: Final = tuple(Verdict)
_SOURCES: Final = {
    "ncci-ptp-practitioner": "NCCI PTP edits, practitioner",
    "ncci-ptp-outpatient": "NCCI PTP edits, outpatient hospital",
    "ncci-mue-practitioner": "Medically Unlikely Edits, practitioner",
    "ncci-mue-outpatient": "Medically Unlikely Edits, outpatient hospital",
    "ncci-mue-dme": "Medically Unlikely Edits, DME supplier",
    "ncci-aoc": "NCCI add-on code edits",
    "ncci-policy-manual": "NCCI Policy Manual",
    "mpfs-rvu": "Medicare Physician Fee Schedule",
    "mpfs-record-layout": "Medicare Physician Fee Schedule record layout",
    "hcpcs": "HCPCS Level II",
    "icd10cm": "ICD-10-CM",
    "pos": "CMS place of service codes",
    "icd10cm-guidelines": "ICD-10-CM guidelines",
    "icd10cm-notes": "ICD-10-CM tabular list",
    "icd10cm-tabular": "ICD-10-CM tabular list",
    "nucc-taxonomy": "NUCC provider taxonomy",
    "cms-change-request": "CMS change request",
    "cfr": "Code of Federal Regulations",
    "carc": "X12 claim adjustment reason codes",
    "rarc": "X12 remittance advice remark codes",
    "x12-837": "X12 837",
    "imaging-guidance": "cleanclaim imaging families",
    "convention": "Convention of the trade",
}
_MANY_GAPS: Final = 6
_MANY_ITEMS: Final = 3
_MANY_FINDINGS: Final = 10
_MOST_TOTALS: Final = 5
_TOTAL_COLUMNS: Final = (15, 15, 9, 8)
"""How wide the figures of a table of dollars are: they have room in 60 columns, with a rule's code before them."""


def render(report: Reported, *, width: int = 100, colour: bool = False, most: int | None = None) -> str:
    """The report as text, ``width`` columns wide, with terminal colours if asked.

    With ``most``, only so many claims are told one by one, the worst; the page says how many are left out.
    """
    return "\n".join(_Page(report, max(60, min(width, 120)), colour).lines(most)) + "\n"


def worst_of(report: Reported, most: int) -> tuple[Report, int]:
    """A report with the worst claims of one that may be on disk, and how many claims with findings that has."""
    with_findings = 0
    others: list[Finding] = []

    def told() -> Iterator[tuple[ClaimResult, list[Finding]]]:
        nonlocal with_findings
        groups = groupby(report.findings, key=lambda finding: (finding.at.file, finding.claim))
        wanted, findings = next(groups, (None, iter(())))
        for claim in report.claims:
            if wanted == (claim.file, claim.claim):
                with_findings += 1
                yield claim, list(findings)
                wanted, findings = next(groups, (None, iter(())))
        while wanted is not None:
            others.extend(findings)
            wanted, findings = next(groups, (None, iter(())))

    worst = heapq.nsmallest(most, told(), key=lambda entry: (_ORDER.index(entry[0].verdict), -entry[0].amount_at_risk))
    shown = Report(
        book=(),
        claims=tuple(claim for claim, _ in worst),
        findings=(*chain.from_iterable(findings for _, findings in worst), *others),
        rejects=tuple(islice(report.rejects, most)),
        lines=0,
    )
    return shown, with_findings


@dataclass(frozen=True)
class _Piece:
    """A piece of a heading, set apart from the one before it."""

    text: str
    style: dict[str, object] = field(default_factory=dict)
    apart: str = "  "


class _Page:
    def __init__(self, report: Reported, width: int, colour: bool) -> None:
        self.report = report
        self.shown = report
        self.width = width
        self.colour = colour

    def lines(self, most: int | None) -> Iterator[str]:
        with_findings = 0
        if most is not None:
            self.shown, with_findings = worst_of(self.report, most)
        by_claim: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.shown.findings:
            by_claim.setdefault((finding.at.file, finding.claim), []).append(finding)
        shown = [claim for claim in self.shown.claims if (claim.file, claim.claim) in by_claim]
        same: dict[tuple[str, str], list[ClaimResult]] = {}
        for claim in shown:
            same.setdefault((claim.file, claim.claim), []).append(claim)
        at_risk = {key: sum((one.amount_at_risk for one in claims), Decimal(0)) for key, claims in same.items()}
        shown.sort(
            key=lambda claim: (_ORDER.index(claim.verdict), -at_risk[claim.file, claim.claim], claim.file),
        )
        told: set[tuple[str, str]] = set()
        for claim in shown:
            key = (claim.file, claim.claim)
            if key not in told:  # two claims may bear one number: their findings stand together
                told.add(key)
                yield from self._claim(claim, by_claim[key], same[key], at_risk[key])
        yield from self._of_no_claim()
        yield from self._rejects()
        yield from self._left_out(with_findings)
        yield from self._summary()

    # --- one claim

    def _claim(
        self, claim: ClaimResult, findings: list[Finding], same: Sequence[ClaimResult], at_risk: Money
    ) -> Iterator[str]:
        head = [
            _Piece(_VERDICT_WORDS[claim.verdict], _VERDICT_STYLE[claim.verdict], apart=""),
            _Piece("claim"),
            _Piece(claim.claim, {"bold": True}, apart=" "),
            _Piece(claim.file),
        ]
        if at_risk:
            allowed = allowed_at_risk(allowed_together(same), sum(result.unpriced_lines for result in same))
            head.append(_Piece(f"billed and at risk: {dollars(at_risk)}", apart="   "))
            head += [_Piece(f"({allowed})", apart=" ")] if allowed else []
        yield from self._pieces(head, 2)
        for finding in findings:
            yield from self._finding(finding)
        if claim.not_checked:
            yield from self._field("not checked", "; ".join(gaps_by_reason(claim.not_checked)), indent=2)
        yield ""

    def _finding(self, finding: Finding) -> Iterator[str]:
        of_claim = "claim" if finding.claim else "entry"
        place = of_claim if finding.line is None else f"line {finding.line}"
        head = [
            _Piece(f"{finding.severity:6}", {"fg": _SEVERITY_STYLE[finding.severity]}, apart="  "),
            _Piece(f"{place:8}", apart=" "),
            _Piece(" with ".join(finding.codes[:2]), {"bold": True}, apart=" "),
            _Piece(f"{finding.rule} {finding.name}"),
        ]
        yield from self._pieces(head, 9)
        yield from self._wrapped(finding.message, 9)
        if finding.related_claims:
            yield from self._field("with", f"claim {', '.join(finding.related_claims)}")
        yield from self._field("do", finding.fix.text)
        if finding.adjustment is not None:
            adjustment = finding.adjustment
            remarks = f" with {', '.join(adjustment.rarc)}" if adjustment.rarc else ""
            appeal = f"; worth an appeal: {finding.appeal.worth}" if finding.appeal is not None else ""
            yield from self._field("denial", f"{adjustment.group}-{adjustment.carc}{remarks}{appeal}")
        if finding.documentation:
            more = len(finding.documentation) - _MANY_ITEMS
            told = [*finding.documentation[:_MANY_ITEMS], *([f"and {more} more"] if more > 0 else [])]
            yield from self._field("record", f"must show: {'; '.join(told)}")
        for number, citation in enumerate(finding.citations):
            yield from self._field("source" if number == 0 else "", cited(citation))

    def _field(self, name: str, text: str, indent: int = 9) -> Iterator[str]:
        label = f"{name:8}" if indent > 2 else f"{name}: "  # noqa: PLR2004 - the indent of a finding's fields
        first, *rest = self._fold(text, indent + len(label)) or [""]
        yield " " * indent + self._style(label, dim=True) + first
        yield from (" " * (indent + len(label)) + line for line in rest)

    def _wrapped(self, text: str, indent: int, **style: object) -> Iterator[str]:
        for line in self._fold(text, indent):
            yield " " * indent + self._style(line, **style)

    def _fold(self, text: str, indent: int) -> list[str]:
        return textwrap.wrap(_printable(text), self.width - indent, break_long_words=False, break_on_hyphens=False)

    def _pieces(self, pieces: list[_Piece], indent: int) -> Iterator[str]:
        """Pieces side by side; one that no longer fits begins a new line, ``indent`` columns in."""
        line, used = "", 0
        for piece in pieces:
            text, apart = _printable(piece.text), piece.apart
            if line and used + len(apart) + len(text) > self.width:
                yield line.rstrip()
                line, used, apart = "", 0, " " * indent
            line += apart + self._style(text, **piece.style)
            used += len(apart) + len(text)
        yield line.rstrip()

    # --- the end

    def _of_no_claim(self) -> Iterator[str]:
        """Findings on what was given besides claims: entries of a suppression file."""
        claims = {(claim.file, claim.claim) for claim in self.shown.claims}
        findings = [found for found in self.shown.findings if (found.at.file, found.claim) not in claims]
        for number, finding in enumerate(findings):
            if not number or finding.at.file != findings[number - 1].at.file:
                yield from self._pieces([_Piece(finding.at.file, {"bold": True}, apart="")], 2)
            yield from self._finding(finding)
        if findings:
            yield ""

    def _rejects(self) -> Iterator[str]:
        if not self.shown.rejects:
            return
        yield self._style("NOT READ", fg="red", bold=True)
        for reject in self.shown.rejects:
            where = reject.file + (f", byte {reject.byte:,}" if reject.byte is not None else "")
            claim = f" claim {reject.claim}" if reject.claim else ""
            yield from self._wrapped(f"{where}, {reject.segment}{claim}: {reject.reason}", 2)
        yield ""

    def _left_out(self, with_findings: int) -> Iterator[str]:
        """What a page of the worst claims does not tell, and how to get it."""
        claims = with_findings - len(self.shown.claims)
        rejects = len(self.report.rejects) - len(self.shown.rejects)
        left = [f"{many(claims, 'claim')} with findings"] if claims > 0 else []
        left += [many(rejects, "reject")] if rejects > 0 else []
        if left and self.shown is not self.report:
            yield from self._wrapped(
                f"Told above are the worst. Not told are {' and '.join(left)}: --format jsonl, csv or parquet has all.",
                0,
            )
            yield ""

    def _summary(self) -> Iterator[str]:
        report = self.report
        rejected = sum(reject.claims for reject in report.rejects)
        counts = [f"{report.count(verdict)} {words.lower()}" for verdict, words in _VERDICT_WORDS.items()]
        yield from self._wrapped(
            f"{many(len(report.claims), 'claim')}, {many(report.lines, 'line')}: {', '.join(counts)}.", 0, bold=True
        )
        if rejected:
            yield f"{many(rejected, 'claim')} could not be read."
        severities = Counter(finding.severity for finding in report.findings)
        if report.findings:
            told = ", ".join(f"{severities[severity]} {severity}" for severity in Severity if severities[severity])
            yield from self._wrapped(
                f"{many(len(report.findings), 'finding')}: {told}. "
                f"Billed on lines that would be denied: {dollars(report.amount_at_risk)}. "
                f"{allowed_in_words(report.totals)}",
                0,
            )
            yield from self._dollars()
        if report.set_aside:
            by = Counter(entry.by for entry in report.set_aside)
            told = ", ".join(f"{count:,} by {authority}" for authority, count in sorted(by.items()))
            yield from self._wrapped(f"{many(len(report.set_aside), 'finding')} set aside: {told}.", 0)
        yield from self._unchecked()
        yield from self._stale()
        for note in report.notes:
            yield from self._wrapped(note, 0)

    def _dollars(self) -> Iterator[str]:
        """Where most dollars are at risk, in a report with too many findings to add up by eye."""
        if len(self.report.findings) <= _MANY_FINDINGS:
            return
        totals = self.report.totals
        for title, entries in (("At risk by rule", totals.by_rule), ("At risk by code", totals.by_code)):
            at_risk = [entry for entry in entries if entry.amount_at_risk][:_MOST_TOTALS]
            if at_risk:
                yield ""
                yield self._row(title, "billed", "Medicare", "no price", "claims")
                yield from (self._total(entry) for entry in at_risk)
        yield ""

    def _total(self, entry: Total) -> str:
        unpriced = f"{entry.unpriced_lines:,}" if entry.unpriced_lines else ""
        cells = (dollars(entry.amount_at_risk), allowed_of(entry), unpriced, f"{entry.claims:,}")
        return self._row(f"  {name_of(entry)}", *cells)

    def _row(self, first: str, *cells: str) -> str:
        room = self.width - sum(_TOTAL_COLUMNS)
        shown = first if len(first) <= room else f"{first[: room - 3]}..."
        return f"{shown:{room}}" + "".join(f"{cell:>{wide}}" for cell, wide in zip(cells, _TOTAL_COLUMNS, strict=True))

    def _unchecked(self) -> Iterator[str]:
        families = Counter(family for claim in self.report.claims for family in {gap.what for gap in claim.not_checked})
        if families:
            told = ", ".join(f"{family} on {many(count, 'claim')}" for family, count in sorted(families.items()))
            yield from self._wrapped(f"Not checked for want of data: {told}.", 0)

    def _stale(self) -> Iterator[str]:
        uses = Counter(use for claim in self.report.claims for use in claim.stale)
        for use, count in sorted(uses.items(), key=lambda entry: (entry[0].source, entry[0].release)):
            until = f"covers services to {use.covers_to}" if use.covers_to else "does not cover these dates"
            name = source_name(use.source)
            yield from self._wrapped(
                f"Stale: {name} {use.release} {until}; used for {many(count, 'claim')} outside its dates.", 0
            )

    def _style(self, text: str, **style: object) -> str:
        return typer.style(text, **style) if self.colour else text  # type: ignore[arg-type]  # the keywords of typer.style


def source_name(source: str) -> str:
    """The name a reader knows a source by; its id where it has none."""
    return _SOURCES.get(source, source)


def cited(citation: Citation) -> str:
    """A citation in one line, with the source's name: ``NCCI Policy Manual 2026, IX.D.3: ...``."""
    head = " ".join(filter(None, [source_name(citation.source), citation.release]))
    where = f", {citation.locator}" if citation.locator else ""
    return f"{head}{where}: {citation.text}" if citation.text else f"{head}{where}"


def gaps_by_reason(gaps: Iterable[NotChecked]) -> list[str]:
    """What was not checked, lines and families with one reason told together."""
    by_line: dict[tuple[int | None, str], list[str]] = {}
    for gap in gaps:
        by_line.setdefault((gap.line, gap.why), []).append(gap.what)
    lines_of: dict[tuple[str, str], list[int | None]] = {}
    for (line, why), families in by_line.items():
        lines_of.setdefault((", ".join(families), why), []).append(line)
    told = [f"{_lines(lines)} {families} ({why})" for (families, why), lines in lines_of.items()]
    if len(told) > _MANY_GAPS:
        return [*told[:_MANY_GAPS], f"and {len(told) - _MANY_GAPS} more"]
    return told


def _lines(lines: Sequence[int | None]) -> str:
    if lines == [None]:
        return "claim"
    told = [*_runs([line for line in lines if line is not None]), *(["claim"] if None in lines else [])]
    return f"line {told[0]}" if len(lines) == 1 else f"lines {', '.join(told)}"


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """The numbers in their order, three and more that follow one another as ``1-3``."""
    for _, run in groupby(enumerate(numbers), lambda placed: placed[1] - placed[0]):
        first, *more = (number for _, number in run)
        yield from (f"{first}-{more[-1]}",) if len(more) > 1 else map(str, (first, *more))


def _printable(text: str) -> str:
    """Text of a claims file without the control characters that could steer a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else "?" for char in text)
