"""The report as one page that needs nothing but a browser: no network, no server, no other file.

The page forbids itself everything but its own style and its own script (Content-Security-Policy), so that nothing in a
claims file can make it load or run anything. The script only filters and folds: without it the page says the same.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.render.by_claim import ClaimView, by_claim
from cleanclaim.render.dollars import allowed_at_risk, allowed_in_words, allowed_of, dollars, many, name_of
from cleanclaim.render.rows import change_text
from cleanclaim.render.text_report import cited, gaps_by_reason, source_name
from cleanclaim.render.whole_text import whole_text
from cleanclaim.types import Finding, Report, Severity, StaleUse, Total, Verdict

if TYPE_CHECKING:
    from jinja2 import Template

FINDINGS_SHOWN: Final = 1000
"""A page with more becomes slow to search on a phone (each finding is 1 to 2 kB)."""
FINDINGS_OF_A_CLAIM: Final = 40
"""One claim number with very many findings (a test file's, often) must not fill the page."""
ROWS_SHOWN: Final = 500
"""How many rows a table of the page has at most."""
_BARS: Final = 12
_TEMPLATES: Final = Path(__file__).parent / "templates"
_MEANING: Final = {
    Verdict.DENIED: "a published edit would deny a line",
    Verdict.REVIEW: "someone must look before it is sent",
    Verdict.NOT_CHECKED: "the book lacks data for an edit that applies",
    Verdict.STALE: "checked, in part by a release outside its dates",
    Verdict.CLEAN: "all that applies was checked, nothing found",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: its parts are shares of the chart's longest bar, in per cent."""

    label: str
    told: str
    parts: tuple[tuple[str, float, float], ...]
    """(severity, where it begins, how long it is)"""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with a title; ``rest`` says what it leaves out, or how to read it."""

    title: str
    bars: tuple[Bar, ...]
    rest: str


def render(report: Report, *, made: dt.datetime) -> bytes:
    """The page in UTF-8; ``made`` is the moment of the check. It shows the worst findings first and says its cuts."""
    views = by_claim(report)
    told = [view for view in views if view.findings]
    shown = _worst(told)
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    page = _template().render(
        report=report,
        made=made,
        style=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        tiles=[(verdict, report.count(verdict), meaning) for verdict, meaning in _MEANING.items()],
        severities=Counter(str(finding.severity) for finding in report.findings),
        rejected=sum(entry.claims for entry in report.rejects),
        charts=list(_charts(report)),
        allowed=allowed_in_words(report.totals),
        totals=_totals(report),
        claims=shown,
        claims_told=len(told),
        findings_shown=sum(len(findings) for _, findings in shown),
        others=[view for view in views if not view.findings],
        rows_shown=ROWS_SHOWN,
        gaps=_gaps(report),
        stale=_stale(report),
    )
    return page.encode()


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - for this format only

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: whole_text(value) if isinstance(value, str) and type(value) is str else value,
    )
    environment.filters |= {
        "dollars": dollars,
        "allowed": allowed_of,
        "allowed_at_risk": lambda view: allowed_at_risk(view.allowed_at_risk, view.unpriced_lines),
        "label": name_of,
        "many": many,
        "cited": cited,
        "change": change_text,
        "gaps": gaps_by_reason,
        "source": source_name,
        "words": lambda name: str(name).replace("_", " "),
    }
    return environment.get_template("report.html")


def _worst(views: Iterable[ClaimView]) -> list[tuple[ClaimView, tuple[Finding, ...]]]:
    """The claims whose findings are shown, each with those there is room for."""
    shown, room = [], FINDINGS_SHOWN
    for view in views:
        if not room:
            break
        findings = view.findings[: min(room, FINDINGS_OF_A_CLAIM)]
        shown.append((view, findings))
        room -= len(findings)
    return shown


# --- charts


def _charts(report: Report) -> Iterable[Chart]:
    payers = {(result.file, result.claim): result.payer or "not named" for result in report.claims}

    def payer(finding: Finding) -> str:
        return payers.get((finding.at.file, finding.claim), "not named")

    def rule(finding: Finding) -> str:
        return f"{finding.rule} {finding.name}"

    if report.findings:
        yield _chart("Findings by rule", _count(report.findings, rule), "{:,}")
        yield _chart("Findings by payer", _count(report.findings, payer), "{:,}")
    for title, totals, told in (
        ("Dollars at risk by rule", report.totals.by_rule, "A line with several findings counts under each rule."),
        ("Dollars at risk by payer", report.totals.by_payer, ""),
    ):
        parts = {name_of(total): {"deny": total.amount_at_risk} for total in totals if total.amount_at_risk}
        if parts:
            chart = _chart(title, parts, "${:,.2f}")
            yield replace(chart, rest=f"{chart.rest} {told}".strip())


def _count(findings: Iterable[Finding], label: Any) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for finding in findings:
        parts = counted.setdefault(label(finding), dict.fromkeys(map(str, Severity), 0))
        parts[str(finding.severity)] += 1
    return counted


def _chart(title: str, values: Mapping[str, Mapping[str, Any]], form: str) -> Chart:
    """The longest bars, longest first."""
    ranked = sorted(values.items(), key=lambda entry: (-sum(entry[1].values()), entry[0]))
    longest = float(sum(ranked[0][1].values()))
    bars = []
    for label, by_severity in ranked[:_BARS]:
        parts, begins = [], 0.0
        for severity, value in by_severity.items():
            share = round(100 * float(value) / longest, 2)
            if share:
                parts.append((severity, begins, share))
            begins = round(begins + share, 2)
        bars.append(Bar(label, form.format(sum(by_severity.values())), tuple(parts)))
    left = len(ranked) - _BARS
    return Chart(title, tuple(bars), f"And {left} more." if left > 0 else "")


# --- dollars


def _totals(report: Report) -> list[tuple[str, list[Total], int]]:
    """What each table of dollars is by, its rows with dollars at risk, and how many more there are."""
    totals = report.totals
    tables = []
    for by, entries in (
        ("Rule", totals.by_rule),
        ("Payer", totals.by_payer),
        ("Provider (NPI)", totals.by_provider),
        ("Code", totals.by_code),
    ):
        at_risk = [entry for entry in entries if entry.amount_at_risk]
        if at_risk:
            tables.append((by, at_risk[:_BARS], len(at_risk[_BARS:])))
    return tables


# --- the book


def _gaps(report: Report) -> list[tuple[str, int]]:
    """Edit families that could not be checked, with how many claims each."""
    return sorted(Counter(what for claim in report.claims for what in {gap.what for gap in claim.not_checked}).items())


def _stale(report: Report) -> list[tuple[StaleUse, int]]:
    """Releases used outside their dates, with how many claims each."""
    uses = Counter(use for claim in report.claims for use in claim.stale)
    return sorted(uses.items(), key=lambda entry: (entry[0].source, entry[0].release))
