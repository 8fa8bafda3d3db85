"""The experiment behind docs/explanation/rule-form.md: three rules, each written in three forms.

    python benchmarks/rule_forms/run.py [--lines N] [--output FILE]

(a) scalar: the rule's own ``check``, interpreted for a few claims and compiled for many. (b) columns: expressions
over numpy columns. (c) hybrid: the pair rule compiled, the rest as column expressions. The forms must find the same
before anything is timed; when a rule has moved on, mend its twin in columns.py first.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

import numba
import numpy as np
from bench.measure import Figure, Spread, child, cold, each_in_turn, in_turn, percentile, ratios, write_results
from columns import Columns, PairColumns, cmp001, mue003, ptp002
from facts_at_random import LINES_OF_CLAIM, Records, anything_at_random, edits_at_random, lines_at_random, objects
from scalar import LINE_KERNEL, PAIR_KERNEL, hits, interpreted_lines, interpreted_pairs, kernel

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Scope
from cleanclaim.rules.registry import all_rules, find_rule

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE.parent / "results" / "rule_forms.json"
BLOCK: Final = 3 * 4096
"""Lines worked on at a time, a whole number of claims: what an expression makes on the way stays in the cache."""
LINE_RULES: Final = ("MUE003", "CMP001")
PAIR_RULES: Final = ("PTP002",)
ROUNDS: Final = 7


class Input:
    """The same facts in every shape a form wants."""

    def __init__(self, count: int) -> None:
        self.lines: Records = lines_at_random(count - count % BLOCK if count > BLOCK else count)
        self.edits, self.ones, self.twos = edits_at_random(self.lines)
        self.line_columns = Columns.of(self.lines)
        self.edit_columns = Columns.of(self.edits)
        few = self.lines[: min(len(self.lines), 30_000)]
        edits = self.edits[: len(few) // LINES_OF_CLAIM]
        self.objects = objects(LineFacts, few)
        self.pair_objects = [
            (edit, self.objects[one], self.objects[two])
            for edit, one, two in zip(objects(EditFacts, edits), self.ones, self.twos, strict=False)
        ]
        self.line_hits = np.zeros((len(self.lines), len(LINE_RULES)), np.bool_)
        self.pair_hits = np.zeros((len(self.edits), len(PAIR_RULES)), np.bool_)

    def blocks(self) -> list[tuple[int, int]]:
        """Where to cut the lines: at claims."""
        return [(first, min(first + BLOCK, len(self.lines))) for first in range(0, len(self.lines), BLOCK)]


class Forms:
    """The three forms as work on one block of lines and the pairs among them."""

    def __init__(self, given: Input, cache: Path) -> None:
        self.given = given
        self.line_checks = [find_rule(code).check for code in LINE_RULES]
        self.pair_checks = [find_rule(code).check for code in PAIR_RULES]
        self.line_kernel = kernel(self.line_checks, LINE_KERNEL, "line", cache)
        self.pair_kernel = kernel(self.pair_checks, PAIR_KERNEL, "edit, one, two", cache)

    def scalar(self, block: tuple[int, int]) -> None:
        """(a), compiled."""
        first, after = block
        self.line_kernel(self.given.lines[first:after], self.given.line_hits[first:after])
        self._compiled_pairs(block)

    def columns(self, block: tuple[int, int]) -> None:
        """(b)."""
        self._line_columns(block)
        pairs = slice(block[0] // LINES_OF_CLAIM, block[1] // LINES_OF_CLAIM)
        one = PairColumns(self.given.line_columns, self.given.ones[pairs])
        two = PairColumns(self.given.line_columns, self.given.twos[pairs])
        self.given.pair_hits[pairs, 0] = ptp002(self.given.edit_columns.part(pairs.start, pairs.stop), one, two)

    def hybrid(self, block: tuple[int, int]) -> None:
        """(c)."""
        self._line_columns(block)
        self._compiled_pairs(block)

    def interpreted(self) -> tuple[list[list[bool]], list[list[bool]]]:
        """(a), without the compiler, on the objects."""
        return (
            interpreted_lines(self.line_checks, self.given.objects),
            interpreted_pairs(self.pair_checks, self.given.pair_objects),
        )

    def _line_columns(self, block: tuple[int, int]) -> None:
        part = self.given.line_columns.part(*block)
        self.given.line_hits[block[0] : block[1], 0] = mue003(part)
        self.given.line_hits[block[0] : block[1], 1] = cmp001(part)

    def _compiled_pairs(self, block: tuple[int, int]) -> None:
        pairs = slice(block[0] // LINES_OF_CLAIM, block[1] // LINES_OF_CLAIM)
        given = self.given
        self.pair_kernel(given.edits[pairs], given.ones[pairs], given.twos[pairs], given.lines, given.pair_hits[pairs])


def must_agree(forms: Forms) -> dict[str, int]:
    """How often each rule fires; raises when two forms do not find the same."""
    given = forms.given
    found = {}
    for name, form in (("scalar", forms.scalar), ("columns", forms.columns), ("hybrid", forms.hybrid)):
        given.line_hits[:], given.pair_hits[:] = False, False
        for block in given.blocks():
            form(block)
        found[name] = (given.line_hits.copy(), given.pair_hits.copy())
    by_line, by_pair = (np.array(hits) for hits in forms.interpreted())
    expected = (found["scalar"][0][: len(by_line)], found["scalar"][1][: len(by_pair)])
    if not (np.array_equal(by_line, expected[0]) and np.array_equal(by_pair, expected[1])):
        raise AssertionError("compiled and interpreted do not find the same")
    for name, (lines, pairs) in found.items():
        for code, one, other in zip(
            (*LINE_RULES, *PAIR_RULES),
            (*lines.T, *pairs.T),
            (*found["scalar"][0].T, *found["scalar"][1].T),
            strict=True,
        ):
            if not np.array_equal(one, other):
                raise AssertionError(f"{code}: {name} and scalar do not find the same; has the rule changed?")
    return {
        code: int(hits.sum())
        for code, hits in zip((*LINE_RULES, *PAIR_RULES), (*found["scalar"][0].T, *found["scalar"][1].T), strict=True)
    }


Form = Callable[[tuple[int, int]], object]


def many(forms: Forms, rounds: int) -> list[Figure]:
    """A batch, in blocks: nanoseconds a line on one thread, and what a second thread gains.

    Two threads are measured by the clock. What the machine has to give at that moment is shown by a loop that does
    nothing but multiply: with a second core to itself it is done twice as fast on two threads.
    """
    blocks = forms.given.blocks()
    ways: dict[str, Form] = {"scalar": forms.scalar, "columns": forms.columns, "hybrid": forms.hybrid}

    def one_after_another(form: Form) -> None:
        for block in blocks:
            form(block)

    with ThreadPoolExecutor(2) as pool:

        def side_by_side(form: Form) -> None:
            list(pool.map(form, blocks))

        alone = in_turn({name: partial(one_after_another, form) for name, form in ways.items()}, rounds)
        both: dict[str, Form] = {**ways, "multiplying": lambda block: multiply(block[1] - block[0])}
        by_clock = in_turn(
            {f"{name}, 1": partial(one_after_another, form) for name, form in both.items()}
            | {f"{name}, 2": partial(side_by_side, form) for name, form in both.items()},
            rounds,
            time.perf_counter,
        )
    lines = len(forms.given.lines)
    figures = compared(
        "batch", {name: [1e9 * value / lines for value in values] for name, values in alone.items()}, "ns/line"
    )
    return figures + [
        Figure(
            f"batch, two threads against one: {name}",
            Spread.of(ratios(by_clock[f"{name}, 1"], by_clock[f"{name}, 2"]), "times as fast"),
        )
        for name in both
    ]


@numba.njit(nogil=True)
def multiply(count: int) -> int:
    """A loop that needs nothing but a core."""
    product = 1
    for number in range(count * 40):
        product = product * 31 + number
    return product


def every_line_rule(rounds: int, cache: Path, without: tuple[str, ...]) -> list[Figure]:
    """Every line rule of the package asked of lines with any facts, compiled and interpreted: nanoseconds a line."""
    chosen = [
        loaded.check for loaded in all_rules() if loaded.rule.scope is Scope.LINE and loaded.rule.code not in without
    ]
    lines = anything_at_random(LineFacts, BLOCK)
    few_lines = objects(LineFacts, lines[: BLOCK // 4])
    asked = kernel(chosen, LINE_KERNEL, "line", cache)
    answers = hits(len(lines), len(chosen))
    seconds = in_turn(
        {
            "compiled": lambda: [asked(lines, answers) for _ in range(10)],
            "interpreted": lambda: interpreted_lines(chosen, few_lines),
        },
        rounds,
    )
    compiled = [1e9 * value / (10 * len(lines)) for value in seconds["compiled"]]
    interpreted = [1e9 * value / len(few_lines) for value in seconds["interpreted"]]
    what = f"every line rule ({len(chosen)})"
    return [
        Figure(f"{what}, compiled", Spread.of(compiled, "ns/line")),
        Figure(f"{what}, interpreted", Spread.of(interpreted, "ns/line")),
        Figure(f"{what}, interpreted against compiled", Spread.of(ratios(interpreted, compiled), "times")),
    ]


def few(forms: Forms, rounds: int) -> dict[str, list[float]]:
    """Microseconds for one claim of three lines with one edit between them: the median of many claims a round."""
    given = forms.given
    claims = min(300, len(given.pair_objects))
    objects = [given.objects[3 * at : 3 * at + 3] for at in range(claims)]
    columns = [Columns.of(given.lines[3 * at : 3 * at + 3]) for at in range(claims)]
    edits = [Columns.of(given.edits[at : at + 1]) for at in range(claims)]

    def scalar(at: int) -> object:
        return interpreted_lines(forms.line_checks, objects[at]), interpreted_pairs(
            forms.pair_checks, given.pair_objects[at : at + 1]
        )

    def column_rules(at: int) -> object:
        one, two = (PairColumns(columns[at], where[at : at + 1] - 3 * at) for where in (given.ones, given.twos))
        return mue003(columns[at]), cmp001(columns[at]), ptp002(edits[at], one, two)

    def hybrid(at: int) -> object:
        pair = interpreted_pairs(forms.pair_checks, given.pair_objects[at : at + 1])
        return mue003(columns[at]), cmp001(columns[at]), pair

    singles = each_in_turn({"scalar": scalar, "columns": column_rules, "hybrid": hybrid}, claims, rounds)
    return {name: [1e6 * percentile(turn, 0.5) for turn in turns] for name, turns in singles.items()}


def compared(what: str, measured: dict[str, list[float]], unit: str) -> list[Figure]:
    """What each form took, and how many times that of the scalar one."""
    figures = [Figure(f"{what}: {name}", Spread.of(values, unit)) for name, values in measured.items()]
    others = {name: values for name, values in measured.items() if name != "scalar"}
    return figures + [
        Figure(f"{what}: {name} against scalar", Spread.of(ratios(values, measured["scalar"]), "times"))
        for name, values in others.items()
    ]


_IMPORT: Final = {
    "scalar, for a few claims": "import cleanclaim.rules.registry as r; r.all_rules()",
    "columns": "import cleanclaim.rules.registry as r; r.all_rules(); import numpy",
    "compiler, for many": "import cleanclaim.rules.registry as r; r.all_rules(); import numba",
}

_FIRST: Final = """
sys.path.insert(0, sys.argv[1])
from pathlib import Path
begun = time.process_time()
import numpy as np
from scalar import LINE_KERNEL, PAIR_KERNEL, kernel
from facts_at_random import edits_at_random, lines_at_random
from cleanclaim.rules.registry import all_rules
imported = time.process_time()
codes, without = (set(filter(None, text.split(","))) for text in sys.argv[3:5])
chosen = [rule for rule in all_rules() if rule.rule.code not in without and (not codes or rule.rule.code in codes)]
lines = lines_at_random(3)
edits, ones, twos = edits_at_random(lines)
compiled = []
for scope, template, arguments in (("line", LINE_KERNEL, "line"), ("pair", PAIR_KERNEL, "edit, one, two")):
    checks = [rule.check for rule in chosen if rule.rule.scope == scope]
    hits = np.zeros((len(lines), len(checks)), bool)
    made = kernel(checks, template, arguments, Path(sys.argv[2]))
    made(lines, hits) if scope == "line" else made(edits, ones, twos, lines, hits)
    compiled.append(len(checks))
