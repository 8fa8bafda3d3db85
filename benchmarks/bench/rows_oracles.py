"""The row of oracles: the slow readings of the rules that the tests hold the engine to, run over a batch.

Most of them cannot be: they are written over facts given with a few claims, and look through a whole table, or all
claims, for each line. Those that need no table, or only a limit by code, can, patient by patient.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from bench.books import REPOSITORY
from bench.claims837 import claims_file
from bench.measure import RowResult, in_turn, ratios
from bench.row import Context, claims_of
from bench.x12 import FIRST_DAY

from cleanclaim.claims.model import Claim
from cleanclaim.engine.run import check_claims
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.registry import select_rules
from cleanclaim.types import Setting

Found = set[tuple[str, str, int | None]]
_FORMS: Final = (*(f"FMT{number:03}" for number in range(1, 19)), "FMT020")
"""Those that the oracle of the format rules expects claim by claim; FMT019 counts the lines in another test."""
_UNITS: Final = ("MUE001", "MUE002", "MUE003", "MUE004", "MUE005")


def oracles(context: Context) -> RowResult:
    """The engine with the rules of two families, against their oracles on the same claims."""
    try:
        forms, units = _oracle("test_fmt"), _oracle("test_mue")
    except ImportError as error:
        return RowResult(skipped=f"the oracles need what the tests need: {error}")
    book = context.books.whole()
    claims = claims_of(claims_file(book, context.size.oracle_claims, mix=context.mix))
    patients = _by_patient(claims)
    limits = _limits(book, claims)
    ways: dict[str, tuple[tuple[str, ...], Callable[[], Found]]] = {
        "FMT": (_FORMS, lambda: {(rule, one.claim_id, line) for one in claims for rule, line in forms.expected(one)}),
        "MUE": (_UNITS, lambda: _over_limits(units, patients, limits)),
    }
    result = RowResult(
        notes=[
            f"{len(claims):,} claims; processor time; the oracles answer with rule, claim and line, and nothing else",
            "those of other families look through tables or all claims for each line: they cannot be run over a batch",
        ]
    )
    for family, (codes, oracle) in ways.items():
        rules = select_rules(codes)

        def engine(rules: Any = rules) -> Found:
            return {(one.rule, one.claim, one.line) for one in check_claims(claims, book, rules=rules).findings}

        seconds = in_turn({"oracle": oracle, "engine": engine}, min(5, context.size.rounds))
        ours, theirs = engine(), oracle()
        either = ours | theirs
        result.add(f"oracle of {family}", [len(claims) / value for value in seconds["oracle"]], "claims/s")
        result.add(f"engine, {family}, one process", [len(claims) / value for value in seconds["engine"]], "claims/s")
        result.add(
            f"engine against the oracle, {family}", ratios(seconds["oracle"], seconds["engine"]), "times as fast"
        )
        if either:
            both = 100 * len(ours & theirs) / len(either)
            result.add(f"findings of {family} both have, of those either has", [both], "%", at_least=99)
    return result


def _oracle(name: str) -> Any:
    """A module of tests/oracle."""
    for folder in ("tests", "tests/oracle"):
        place = str(REPOSITORY / folder)
        if place not in sys.path:
            sys.path.append(place)
    return importlib.import_module(name)


def _by_patient(claims: Sequence[Claim]) -> list[list[Claim]]:
    patients: dict[str, list[Claim]] = {}
    for claim in claims:
        patients.setdefault(claim.patient_key or claim.claim_id, []).append(claim)
    return list(patients.values())


def _limits(book: OpenBook, claims: Sequence[Claim]) -> dict[str, tuple[int, int]]:
    day = book.as_of(FIRST_DAY)
    answers = {line.hcpcs: day.mue(Setting.PRACTITIONER, line.hcpcs) for claim in claims for line in claim.lines}
    return {code: (answer.fact.mue_value, answer.fact.mai) for code, answer in answers.items() if answer.known}


def _over_limits(oracle: Any, patients: Sequence[list[Claim]], limits: dict[str, tuple[int, int]]) -> Found:
    found: Found = set()
    for claims in patients:
        for claim in claims:
            for line in claim.lines:
                binding = limits.get(line.hcpcs)
                if binding is None or line.service_from is None:
                    continue
                rule, _ = oracle.fault(claims, (claim, line), *binding)
                if rule is not None:
                    found.add((rule, claim.claim_id, line.line_no))
    return found
