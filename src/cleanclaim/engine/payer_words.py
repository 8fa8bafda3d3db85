"""What a finding says of the payer's policy it stands on."""

from __future__ import annotations

from typing import Any

from cleanclaim.book.payers.model import Period
from cleanclaim.engine.shown import shown, some
from cleanclaim.engine.work import LineWork, PolicyUse
from cleanclaim.rules.model import Rule
from cleanclaim.types import Citation, Date, Severity


def use_of(rule: Rule, line: LineWork) -> PolicyUse | None:
    """The fact of the payer's policy that a finding of the rule rests on; None for a rule of no policy."""
    return line.policies.get(rule.policy) if rule.policy and line.policies is not None else None


def severity_of(rule: Rule, use: PolicyUse | None) -> Severity:
    """The milder of what the rule may say at worst and what the payer's fact is good for."""
    if use is None or use.fact.severity.rank < rule.severity.rank:
        return rule.severity
    return use.fact.severity


def policy_citations(use: PolicyUse | None) -> list[Citation]:
    """The fact, its document and its date."""
    return [use.fact.citation(use.policy.payer)] if use is not None else []


def policy_words(line: LineWork, use: PolicyUse | None) -> dict[str, Any]:
    """The words of docs/reference/rule-messages.md for rules of a payer's policy."""
    if use is None:
        return {}
    fact, facts = use.fact, line.facts
    return {
        "payer_name": f"{use.policy.name}, {use.policy.plan}",
        "policy_text": fact.text,
        "policy_terms": " (standard terms, check the contract)" if use.policy.contract else "",
        "policy_maximum": fact.maximum,
        "policy_counted": fact.counted,
        "policy_period": _period(fact.period),
        "policy_count": f"{facts.frequency_count:g}",
        "policy_lines": some([_named(line, other) for other in use.lines]),
        "allowed_places": ", ".join(sorted(fact.allowed_places)),
        "last_filing_day": Date.fromordinal(facts.last_filing_day) if facts.last_filing_day else "an unknown date",
    }


def _period(period: Period) -> str:
    """``a lifetime``, ``a day``, ``a period of 11 months``."""
    text = str(period)
    return f"a period of {text}" if text[0].isdigit() else f"a {text}"


def _named(line: LineWork, other: LineWork) -> str:
    claim = other.claim.claim
    of_claim = "" if other.claim is line.claim else f" of claim {claim.claim_id}"
    return f"{shown('procedure', other.line.hcpcs)} on line {other.line.line_no}{of_claim}, {other.line.service_from}"
