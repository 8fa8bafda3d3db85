"""Pairs of services that a payer bundles beyond NCCI, and pairs of NCCI that it pays for all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cleanclaim.engine.payer_use import Bound, keep
from cleanclaim.engine.work import LineWork, Pair

_SIDES: Final = frozenset({"LT", "RT"})


def set_edits_aside(bound: Iterable[Bound], pairs: list[Pair]) -> list[Pair]:
    """The pairs that still stand where a payer's policy takes the place of the NCCI edit; the lines are told."""
    standing = pairs
    for line, policy, fact in bound:
        if not fact.instead_of_ncci:
            continue
        aside = [pair for pair in standing if pair.two is line and pair.one.line.hcpcs in fact.into]
        if not aside:
            continue
        standing = [pair for pair in standing if pair not in aside]
        if fact.payable:
            line.facts.edit_set_aside = True
            keep(line, "edit_set_aside", policy, fact, [pair.one for pair in aside])
    return standing


def bundle(bound: Iterable[Bound], pairs: Sequence[Pair]) -> None:
    """Tell lines that their payer holds them to be part of another line of the day."""
    edits = {(pair.one.place(), pair.two.place()) for pair in pairs}
    for line, policy, fact in bound:
        if fact.payable:
            continue
        others = [
            other
            for other in line.group
            if other is not line
            and other.line.hcpcs in fact.into
            and not _other_side(line, other)
            and (not fact.among_ncci_pairs or (other.place(), line.place()) in edits)
        ]
        if not others:
            continue
        facts = line.facts
        bypassed = any(not fact.bypass.isdisjoint(one.line.modifiers) for one in (line, *others))
        if not facts.part_of_other_line or (facts.policy_bypassed and not bypassed):
            facts.part_of_other_line, facts.policy_bypassed = True, bypassed
            keep(line, "bundling", policy, fact, others, instead=True)


def _other_side(one: LineWork, two: LineWork) -> bool:
    """The two lines are of different sides of the body, by their modifiers."""
    sides = [_SIDES.intersection(line.line.modifiers) for line in (one, two)]
    return all(len(side) == 1 for side in sides) and sides[0] != sides[1]
