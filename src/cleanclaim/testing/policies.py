"""The cases of a payer policy, run: each claim is checked against the policy alone, and held to what it expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from cleanclaim.book.payers import Policies, Policy
from cleanclaim.book.payers.shelf import policies_from
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claims_from
from cleanclaim.types import Finding

_RULES: Final = ("PAY", "TIM004", "PTP")
"""The rules of payer policies, and those of the published pairs, which some policies stand on."""
_SOURCE: Final = "payer-policy:"


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """One case: its name, its line in the file, and what went wrong; nothing when it holds."""

    name: str
    line: int
    problem: str = ""


def run_cases(policy: Policy, shelf: Policies) -> list[CaseOutcome]:
    """Run the cases of a policy read from its file; ``shelf`` has the policies of its parents.

    A case's claims are recognised as any claims are, so it must name the payer as claims do.
    """
    line = [policy]
    while line[-1].parent:
        line.append(shelf.by_payer[line[-1].parent])
    alone = policies_from(line)
    return [CaseOutcome(case["name"], case["line"], _problem(case, policy, alone)) for case in policy.cases]


@cache
def _rules() -> tuple[LoadedRule, ...]:
    return select_rules(_RULES)


def _problem(case: Mapping[str, Any], policy: Policy, alone: Policies) -> str:
    try:
        claims, book = claims_from(case), book_from(case["book"])
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError, AssertionError) as error:
        return f"its claims cannot be made ({type(error).__name__}: {error})"
    book.use_policies(alone)
    report = check_claims(claims, book, rules=_rules(), history=())
    own = {fact.id for fact in policy.facts}
    found = [(fact, finding) for finding in report.findings if (fact := fact_of(finding)) in own]
    problems = []
    for expected in case["expect"]:
        at = next((number for number, entry in enumerate(found) if _meets(*entry, expected)), None)
        if at is None:
            problems.append(f"expected {_told(expected)}")
        else:
            del found[at]
    problems += [f"not expected: {fact} by {one.rule}, claim {one.claim}, line {one.line}" for fact, one in found]
    return "; ".join(problems)


def fact_of(finding: Finding) -> str:
    """The fact of a payer's policy that a finding rests on, "" for any other finding."""
    return next((cited.locator for cited in finding.citations if cited.source.startswith(_SOURCE)), "")


def _meets(fact: str, finding: Finding, expected: Mapping[str, Any]) -> bool:
    return bool(
        fact == expected["fact"]
        and finding.rule == expected.get("rule", finding.rule)
        and finding.severity == expected.get("severity", finding.severity)
        and finding.line == expected.get("line", finding.line)
        and finding.claim == expected.get("claim", finding.claim)
    )


def _told(expected: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in expected.items())