done = time.process_time()
print(json.dumps({"import": imported - begun, "first": done - imported, "rules": sum(compiled)}))
"""


def start(folder: Path, cold_starts: int, not_compilable: tuple[str, ...]) -> list[Figure]:
    """What each form costs before the first answer: imports, the first compilation, and a start from the cache."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    figures = []
    for name, code in _IMPORT.items():
        cold(("-c", code), environment)
        bare, ours = [], []
        for _ in range(cold_starts):
            bare.append(cold(("-c", "pass"), environment))
            ours.append(cold(("-c", code), environment))
        against = ratios([one.processor for one in ours], [one.processor for one in bare])
        seconds = Spread.of([one.processor for one in ours], "s of the processor")
        figures.append(Figure(f"process that imports the rules: {name}", seconds))
        figures.append(Figure(f"the same against a bare interpreter: {name}", Spread.of(against, "times")))
    for what, codes in (("the three rules", ",".join((*LINE_RULES, *PAIR_RULES))), ("every line and pair rule", "")):
        first, again = [], []
        for number in range(max(1, cold_starts // 2)):
            cache = str(folder / f"cache-{len(codes)}-{number}")
            arguments = (str(HERE), cache, codes, ",".join(not_compilable))
            first.append(child(_FIRST, environment, *arguments))
            again.append(child(_FIRST, environment, *arguments))
        said = f"{what} ({first[0]['rules']})"
        figures.append(
            Figure(f"first compilation, {said}", Spread.of([run["first"] for run in first], "s of the processor"))
        )
        figures.append(
            Figure(f"start from the cache, {said}", Spread.of([run["first"] for run in again], "s of the processor"))
        )
        speed = ratios([run["first"] for run in first], [run["first"] for run in again])
        figures.append(Figure(f"first against cached, {said}", Spread.of(speed, "times")))
    return figures


def main(arguments: list[str] | None = None) -> None:
    """Run the experiment, print the figures and keep them."""
    parser = argparse.ArgumentParser(description="Measure three forms of three rules.")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--output", type=Path, default=RESULTS)
    parser.add_argument("--without", default="", help="rules to leave out of the compilation of all, by code")
    options = parser.parse_args(arguments)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="cleanclaim-forms-") as folder:
        forms = Forms(Input(options.lines), Path(folder) / "cache")
        fired = must_agree(forms)
        print(f"{len(forms.given.lines):,} lines, {len(forms.given.edits):,} edits; fired: {fired}\n")
        figures += many(forms, options.rounds)
        interpreted = in_turn({"interpreted": forms.interpreted}, options.rounds)["interpreted"]
        slow = [1e9 * value / len(forms.given.objects) for value in interpreted]
        single = few(forms, options.rounds)
        figures.append(Figure("batch, scalar interpreted", Spread.of(slow, "ns/line")))
        figures += compared("one claim of 3 lines", single, "us")
        without = tuple(filter(None, options.without.split(",")))
        figures += every_line_rule(options.rounds, Path(folder) / "cache", without)
        figures += start(Path(folder), options.rounds, without)
    for figure in figures:
        print(f"{figure.what}: {figure.value}")
    document: dict[str, Any] = {
        "schema": "cleanclaim.rule-forms/1",
        "lines": options.lines,
        "fired": fired,
        "figures": [{"what": f.what, **{s: getattr(f.value, s) for s in Spread.__slots__}} for f in figures],
    }
    write_results(options.output, document)


if __name__ == "__main__":
    main()
