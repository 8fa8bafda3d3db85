"""The csv of an impact (RFC 4180, UTF-8): one row for each thing that changes, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from cleanclaim.engine.impact.model import ClaimImpact, Impact
from cleanclaim.render.csv_report import cell
from cleanclaim.types import Finding

_COLUMNS: Final = (
    "change",
    "claim",
    "file",
    "payer",
    "line",
    "codes",
    "modifiers",
    "units",
    "provider",
    "rule",
    "name",
    "old_verdict",
    "new_verdict",
    "old_severity",
    "new_severity",
    "old_at_risk",
    "new_at_risk",
    "old_allowed",
    "new_allowed",
    "allowed_change",
    "old_reason",
    "new_reason",
    "old_message",
    "new_message",
)


def render(impact: Impact) -> bytes:
    """One row for each thing that changes (RFC 4180, UTF-8), safe to open in a spreadsheet.

    ``change`` is ``verdict``, ``price``, or what becomes of a finding (``appears``, ``vanishes``, ``changes``,
    ``cannot_tell``).
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for claim in impact.changes:
        common = {"claim": claim.claim, "file": claim.file, "payer": claim.payer}
        for row in _rows(claim):
            told = common | row
            writer.writerow([cell(told.get(column)) for column in _COLUMNS])
    return out.getvalue().encode()


def _rows(claim: ClaimImpact) -> Iterator[dict[str, Any]]:
    if claim.old_verdict is not claim.new_verdict:
        yield {
            "change": "verdict",
            "old_verdict": str(claim.old_verdict),
            "new_verdict": str(claim.new_verdict),
            "old_at_risk": claim.old_at_risk,
            "new_at_risk": claim.new_at_risk,
        }
    for change in claim.findings:
        told = change.told
        yield {
            "change": str(change.kind),
            "line": told.line,
            "codes": told.codes,
            "rule": told.rule,
            "name": told.name,
            **_side("old", change.old),
            **_side("new", change.new),
        }
    for line in claim.lines:
        yield {
            "change": "price",
            "line": line.line,
            "codes": line.hcpcs,
            "modifiers": line.modifiers,
            "units": line.units_text,
            "provider": line.provider,
            "old_allowed": line.old,
            "new_allowed": line.new,
            "allowed_change": line.change,
            "old_reason": line.old_reason,
            "new_reason": line.new_reason,
        }


def _side(name: str, finding: Finding | None) -> dict[str, Any]:
    if finding is None:
        return {}
    return {
        f"{name}_severity": str(finding.severity),
        f"{name}_at_risk": finding.amount_at_risk,
        f"{name}_message": finding.message,
    }
