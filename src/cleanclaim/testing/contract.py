"""What every rule promises, ours or a plugin's, and the cases beside it, as checks that a test can run.

A promise that is broken raises AssertionError with what was expected and what was found.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import string
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.model import CODE, HEADINGS, LoadedRule, Scope, rule_from_module
from cleanclaim.rules.registry import find_rule
from cleanclaim.testing.inline import book_from, claim_from, claims_from
from cleanclaim.types import Severity

_PARAMETERS: Final = {
    Scope.LINE: ["line"],
    Scope.PAIR: ["edit", "one", "two"],
    Scope.DIAGNOSIS: ["dx"],
    Scope.CLAIM: ["claim"],
}
_MANUAL_ITEM: Final = re.compile(r"(Introduction|[IVX]+)(\.[A-Z]+(\.\d+)?(\.?[a-z])?)*")
_NOT_PURE: Final = (ast.Import, ast.ImportFrom, ast.Global, ast.Try, ast.With, ast.JoinedStr)

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One promise of one rule; calling it raises AssertionError where the rule breaks it."""

    name: str
    run: Callable[[], None]

    def __call__(self) -> None:
        """Hold the rule to the promise."""
        self.run()

    def __str__(self) -> str:
        """The rule's code and what is promised."""
        return self.name


def rule_checks(package: str) -> list[RuleCheck]:
    """Every promise and every case of the rules in ``package``, the one a plugin's entry point names."""
    module = importlib.import_module(package)
    codes = [entry.name for entry in pkgutil.iter_modules(module.__path__) if CODE.fullmatch(entry.name)]
    checks: list[RuleCheck] = []
    for code in sorted(codes):
        rule_module = importlib.import_module(f"{package}.{code}")
        checks += checks_of(rule_from_module(rule_module), cases_beside(rule_module))
    return checks


def cases_beside(rule_module: Any) -> list[Case]:
    """The cases in the YAML file beside a rule file. Raises FileNotFoundError where there is none."""
    path = Path(rule_module.__file__).with_suffix(".cases.yaml")
    found: list[Case] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def checks_of(loaded: LoadedRule, cases: Sequence[Case]) -> list[RuleCheck]:
    """The promises of one rule, then its cases."""
    code = loaded.rule.code
    promised = [RuleCheck(f"{code}: {_title(promise)}", _bound(promise, loaded, cases)) for promise in PROMISES]
    return promised + [RuleCheck(f"{code}: {case['name']}", _bound_case(loaded, case)) for case in cases]


def _title(promise: Callable[..., None]) -> str:
    return promise.__name__.replace("_", " ")


def _bound(promise: Callable[..., None], loaded: LoadedRule, cases: Sequence[Case]) -> Callable[[], None]:
    return lambda: promise(loaded, cases)


def _bound_case(loaded: LoadedRule, case: Case) -> Callable[[], None]:
    return lambda: run_case(loaded, case)


def _require(kept: object, *broken: object) -> None:
    if not kept:
        raise AssertionError(" ".join(map(str, broken)))


# --- cases


def run_case(loaded: LoadedRule, case: Case) -> None:
    """Check a case's claims with the rule, and hold the findings to what the case expects.

    A rule that explains others is only seen beside them, so a case may name the ``rules`` to run, and the rule it is
    ``reported_as``.
    """
    code = loaded.rule.code
    chosen = [loaded if name == code else find_rule(name) for name in case.get("rules", [code])]
    report = check_claims(claims_from(case), book_from(case.get("book", {})), rules=chosen)
    found = [finding for finding in report.findings if finding.rule == case.get("reported_as", code)]
    messages = [finding.message for finding in found]
    _require(len(found) == len(case["expect"]), len(case["expect"]), "findings expected, found", messages)
    for finding, expected in zip(found, case["expect"], strict=True):
        for name, value in expected.items():
            if name == "message_has":
                _require(value in finding.message, repr(value), "is not in", repr(finding.message))
            elif name == "cites":
                documents = [cited.locator for cited in finding.citations if cited in loaded.rule.citations]
                _require(documents == value, "the documents cited are", documents, "and not", value)
            elif name == "appealable":
                denials = (loaded.rule.adjustment, finding.adjustment)
                said = [denial is not None and denial.appealable for denial in denials]
                _require(said == [value, value], "the rule and the finding say of an appeal", said)
            elif name in {"fix_has", "fix_lacks"}:
                _require((value in finding.fix.text) is (name == "fix_has"), name, repr(value), repr(finding.fix.text))
            else:
                actual = getattr(finding, name)
                actual = list(actual) if isinstance(actual, tuple) else actual
                _require(actual == value, name, "is", repr(actual), "and not", repr(value))
    if "verdict" in case:
        verdict = report.claims[0].verdict
        _require(verdict == case["verdict"], "the verdict is", verdict, "and not", case["verdict"])


def _firing(cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if case["expect"] and "rules" not in case]


# --- promises


def is_documented_under_the_fixed_headings(loaded: LoadedRule, _cases: Sequence[Case]) -> None:
    """Documentation string, headings in order, nothing empty."""
    _require(tuple(loaded.sections) == HEADINGS, "headings are", tuple(loaded.sections), "and not", HEADINGS)
    _require(all(loaded.sections.values()), "a heading has no text")
    _require(loaded.summary.endswith("."), "the first line is no sentence:", loaded.summary)


