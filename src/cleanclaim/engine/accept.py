"""Findings that someone accepted: taken out of the count, kept in the report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cleanclaim.claims.model import Claim
from cleanclaim.engine.findings import Hit
from cleanclaim.types import ClaimResult, Finding, SetAside, Severity, Verdict

if TYPE_CHECKING:  # a run without them does not load them
    from cleanclaim.engine.baseline import Baseline
    from cleanclaim.engine.suppress import Suppressions


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is left of the findings, what was set aside, and what is to be said of those who did it."""

    kept: Sequence[Hit]
    aside: tuple[SetAside, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Findings on the entries themselves: unused, or expired."""
    notes: tuple[str, ...] = ()
    denied: frozenset[int] = frozenset()
    """The numbers of the claims of which a finding that denies was set aside."""

    def result(self, number: int, result: ClaimResult) -> ClaimResult:
        """A claim's result: with a denial set aside it is never better than review.

        The published edit still denies the line, whoever accepts it: only the payer's answer can make it clean.
        """
        if number in self.denied and result.verdict not in {Verdict.DENIED, Verdict.REVIEW}:
            return replace(result, verdict=Verdict.REVIEW)
        return result


def accept(
    hits: Sequence[Hit],
    claims: Mapping[int, Claim],
    rules: Collection[str],
    suppressions: Suppressions | None,
    baseline: Baseline | None,
) -> Accepted:
    """Set aside what the suppressions name, and of the rest what the baseline holds."""
    if suppressions is None and baseline is None:
        return Accepted(hits)
    aside: dict[int, SetAside] = {}
    findings: list[Finding] = []
    notes: list[str] = []
    if suppressions is not None:
        aside, findings = suppressions.apply(hits, claims, rules)
        notes += suppressions.notes()
    if baseline is not None:
        aside |= baseline.apply(hits, aside.keys())
        notes += baseline.notes(aside.values(), claims.values(), rules)
    return Accepted(
        kept=[hit for place, hit in enumerate(hits) if place not in aside],
        aside=tuple(aside[place] for place in sorted(aside)),
        findings=tuple(findings),
        notes=tuple(notes),
        denied=frozenset(hits[place].claim_number for place in aside if hits[place].finding.severity is Severity.DENY),
    )
