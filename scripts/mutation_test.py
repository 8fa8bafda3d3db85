"""Mutation testing of the rule files: how many small faults in a rule would its cases and oracle not notice?

Usage: ``python scripts/mutation_test.py [--cases] [FAMILY ...]`` (needs ``pip install cosmic-ray pytest hypothesis``).

The mutations are Cosmic Ray's; they are applied in memory, one after the other, to every rule file and every module of
shared predicates in a family's folder. A mutant is killed when a case of a rule that uses the module fails, else when
the oracle of the family fails. What survives is listed in docs/explanation/mutation-testing.md.
With ``--cases`` no oracle is asked, which takes a tenth of the time: more survives then than with them.

A mutant that answers as the rule does whatever the facts is no fault and is not counted (equivalent_mutants.py).

Left out are the operators that put ``is`` for ``==`` (the same thing for the small numbers that facts are), that take
off decorators (rules have none), and that need to be told a variable's name.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from equivalent_mutants import is_equivalent

import cleanclaim.rules
from cleanclaim.rules.model import CODE, LoadedRule, Rule
from cleanclaim.rules.registry import own_rules
from cleanclaim.testing.contract import cases_beside, run_case

ROOT = Path(__file__).parents[1]
RULES = Path(cleanclaim.rules.__file__).parent
PAGE = ROOT / "docs" / "explanation" / "mutation-testing.md"
SECONDS = 20
"""A mutant that takes longer than this for its cases has made a loop endless: it is killed."""


@dataclass(frozen=True)
class Mutant:
    """One small fault: the operator, and which of the places it fits."""

    module: str
    operator: str
    occurrence: int
    source: str
    change: str


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: killed by ``cases`` or ``oracle``, ``equivalent``, or survived (``""``)."""

    mutant: Mutant
    killed_by: str


def operators() -> list[str]:
    """The operators that are applied."""
    wanted = []
    for name in operator_names():
        last = name.rpartition("/")[2]
        comparison = last.startswith("ReplaceComparisonOperator")
        if last.startswith(("RemoveDecorator", "Exception", "Variable")):
            continue
        if comparison and {"Is", "IsNot"} & set(last.split("_")[1:]):
            continue
        wanted.append(name)
    return wanted


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of one module whose code still compiles and differs."""
    code = path.read_text(encoding="utf-8")
    module = _module(path)
    seen = {code}
    for name in operators():
        occurrence = 0
        while (mutated := mutate_code(code, get_operator(name)(), occurrence)) is not None:
            if mutated not in seen:
                seen.add(mutated)
                with contextlib.suppress(SyntaxError):
                    compile(mutated, str(path), "exec")
                    yield Mutant(module, name.rpartition("/")[2], occurrence, mutated, _change(code, mutated))
            occurrence += 1


def _module(path: Path) -> str:
    return f"cleanclaim.rules.{path.parent.name}.{path.stem}"


def _change(before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return " -> ".join(line[1:].strip() for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"})


@contextlib.contextmanager
def applied(mutant: Mutant) -> Iterator[Rule | None]:
    """The mutant in place of the module, in every module that took something from it; yields its RULE, if any."""
    module = importlib.import_module(mutant.module)
    made = ModuleType(mutant.module)
    made.__file__ = module.__file__
    exec(compile(mutant.source, str(module.__file__), "exec"), made.__dict__)  # noqa: S102 - the mutant is our own code
    undo: list[Callable[[], None]] = []
    for name, value in vars(made).items():
        original = vars(module).get(name)
        if isinstance(original, FunctionType) and original.__module__ == mutant.module:
            undo.append(_swap_code(original, value))
        elif isinstance(original, type) and original.__module__ == mutant.module:
            undo += [
                _swap_value(other, name, value)
                for other in list(sys.modules.values())
                if other.__name__.startswith("cleanclaim.") and vars(other).get(name) is original
            ]
        elif isinstance(value, int | float | bytes | tuple | frozenset) and value != original:
            undo += [
                _swap_value(other, name, value)
                for other in list(sys.modules.values())
                if other.__name__.startswith("cleanclaim.") and vars(other).get(name, ...) == original
            ]
    try:
        yield vars(made).get("RULE")
    finally:
        for step in undo:
            step()


def _swap_code(function: FunctionType, other: Any) -> Callable[[], None]:
    before = function.__code__, function.__defaults__
    function.__code__, function.__defaults__ = other.__code__, other.__defaults__

    def back() -> None:
        function.__code__, function.__defaults__ = before

    return back


def _swap_value(module: ModuleType, name: str, value: Any) -> Callable[[], None]:
    before = vars(module)[name]
    setattr(module, name, value)
    return lambda: setattr(module, name, before)


def users_of(module: str) -> list[LoadedRule]:
    """The rules whose files are the module or take something from it, directly or through another of its family.

    Advice takes from shared predicates too (``engine.findings``): their whole family uses them.
    """
    wanted = {module}
    files = [path for path in RULES.glob("*/*.py") if path.stem != "__init__"]
    if not CODE.fullmatch(module.rpartition(".")[2]):
        wanted |= {_module(path) for path in files if path.parent.name == module.split(".")[2]}
    texts = {_module(path): path.read_text(encoding="utf-8") for path in files}
    while True:
        more = {name for name, text in texts.items() if any(f"from {used} import" in text for used in wanted)} - wanted
        if not more:
            break
        wanted |= more
    return [loaded for loaded in own_rules() if loaded.check.__module__ in wanted]


class Endless(Exception):
    """A mutant took too long."""


def _too_long(*_: object) -> None:
    raise Endless


_ASKED = {"oracles": True}
"""Set before the processes are started, which inherit it."""


def outcome_of(mutant: Mutant) -> Outcome:
    """Run the cases, then the oracle, against one mutant."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        with applied(mutant) as rule:
            for loaded in users_of(mutant.module):
                own = loaded.check.__module__ == mutant.module
                chosen = replace(loaded, rule=rule) if own and rule is not None else loaded
                for case in cases_beside(sys.modules[loaded.check.__module__]):
                    run_case(chosen, case)
    except Exception:  # noqa: BLE001 - a mutant may fail in any way at all; each is a fault noticed
        return Outcome(mutant, "cases")
    finally:
        signal.alarm(0)
    module = sys.modules[mutant.module]
    before = Path(str(module.__file__)).read_text(encoding="utf-8")
    if mutant.source != before and is_equivalent(before, mutant.source, module):
        return Outcome(mutant, "equivalent")
    oracles = [ROOT / "tests" / "oracle" / f"test_{mutant.module.split('.')[2]}.py"] if _ASKED["oracles"] else []
    found = [str(path) for path in oracles if path.exists()]
    if found:
        with applied(mutant), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            if (
                pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", *found])
                == pytest.ExitCode.TESTS_FAILED
            ):
                return Outcome(mutant, "oracle")
    return Outcome(mutant, "")


