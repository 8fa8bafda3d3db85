"""The JSON of an impact, ``cleanclaim.impact/1``. Every key here is a public promise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from cleanclaim.book.provenance import Release
from cleanclaim.engine.impact.model import ClaimImpact, FindingChange, Impact, LinePrice, OfRule, Paid
from cleanclaim.render import jsonable
from cleanclaim.render.impact_text import reason_words
from cleanclaim.types import Money, format_money

SCHEMA: Final = "cleanclaim.impact/1"


def render(impact: Impact) -> str:
    """The document as text."""
    return json.dumps(as_json(impact), indent=1) + "\n"


def as_json(impact: Impact) -> dict[str, Any]:
    """The JSON of an impact. Money is text with two decimals."""
    chosen = impact.chosen
    return {
        "schema": SCHEMA,
        "source": chosen.source,
        "old": _release(chosen.old),
        "new": _release(chosen.new),
        "along": [{"source": old.source, "old": _release(old), "new": _release(new)} for old, new in chosen.along],
        "summary": {
            "claims_in": impact.claims_in,
            "compared": impact.claims,
            "rejected": impact.rejected,
            "claim_types": {str(kind): count for kind, count in impact.kinds.items()},
            "checked_otherwise": impact.checked_otherwise,
            "cannot_tell": impact.cannot_tell,
            "paid_otherwise": impact.paid_otherwise,
            "findings": {str(kind): count for kind, count in impact.findings.items()},
            "amount_at_risk": _two(impact.old_at_risk, impact.new_at_risk),
            "lines": impact.lines,
            "allowed": _paid(impact.paid),
            "allowed_no_more_than_charge": impact.capped,
        },
        "verdicts": [
            {"old": str(old), "new": str(new), "claims": count} for (old, new), count in impact.verdicts.items()
        ],
        "unpriced": [
            {"reason_key": key, "reason": reason_words(key), "lines": count} for key, count in impact.unpriced.items()
        ],
        "located": [{"by": how, "lines": count} for how, count in impact.located.items()],
        "by_code": _totals(impact.by_code, "code"),
        "by_rule": [_rule(rule) for rule in impact.by_rule.values()],
        "by_provider": _totals(impact.by_provider, "provider"),
        "by_payer": _totals(impact.by_payer, "payer"),
        "claims": [_claim(change) for change in impact.changes],
        "rejects": [jsonable.reject(reject) for reject in impact.rejects],
        "files": jsonable.files(impact.files),
        "notes": list(impact.notes),
    }


def _release(release: Release) -> dict[str, Any]:
    return {
        "source": release.source,
        "release": release.release,
        "covers_from": jsonable.plain(release.covers_from),
        "covers_to": jsonable.plain(release.covers_to),
        "whole": release.whole,
        "starter": release.starter,
    }


def _two(old: Money, new: Money) -> dict[str, str]:
    return {"old": format_money(old), "new": format_money(new), "net": format_money(new - old)}


def _paid(paid: Paid) -> dict[str, Any]:
    return {
        "claims": paid.claims,
        "lines": paid.lines,
        **_two(paid.old, paid.new),
        "rising_lines": paid.rising,
        "up": format_money(paid.up),
        "falling_lines": paid.falling,
        "down": format_money(paid.down),
        "only_old_lines": paid.gone_lines,
        "only_old": format_money(paid.gone),
        "only_new_lines": paid.gained_lines,
        "only_new": format_money(paid.gained),
    }


def _totals(totals: Mapping[str, Paid], name: str) -> list[dict[str, Any]]:
    return [{name: key, **_paid(paid)} for key, paid in totals.items()]


def _rule(rule: OfRule) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "name": rule.name,
        "claims": rule.claims,
        "appears": rule.appears,
        "vanishes": rule.vanishes,
        "changes": rule.changes,
        "cannot_tell": rule.cannot_tell,
        "amount_at_risk": {
            "appears": format_money(rule.at_risk_appearing),
            "vanishes": format_money(rule.at_risk_vanishing),
        },
        "allowed_at_risk": {
            "appears": format_money(rule.allowed_appearing),
            "vanishes": format_money(rule.allowed_vanishing),
        },
    }


def _claim(change: ClaimImpact) -> dict[str, Any]:
    return {
        "claim": change.claim,
        "file": change.file,
        "payer": change.payer,
        "verdict": {"old": str(change.old_verdict), "new": str(change.new_verdict)},
        "amount_at_risk": _two(change.old_at_risk, change.new_at_risk),
        "cannot_tell": change.cannot_tell,
        "findings": [_finding(finding) for finding in change.findings],
        "lines": [_line(line) for line in change.lines],
    }


def _finding(change: FindingChange) -> dict[str, Any]:
    return {
        "change": str(change.kind),
        "old": None if change.old is None else jsonable.finding(change.old),
        "new": None if change.new is None else jsonable.finding(change.new),
    }


def _line(line: LinePrice) -> dict[str, Any]:
    return {
        "line": line.line,
        "hcpcs": line.hcpcs,
        "modifiers": list(line.modifiers),
        "units": line.units_text or None,
        "provider": line.provider,
        "allowed": {
            "old": jsonable.plain(line.old),
            "new": jsonable.plain(line.new),
            "change": jsonable.plain(line.change),
        },
        "reason": {"old": line.old_reason, "new": line.new_reason},
    }
