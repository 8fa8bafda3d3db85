"""Which mutants of a rule no claim could tell from the rule: the same answer over all the values its facts can have.

A flag byte is 0 or 1, so ``== 1`` and ``>= 1`` say the same of it; a count is never negative, so ``> 0`` and ``!= 0``
do; the last value of an enumeration has none above it. Such a mutant is no fault, and no case could notice it.

The smallest expression in which rule and mutant differ, then each that encloses it, and last the function, is worked
out both ways for every combination of the values that its facts can have. Where the values of one are not known here
(units, charges), nothing is called equal: a case must tell the mutant from the rule.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from enum import IntEnum
from itertools import product
from types import FunctionType, ModuleType
from typing import Any, Final

from cleanclaim.rules import facts
from cleanclaim.rules.facts import AddOnType, CodeKind, Package, SameProvider

_RECORDS: Final = {
    "line": facts.LineFacts,
    "one": facts.LineFacts,
    "two": facts.LineFacts,
    "dx": facts.DiagnosisFacts,
    "claim": facts.ClaimFacts,
    "edit": facts.EditFacts,
}
_VALUES: Final = {
    **dict.fromkeys(("medicare", "facility", "surgery_in_sight"), (-1, 0, 1)),
    "pos_state": (-1, 0, 1, 2),
    "modifier_indicator": (-1, 0, 1),
    "mue_mai": (0, 1, 2, 3),
    "record_wanted": (0, 1, 2),
    **dict.fromkeys(
        ("pc_tc_indicator", "multiple_procedure", "bilateral", "assistant", "co_surgeon", "team_surgeon"),
        tuple(range(-1, 10)),
    ),
    "global_days": (-1, 0, 10, 90, 100, 101, 102, 103),
}
"""What a fact can be (:mod:`cleanclaim.rules.facts`); a published one-digit indicator is any digit."""
_LEAST: Final = {
    **dict.fromkeys(("modifier_count", "pointer_count", "diagnosis_count", "line_count", "code_number"), 0),
    **dict.fromkeys(("units_per_day", "units_of_day", "frequency_count"), 0),
    **dict.fromkeys(("mue_value", "frequency_maximum"), -1),
}
"""The least value of a fact that can be any number from there on; a day (``*_day``) is 0 or more."""
_MOST: Final = 100_000
"""Combinations worked out; an expression with more is left alone."""

_Part = ast.expr | ast.FunctionDef


def is_equivalent(before: str, after: str, module: ModuleType) -> bool:
    """Whether the mutant ``after`` of the module whose source is ``before`` answers as it does, whatever the facts."""
    one, other = _Signatures().visit(ast.parse(before)), _Signatures().visit(ast.parse(after))
    same_code = ast.dump(one) == ast.dump(other)
    return same_code or any(_same(*parts, vars(module)) for parts in _enclosing(one, other))


class _Signatures(ast.NodeTransformer):
    """Forgets which parameters are given by name only (``*``) or by place only (``/``): no call here minds."""

    def visit_arguments(self, node: ast.arguments) -> ast.arguments:
        given = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        defaults = [*node.defaults, *(value for value in node.kw_defaults if value is not None)]
        return ast.arguments([], given, node.vararg, [], [], node.kwarg, defaults)


def _possible(known: Mapping[str, Any]) -> bool:
    """What holds between facts of a line (``engine.globals``, ``engine.gather``).

    It falls into a package exactly when that package is somebody's, and a line that is no visit only into the days
    after. A line without a unit limit has no adjudication indicator, one without a code no
    number of it, and one that is no add-on no primary.
    """
    package, by, visit = (known.get(f"line.{name}") for name in ("package", "package_by", "visit"))
    limit, indicator = known.get("line.mue_value"), known.get("line.mue_mai")
    kind, number = known.get("line.code_kind"), known.get("line.code_number")
    add_on, primary = known.get("line.add_on_type"), known.get("line.primary_present")
    return (
        (package is None or by is None or (package == Package.NONE) == (by == SameProvider.NO))
        and (package is None or visit is not False or package <= Package.POST_OP)
        and (limit is None or indicator is None or (limit < 0) == (indicator == 0))
        and (add_on is None or primary is not True or add_on != AddOnType.NOT_ADD_ON)
        and (kind is None or number is None or (kind == CodeKind.ABSENT) == (number == 0))
    )


def _enclosing(one: ast.AST, other: ast.AST) -> Iterator[tuple[_Part, _Part]]:
    """The expressions that hold all of the difference, from the innermost out, and the function they stand in."""
    inner = []
    if type(one) is type(other):
        pairs = zip(ast.iter_child_nodes(one), ast.iter_child_nodes(other), strict=False)
        inner = [pair for pair in pairs if ast.dump(pair[0]) != ast.dump(pair[1])]
    if len(inner) == 1:
        yield from _enclosing(*inner[0])
    if isinstance(one, ast.expr | ast.FunctionDef) and isinstance(other, ast.expr | ast.FunctionDef):
        yield one, other


def _same(one: _Part, other: _Part, names: Mapping[str, Any]) -> bool:
    own = {node.id for node in ast.walk(one) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    reading = _Facts(names, own, _numbers(one, names) | _numbers(other, names))
    answers = [_function(reading, side, names) for side in (one, other)]
    combinations = 1
    for values in reading.values.values():
        combinations *= len(values)
    if not reading.values or not reading.complete or not 0 < combinations <= _MOST:
        return False
    for values in product(*reading.values.values()):
        known = dict(zip(reading.values, values, strict=True))
        if _possible(known) and answers[0](known) != answers[1](known):
            return False
    return True


def _numbers(side: _Part, names: Mapping[str, Any]) -> set[int]:
    """The numbers that stand in the code, by themselves or by a name."""
    found = [node.value for node in ast.walk(side) if isinstance(node, ast.Constant)]
    found += [names.get(node.id) for node in ast.walk(side) if isinstance(node, ast.Name)]
    return {value for value in found if isinstance(value, int)}


def _function(reading: _Facts, side: _Part, names: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    """The code as a function of the facts it reads, each under its text."""
    body = side.body if isinstance(side, ast.FunctionDef) else [ast.Return(side)]
    made = ast.parse("def answer(_facts): ...")
    assert isinstance(made.body[0], ast.FunctionDef)
    text = "\n".join(ast.unparse(statement) for statement in body)
    made.body[0].body = [reading.visit(statement) for statement in ast.parse(text).body]
    scope = dict(names)
    exec(compile(ast.fix_missing_locations(made), "mutant", "exec"), scope)  # noqa: S102 - a rule of our own
    function: Callable[[Mapping[str, Any]], Any] = scope["answer"]
    return function


class _Facts(ast.NodeTransformer):
    """Puts ``_facts[text]`` for each fact, and notes in ``values`` those that it can have.

    ``complete`` is False when the values of one are not known.
    """

    def __init__(self, names: Mapping[str, Any], own: set[str], numbers: set[int]) -> None:
        self._names = names
        self._own = own
        self._numbers = numbers
        self._calculating = False
        self.values: dict[str, tuple[Any, ...]] = {}
        self.complete = True

    def _fact(self, node: ast.expr, values: tuple[Any, ...]) -> ast.expr:
        text = ast.unparse(node)
        self.complete = self.complete and bool(values)
        self.values[text] = values
        return ast.parse(f"_facts[{text!r}]", mode="eval").body

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id in _RECORDS:
            return self._fact(node, self._values(_RECORDS[node.value.id], node.attr))
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        is_flag = isinstance(node.value, ast.Attribute) and node.value.attr == "modifiers"
        return self._fact(node, (0, 1) if is_flag else ())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "bool":
            return ast.Call(node.func, [self.visit(argument) for argument in node.args], [])
        if name == "count_of":
            return self._fact(node, tuple(range(5)))
        # What makes any other function answer as it does is left open here.
        return self._fact(node, _answers(self._names.get(name)))

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        before, self._calculating = self._calculating, True
        made = self.generic_visit(node)
        self._calculating = before
        return made

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return node if node.id in self._names or node.id in self._own else self._fact(node, ())

    def _values(self, record: type, name: str) -> tuple[Any, ...]:
        default = next((field.default for field in fields(record) if field.name == name), None)
        if isinstance(default, bool):
            return (False, True)
        if isinstance(default, IntEnum):
            return tuple(type(default))
        if name in _VALUES:
            return _VALUES[name]
        if (name in _LEAST or name.endswith("_day")) and not self._calculating:
            # Those around the numbers that it is compared with stand for all of them, also for parts of a unit.
            near = {number + step for number in self._numbers for step in (-1, 0, 1)} | {-1, 0, 1, 2, 3}
            return tuple(sorted(number for number in near if number >= _LEAST.get(name, 0)))
        return ()


def _answers(function: Any) -> tuple[Any, ...]:
    """All that a function can answer: yes and no, or the members of an enumeration."""
    if not isinstance(function, FunctionType):
        return ()
    said = function.__annotations__.get("return")
    answer = function.__globals__.get(said) if isinstance(said, str) else said
    if said == "bool":
        return (False, True)
    return tuple(answer) if isinstance(answer, type) and issubclass(answer, IntEnum) else ()
