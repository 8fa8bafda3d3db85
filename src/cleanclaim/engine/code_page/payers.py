"""What the payers' policies at hand say of a code: the packs that come with the package, and the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleanclaim.book.payers.model import Policy, PolicyFact
from cleanclaim.engine.code_page.modifiers import DOES_NOT_APPLY, modifiers
from cleanclaim.engine.code_page.record import PageFact, Section, cited, not_applicable
from cleanclaim.engine.code_page.subject import MEASURE, Procedure
from cleanclaim.types import State

_PAYERS: Final = (
    ("medicare", "Medicare"),
    ("aetna", "Aetna"),
    ("bcbs", "Blue Cross Blue Shield"),
    ("cigna", "Cigna"),
    ("uhc", "UnitedHealthcare"),
)
"""Payers of which every page speaks, if only to say that nothing is known; others where they have something to say."""


def payers(subject: Procedure) -> Section:
    """One fact for each statement of a policy that names the code, and one for each of the five that has none."""
    if subject.measure:
        return not_applicable("payers", MEASURE)
    policies = list(subject.book.policies.by_payer.values())
    told = [(policy, fact) for policy in policies for fact in _of_code(policy, subject)]
    facts: list[PageFact] = []
    for prefix, name in _PAYERS:
        of_payer = [entry for entry in told if _is_of(entry[0], prefix)]
        facts += [_said(*entry) for entry in of_payer]
        if not of_payer:
            facts.append(PageFact(prefix, "no_data", f"{name}: no policy at hand names {subject.code}."))
    facts += [_said(*entry) for entry in told if not any(_is_of(entry[0], prefix) for prefix, _ in _PAYERS)]
    if not told:
        return Section("payers", State.NO_DATA, tuple(facts), f"No payer policy at hand names {subject.code}.")
    return Section("payers", State.KNOWN, tuple(facts))


def _is_of(policy: Policy, prefix: str) -> bool:
    return policy.payer == prefix or policy.payer.startswith(f"{prefix}-") or (prefix == "bcbs" and policy.blue)


def _of_code(policy: Policy, subject: Procedure) -> Iterator[PolicyFact]:
    """The facts in force that name the code, or one of its indicators; what a payer asks of every code is left out."""
    for fact in policy.facts:
        if not fact.in_force(subject.day.day):
            continue
        named = subject.code in fact.codes or subject.code in fact.into
        if named or (not fact.codes and _by_indicator(fact, subject)):
            yield fact


def _by_indicator(fact: PolicyFact, subject: Procedure) -> bool:
    row = subject.row
    if row is None or not fact.indicators or not _modifiers_fit(fact, subject):
        return False
    return all(
        (value := getattr(row, name, "")).isdigit() and int(value) in allowed for name, allowed in fact.indicators
    )


def _modifiers_fit(fact: PolicyFact, subject: Procedure) -> bool:
    """What a payer asks of lines with certain modifiers is idle on a code that bears none of them."""
    if not fact.when.modifiers_any:
        return True
    never = {entry.key for entry in modifiers(subject).facts if entry.value == DOES_NOT_APPLY}
    return not fact.when.modifiers_any <= never


def _said(policy: Policy, fact: PolicyFact) -> PageFact:
    return cited(policy.payer, str(fact.kind), f"{policy.name}: {fact.text}", fact.citation(policy.payer))
