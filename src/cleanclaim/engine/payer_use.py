"""The fact of a payer's policy that a finding would cite, kept beside the line it binds."""

from __future__ import annotations

from collections.abc import Sequence

from cleanclaim.book.payers import Policy, PolicyFact
from cleanclaim.engine.work import LineWork, PolicyUse

Bound = tuple[LineWork, Policy, PolicyFact]
"""A line, and a fact of its payer's that binds it."""


def keep(
    line: LineWork,
    kind: str,
    policy: Policy,
    fact: PolicyFact,
    lines: Sequence[LineWork] = (),
    *,
    instead: bool = False,
) -> None:
    """Keep the fact: of several of a kind the most severe, then the first; ``instead`` in place of any before."""
    kept = line.policies = line.policies if line.policies is not None else {}
    before = kept.get(kind)
    if instead or before is None or fact.severity.rank < before.fact.severity.rank:
        kept[kind] = PolicyUse(policy, fact, lines)
