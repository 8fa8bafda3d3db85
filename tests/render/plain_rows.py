"""The rows after those of the claims, made record by record: slow, and plain. Reports are held to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP

from cleanclaim.render.rows import Row, change_text, citation_text
from cleanclaim.types import CENT, Finding, Money, Reported


def rows_after_results(report: Reported) -> Iterator[Row]:
    """The rows after those of the claims, in order: findings, set aside, rejects, book, notes."""
    payers = payers_of(report)
    for finding in report.findings:
        yield {"kind": "finding", **_finding(finding, payers(finding))}
    payers = payers_of(report)
    for entry in report.set_aside:
        yield {
            "kind": "set_aside",
            **_finding(entry.finding, payers(entry.finding)),
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


def payers_of(report: Reported) -> Callable[[Finding], str | None]:
    """Tells whose the claim of a finding is: the next of its number in its file, else the first; findings in order."""
    claims = [((result.file, result.claim), result.payer) for result in report.claims]
    at, unknown = -1, set[tuple[str, str]]()

    def payer(finding: Finding) -> str | None:
        nonlocal at
        name = finding.at.file, finding.claim
        if not finding.claim or name in unknown:
            return None
        places = [place for place, (other, _) in enumerate(claims) if other == name]
        if not places:  # which begins anew, but does so once
            at = -1
            unknown.add(name)
            return None
        at = next((place for place in places if place >= max(at, 0)), places[0])
        return claims[at][1]

    return payer


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
        "amount_at_risk": cents(entry.amount_at_risk),
        "allowed_at_risk": cents(entry.allowed_at_risk),
        "allowed_reason": entry.allowed_reason,
        "related_lines": entry.related_lines,
        "related_claims": entry.related_claims,
        "citations": tuple(map(citation_text, entry.citations)),
        "byte": entry.at.byte,
        "segment": entry.at.segment,
    }


def cents(amount: Money | None) -> Money | None:
    """Dollars with two decimals."""
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)
