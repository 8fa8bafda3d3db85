"""Adding up what changes: of all claims, by rule, by code, by provider and by payer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from cleanclaim.engine.impact.model import ClaimImpact, FindingChange, Impact, Kind, LinePrice, OfRule, Paid
from cleanclaim.types import ClaimResult, Finding, Severity, Verdict

_NOTHING: Final = Decimal(0)


def count_claim(
    impact: Impact,
    old: ClaimResult,
    new: ClaimResult,
    findings: tuple[FindingChange, ...],
    lines: Sequence[LinePrice],
) -> ClaimImpact | None:
    """Count a claim; what changes on it, None where nothing does."""
    impact.claims += 1
    transition = old.verdict, new.verdict
    impact.verdicts[transition] = impact.verdicts.get(transition, 0) + 1
    _count_findings(impact, findings)
    _count_lines(impact, lines, new.payer)
    changed = ClaimImpact(
        new.claim,
        new.file,
        new.payer,
        *transition,
        old.amount_at_risk,
        new.amount_at_risk,
        findings,
        tuple(line for line in lines if line.changed),
    )
    impact.checked_otherwise += changed.checked_otherwise
    if changed.cannot_tell:
        impact.cannot_tell += 1
    else:
        impact.old_at_risk += old.amount_at_risk
        impact.new_at_risk += new.amount_at_risk
    impact.paid_otherwise += bool(changed.lines)
    return changed if changed.checked_otherwise or changed.cannot_tell or changed.lines else None


def _count_findings(impact: Impact, changes: Sequence[FindingChange]) -> None:
    appearing: dict[tuple[str, int | None], Finding] = {}
    vanishing: dict[tuple[str, int | None], Finding] = {}
    for change in changes:
        impact.findings[change.kind] += 1
        told = change.told
        of_rule = impact.by_rule.setdefault(told.rule, OfRule(told.rule, told.name))
        setattr(of_rule, change.kind, getattr(of_rule, change.kind) + 1)
        if change.kind is Kind.CANNOT_TELL or _denies(change.old) == _denies(change.new):
            continue
        side = appearing if _denies(change.new) else vanishing
        denied, place = change.new if _denies(change.new) else change.old, (told.rule, told.line)
        if denied is not None and (place not in side or side[place].amount_at_risk < denied.amount_at_risk):
            side[place] = denied
    for (rule, _), finding in appearing.items():
        of_rule = impact.by_rule[rule]
        of_rule.at_risk_appearing += finding.amount_at_risk
        of_rule.allowed_appearing += finding.allowed_at_risk or _NOTHING
    for (rule, _), finding in vanishing.items():
        of_rule = impact.by_rule[rule]
        of_rule.at_risk_vanishing += finding.amount_at_risk
        of_rule.allowed_vanishing += finding.allowed_at_risk or _NOTHING
    for rule in {change.told.rule for change in changes}:
        impact.by_rule[rule].claims += 1


def _denies(finding: Finding | None) -> bool:
    return finding is not None and finding.severity is Severity.DENY


def _count_lines(impact: Impact, lines: Sequence[LinePrice], payer: str) -> None:
    met: set[int] = set()
    for line in lines:
        impact.lines += 1
        if line.old is None and line.new is None:
            impact.unpriced[line.new_reason] = impact.unpriced.get(line.new_reason, 0) + 1
            continue
        for total in (
            impact.paid,
            impact.by_code.setdefault(line.hcpcs, Paid()),
            impact.by_provider.setdefault(line.provider, Paid()),
            impact.by_payer.setdefault(payer, Paid()),
        ):
            total.add(line)
            if id(total) not in met:
                met.add(id(total))
                total.claims += 1


def ordered(impact: Impact) -> Impact:
    """The impact with its totals in order: by the money that moves, most first; rules and reasons by name."""
    impact.by_code, impact.by_provider, impact.by_payer = (
        dict(sorted(totals.items(), key=lambda entry: (-entry[1].moved, entry[0])))
        for totals in (impact.by_code, impact.by_provider, impact.by_payer)
    )
    impact.by_rule = dict(sorted(impact.by_rule.items()))
    order = list(Verdict)
    impact.verdicts = dict(
        sorted(impact.verdicts.items(), key=lambda entry: [order.index(verdict) for verdict in entry[0]])
    )
    impact.unpriced, impact.located, impact.kinds = (
        _most_first(counts) for counts in (impact.unpriced, impact.located, impact.kinds)
    )
    return impact


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))