def of_module(path: Path) -> list[Outcome]:
    """The outcomes of all mutants of one module. Raises where its cases or oracle fail without any fault put in."""
    sound = Mutant(_module(path), "none", 0, path.read_text(encoding="utf-8"), "")
    if outcome_of(sound).killed_by:
        raise RuntimeError(f"{path.name}: its own tests fail as it stands; mend that first")
    return [outcome_of(mutant) for mutant in mutants_of(path)]


def modules(families: list[str]) -> list[Path]:
    """The rule files and shared predicates that are mutated."""
    chosen = [path for path in sorted(RULES.glob("*/*.py")) if path.stem not in {"__init__", "words"}]
    return [path for path in chosen if not families or path.parent.name.upper() in families]


def page(outcomes: list[Outcome]) -> str:
    """The page that lists what survived."""
    equivalent = sum(outcome.killed_by == "equivalent" for outcome in outcomes)
    outcomes = [outcome for outcome in outcomes if outcome.killed_by != "equivalent"]
    survived = [outcome for outcome in outcomes if not outcome.killed_by]
    by_cases = sum(outcome.killed_by == "cases" for outcome in outcomes)
    by_oracle = sum(outcome.killed_by == "oracle" for outcome in outcomes)
    share = 100 * len(survived) / max(len(outcomes), 1)
    rows = [
        f"| {outcome.mutant.module.rpartition('.')[2]} | {outcome.mutant.operator} | `{_cell(outcome.mutant.change)}` |"
        for outcome in survived
    ]
    families = sorted({outcome.mutant.module.split(".")[2].upper() for outcome in outcomes})
    table = []
    for family in families:
        own = [outcome for outcome in outcomes if outcome.mutant.module.split(".")[2].upper() == family]
        left = sum(not outcome.killed_by for outcome in own)
        table.append(f"| {family} | {len(own)} | {len(own) - left} | {left} | {100 * left / len(own):.1f}% |")
    return "\n".join(
        [
            "# Mutation testing",
            "",
            "Made by `python scripts/mutation_test.py`; read there how. A mutant is a rule with one small fault put in",
            (
                "by Cosmic Ray. It is killed when a case or the oracle of its family notices. Not counted are the"
                if _ASKED["oracles"]
                else "by Cosmic Ray. It is killed when a case notices; the oracles were not asked in this run\n"
                "(`--cases`), and would kill some of those that survived. Not counted are the"
            ),
            (
                f"{equivalent} mutants that answer as the rule does whatever the facts: `== 1` and `>= 1` say the same "
                "of a flag."
            ),
            "",
            (
                f"{len(outcomes)} mutants: {by_cases} killed by cases, {by_oracle} more by an oracle, "
                f"{len(survived)} survived ({share:.1f}%)."
            ),
            "",
            "| family | mutants | killed | survived | share |",
            "|---|---|---|---|---|",
            *table,
            "",
            "## Survivors",
            "",
            "| module | operator | change |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'")


def main() -> None:
    """Mutate, test, write the page."""
    _ASKED["oracles"] = "--cases" not in sys.argv
    families = [argument.upper() for argument in sys.argv[1:] if argument != "--cases"]
    paths = modules(families)
    outcomes: list[Outcome] = []
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), maxtasksperchild=4) as pool:
        for done, of_one in enumerate(pool.imap_unordered(of_module, paths), 1):
            outcomes += of_one
            left = sum(not outcome.killed_by for outcome in of_one)
            name = of_one[0].mutant.module if of_one else "-"
            print(f"{done}/{len(paths)} {name}: {len(of_one)} mutants, {left} survived", flush=True)
            if not families:
                PAGE.write_text(page(outcomes), encoding="utf-8")  # a run that is cut short leaves what it has
    outcomes.sort(key=lambda outcome: (outcome.mutant.module, outcome.mutant.operator, outcome.mutant.occurrence))
    if families:
        for outcome in outcomes:
            if not outcome.killed_by:
                print(outcome.mutant.module, outcome.mutant.operator, outcome.mutant.change)
    else:
        PAGE.write_text(page(outcomes), encoding="utf-8")
    outcomes = [outcome for outcome in outcomes if outcome.killed_by != "equivalent"]
    survived = sum(not outcome.killed_by for outcome in outcomes)
    print(f"{len(outcomes)} mutants, {survived} survived ({100 * survived / max(len(outcomes), 1):.1f}%)")


if __name__ == "__main__":
    main()
