"""The JSON of the contract, made from the report's records. Every key here is a public promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cleanclaim.engine.pair import PairAnswer
from cleanclaim.types import (
    PRICED_BY,
    Citation,
    ClaimResult,
    FileCount,
    Finding,
    Reject,
    Reported,
    SetAside,
    Total,
    Verdict,
    format_money,
)


def plain(value: Any) -> Any:
    """Dates as ISO text, money as text with two decimals, tuples as lists."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format_money(value)
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    return value


def citation(entry: Citation) -> dict[str, Any]:
    """A citation as JSON."""
    return {
        "source": entry.source,
        "release": entry.release,
        "locator": entry.locator,
        "valid_from": plain(entry.valid_from),
        "valid_to": plain(entry.valid_to),
        "text": entry.text,
    }


def finding(entry: Finding) -> dict[str, Any]:
    """A finding as JSON."""
    adjustment = entry.adjustment
    return {
        "rule": entry.rule,
        "name": entry.name,
        "severity": str(entry.severity),
        "claim": entry.claim,
        "line": entry.line,
        "related_lines": list(entry.related_lines),
        "related_claims": list(entry.related_claims),
        "codes": list(entry.codes),
        "message": entry.message,
        "fix": {
            "action": entry.fix.action,
            "safety": entry.fix.safety,
            "text": entry.fix.text,
            "changes": [
                {"line": change.line, "element": change.element, "old": change.old, "new": change.new}
                for change in entry.fix.changes
            ],
        },
        "adjustment": None
        if adjustment is None
        else {
            "group": adjustment.group,
            "carc": adjustment.carc,
            "rarc": list(adjustment.rarc),
            "appealable": adjustment.appealable,
        },
        "appeal": None
        if entry.appeal is None
        else {"worth": entry.appeal.worth, "why": entry.appeal.why, "needs": list(entry.appeal.needs)},
        "documentation": list(entry.documentation),
        "amount_at_risk": format_money(entry.amount_at_risk),
        "allowed_at_risk": plain(entry.allowed_at_risk),
        "allowed_reason": entry.allowed_reason,
        "citations": [citation(cited) for cited in entry.citations],
        "at": {"file": entry.at.file, "byte": entry.at.byte, "segment": entry.at.segment},
    }


def claim(entry: ClaimResult) -> dict[str, Any]:
    """A claim's verdict as JSON."""
    return {
        "claim": entry.claim,
        "file": entry.file,
        "verdict": str(entry.verdict),
        "not_checked": [{"line": gap.line, "what": gap.what, "why": gap.why} for gap in entry.not_checked],
        "stale": [
            {"source": use.source, "release": use.release, "covers_to": plain(use.covers_to)} for use in entry.stale
        ],
        "amount_at_risk": format_money(entry.amount_at_risk),
        "allowed_at_risk": plain(entry.allowed_at_risk),
        "unpriced_lines": entry.unpriced_lines,
        "payer": entry.payer,
    }


def set_aside(entry: SetAside) -> dict[str, Any]:
    """A finding that a suppression or a baseline accepts, with its authority."""
    return {
        "by": entry.by,
        "source": entry.source,
        "entry": entry.entry,
        "reason": entry.reason,
        "expires": plain(entry.expires),
        "finding": finding(entry.finding),
    }


def reject(entry: Reject) -> dict[str, Any]:
    """A reject as JSON; it names its claim when that could be read."""
    made: dict[str, Any] = {
        "file": entry.file,
        "byte": entry.byte,
        "segment": entry.segment,
        "reason": entry.reason,
        "claims": entry.claims,
    }
    if entry.claim is not None:
        made["claim"] = entry.claim
    return made


def summary(report: Reported) -> dict[str, Any]:
    """The totals of a report."""
    return {
        "claims": len(report.claims),
        "lines": report.lines,
        "rejected": sum(entry.claims for entry in report.rejects),
        "clean": report.count(Verdict.CLEAN),
        "denied": report.count(Verdict.DENIED),
        "review": report.count(Verdict.REVIEW),
        "not_checked": report.count(Verdict.NOT_CHECKED),
        "stale": report.count(Verdict.STALE),
        "findings": len(report.findings),
        "set_aside": len(report.set_aside),
        "amount_at_risk": format_money(report.amount_at_risk),
        "allowed_at_risk": plain(report.totals.of_all.allowed_at_risk),
        "priced_lines": report.totals.of_all.priced_lines,
        "unpriced_lines": report.totals.of_all.unpriced_lines,
        "priced_by": dict.fromkeys(PRICED_BY, 0) | dict(report.totals.priced_by),
    }


def totals(report: Reported) -> dict[str, list[dict[str, Any]]]:
    """What the findings on claims put at risk by rule, payer, provider and code, those with most dollars first."""
    made = report.totals
    return {
        "by_rule": [{"rule": entry.key, "name": entry.name, **_total(entry)} for entry in made.by_rule],
        "by_payer": [{"payer": entry.key, **_total(entry)} for entry in made.by_payer],
        "by_provider": [{"npi": entry.key, **_total(entry)} for entry in made.by_provider],
        "by_code": [{"code": entry.key, **_total(entry)} for entry in made.by_code],
    }


def _total(entry: Total) -> dict[str, Any]:
    return {
        "claims": entry.claims,
        "findings": entry.findings,
        "amount_at_risk": format_money(entry.amount_at_risk),
        "allowed_at_risk": plain(entry.allowed_at_risk),
        "priced_lines": entry.priced_lines,
        "unpriced_lines": entry.unpriced_lines,
    }


def book(report: Reported) -> list[dict[str, Any]]:
    """The releases a report could draw on."""
    return [{"source": entry.source, "release": entry.release, "starter": entry.starter} for entry in report.book]


def files(counts: Iterable[FileCount]) -> list[dict[str, Any]]:
    """The count that adds up for every file: claims = reported + rejected."""
    return [
        {"file": entry.file, "claims": entry.claims, "reported": entry.reported, "rejected": entry.rejected}
        for entry in counts
    ]


def pair(answer: PairAnswer) -> dict[str, Any]:
    """A pair answer as JSON."""
    return {
        "schema": "cleanclaim.pair/1",
        "column_one": answer.column_one,
        "column_two": answer.column_two,
        "date": plain(answer.date),
        "setting": str(answer.setting),
        "verdict": str(answer.verdict),
        "modifier_indicator": answer.modifier_indicator,
        "rationale": answer.rationale,
        "imaging": answer.imaging,
        "valid_from": plain(answer.valid_from),
        "valid_to": plain(answer.valid_to),
        "stale": answer.stale,
        "covers_to": plain(answer.covers_to),
        "explanation": answer.explanation,
        "citations": [citation(cited) for cited in answer.citations],
    }
