"""A payer's policy in text and as JSON: what it asks, since when, and the document that says so."""

from __future__ import annotations

from typing import Any, Final

from cleanclaim.book.payers import Policies, Policy, PolicyFact

_NO_DATE: Final = "undated"


def listing(shelf: Policies) -> str:
    """A line for every payer."""
    rows = [shelf.by_payer[payer] for payer in sorted(shelf.by_payer)]
    width = max((len(policy.payer) for policy in rows), default=0)
    lines = [f"{policy.payer:<{width}}  {len(policy.facts):>3}  {policy.name}; {policy.plan}" for policy in rows]
    return "\n".join([*lines, *shelf.notes]) + "\n"


def summary_of(policy: Policy) -> dict[str, Any]:
    """What the list says of a policy."""
    return {
        "payer": policy.payer,
        "name": policy.name,
        "plan": policy.plan,
        "statements": len(policy.facts),
        "payer_ids": sorted(policy.identifiers.payer_ids),
        "recognised_by": policy.identifiers.source,
        "parent": policy.parent or None,
    }


def whole(policy: Policy) -> str:
    """The policy whole."""
    terms = "Standard terms: a contract or state law may say otherwise.\n" if policy.contract else ""
    head = f"{policy.payer}: {policy.name}; {policy.plan}\n{terms}"
    return head + "".join("\n" + _fact(fact) for fact in policy.facts)


def _fact(fact: PolicyFact) -> str:
    source = fact.source
    dated = f"{source.date_text} ({source.date_kind})" if source.date_text else _NO_DATE
    hand = "first-hand" if source.first_hand else "second-hand"
    return (
        f"{fact.id}  {fact.kind}, {fact.severity}, {_interval(fact)}\n"
        f"  {fact.text}\n"
        f"  codes   {fact.codes}{_indicators(fact)}\n"
        f"  source  {source.document}; {dated}, {source.confidence}, {hand}\n"
        f"          {source.url or source.where}\n"
    )


def _interval(fact: PolicyFact) -> str:
    since = f"from {fact.valid.valid_from}" if fact.valid.valid_from else "since when is not known"
    return f"{since} to {fact.valid.valid_to}" if fact.valid.valid_to else since


def _indicators(fact: PolicyFact) -> str:
    named = [f"{name} {', '.join(map(str, sorted(values)))}" for name, values in fact.indicators]
    return f"; fee-schedule indicator {'; '.join(named)}" if named else ""


def as_json(policy: Policy) -> dict[str, Any]:
    """The policy as the JSON of the command prints it."""
    return summary_of(policy) | {"contract": policy.contract, "facts": [_fact_json(fact) for fact in policy.facts]}


def _fact_json(fact: PolicyFact) -> dict[str, Any]:
    source, valid = fact.source, fact.valid
    return {
        "id": fact.id,
        "kind": fact.kind,
        "severity": fact.severity,
        "text": fact.text,
        "codes": [*sorted(fact.codes.singles), *(f"{low}-{high}" for low, high in fact.codes.ranges)],
        "indicators": {name: sorted(values) for name, values in fact.indicators},
        "valid_from": valid.valid_from.isoformat() if valid.valid_from else None,
        "valid_to": valid.valid_to.isoformat() if valid.valid_to else None,
        "citation": {
            "document": source.document,
            "date": source.date_text or None,
            "date_kind": source.date_kind or None,
            "confidence": source.confidence,
            "first_hand": source.first_hand,
            "url": source.url or None,
            "where": source.where or None,
        },
    }