def has_a_code_and_a_name(loaded: LoadedRule, _cases: Sequence[Case]) -> None:
    """Three letters and three digits; a kebab-case name of the fault."""
    _require(CODE.fullmatch(loaded.rule.code), loaded.rule.code, "is no rule code")
    _require(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", loaded.rule.name), loaded.rule.name, "is not in kebab case")


def rests_on_a_table_or_a_document(loaded: LoadedRule, _cases: Sequence[Case]) -> None:
    """Only a loaded row or a cited document can deny; convention never does."""
    rule = loaded.rule
    documents = [citation for citation in rule.citations if citation.source != "convention"]
    _require(rule.tables or rule.citations, "the rule names no authority")
    _require(rule.severity is not Severity.DENY or rule.tables or documents, "deny rests on no table and no document")


def cites_items_of_the_manual(loaded: LoadedRule, _cases: Sequence[Case]) -> None:
    """A citation of the NCCI manual names chapter, section and item."""
    for citation in loaded.rule.citations:
        if citation.source == "ncci-policy-manual":
            _require(_MANUAL_ITEM.fullmatch(citation.locator), citation.locator, "is no item of the manual")


def has_a_check_that_can_be_compiled(loaded: LoadedRule, _cases: Sequence[Case]) -> None:
    """A pure function of numbers: no import, no text made, no file, and the parameters of its scope."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(loaded.check)))
    impure = [node for node in ast.walk(tree) if isinstance(node, _NOT_PURE)]
    _require(not impure, "check is not a pure function of numbers:", [ast.unparse(node) for node in impure])
    parameters = list(inspect.signature(loaded.check).parameters)
    _require(parameters == _PARAMETERS[loaded.rule.scope], parameters, "and not", _PARAMETERS[loaded.rule.scope])


def speaks_in_sentences(loaded: LoadedRule, _cases: Sequence[Case]) -> None:
    """Message and fix end as sentences do and are templates that can be filled."""
    for text in (loaded.rule.message, loaded.rule.fix.text):
        _require(text.rstrip().endswith("."), "no sentence:", text)
        list(string.Formatter().parse(text))
    _require(loaded.rule.fix.safety in {"safe", "review"}, "fix safety", loaded.rule.fix.safety)


def has_cases_that_fire_and_cases_that_stay_silent(_loaded: LoadedRule, cases: Sequence[Case]) -> None:
    """Both outcomes are shown."""
    _require({bool(case["expect"]) for case in cases} == {True, False}, "cases must both fire and stay silent")


def finds_nothing_in_nothing(loaded: LoadedRule, _cases: Sequence[Case]) -> None:
    """No claims, no findings."""
    report = check_claims([], book_from({}), rules=[loaded])
    _require(not report.findings and not report.claims, report)


def does_not_mind_the_order_of_lines(loaded: LoadedRule, cases: Sequence[Case]) -> None:
    """Turned round, a claim has as many findings."""
    for case in _firing(cases):
        claims, book = claims_from(case), book_from(case.get("book", {}))
        turned = [dataclasses.replace(claim, lines=tuple(reversed(claim.lines))) for claim in claims]
        before = check_claims(claims, book, rules=[loaded]).findings
        after = check_claims(turned, book, rules=[loaded]).findings
        _require(len(before) == len(after), case["name"])


def does_not_mind_other_patients(loaded: LoadedRule, cases: Sequence[Case]) -> None:
    """Claims of strangers around a claim change nothing in what is found on it."""
    for case in _firing(cases):
        claims, book = claims_from(case), book_from(case.get("book", {}))
        strangers = [
            claim_from({"patient_key": f"stranger {number}", "lines": [{"hcpcs": "99213"}], "diagnoses": ["I10"]})
            for number in range(3)
        ]
        alone = check_claims(claims, book, rules=[loaded]).findings
        together = check_claims([strangers[0], *claims, *strangers[1:]], book, rules=[loaded]).findings
        own = {claim.claim_id for claim in claims}
        of_strangers = check_claims(strangers, book, rules=[loaded]).findings
        _require(len(together) == len(alone) + len(of_strangers), case["name"])
        said = {finding.message for finding in together if finding.claim in own}
        _require({finding.message for finding in alone} <= said, case["name"])


def is_cleared_by_removing_the_lines_it_names(loaded: LoadedRule, cases: Sequence[Case]) -> None:
    """What a finding stands on is the line it names: without that line it is gone."""
    if loaded.rule.scope in {Scope.CLAIM, Scope.DIAGNOSIS}:
        return
    for case in _firing(cases):
        claims, book = claims_from(case), book_from(case.get("book", {}))
        found = check_claims(claims, book, rules=[loaded]).findings
        named = {(finding.claim, finding.line) for finding in found if finding.line is not None}
        kept = [
            dataclasses.replace(
                claim, lines=tuple(line for line in claim.lines if (claim.claim_id, line.line_no) not in named)
            )
            for claim in claims
        ]
        again = check_claims(kept, book, rules=[loaded]).findings
        _require(not {(finding.claim, finding.line) for finding in again} & named, case["name"])


PROMISES: Final = (
    is_documented_under_the_fixed_headings,
    has_a_code_and_a_name,
    rests_on_a_table_or_a_document,
    cites_items_of_the_manual,
    has_a_check_that_can_be_compiled,
    speaks_in_sentences,
    has_cases_that_fire_and_cases_that_stay_silent,
    finds_nothing_in_nothing,
    does_not_mind_the_order_of_lines,
    does_not_mind_other_patients,
    is_cleared_by_removing_the_lines_it_names,
)
