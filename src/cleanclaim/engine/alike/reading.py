"""What a rule reads and names: the facts it looks at, and the whole numbers and dates it may compare them with.

A rule is a plain function of facts. Which of them it reaches for, itself or in what it calls, stands in its code; so
does every number it knows, as its own constant or a name of its module.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

Function = Callable[..., Any]


@lru_cache(maxsize=4096)
def names_read(check: Function) -> frozenset[str]:
    """Every name that a rule's function, or one it calls, reaches for: attributes among them."""
    return frozenset(
        name for function in _called(check) for code in _codes(function.__code__) for name in code.co_names
    )


@lru_cache(maxsize=4096)
def numbers_named(check: Function) -> frozenset[int]:
    """Every whole number that a rule's function, or one it calls, knows; a date is the number of its day."""
    return frozenset(
        number
        for function in _called(check)
        for value in (*_constants(function), *map(function.__globals__.get, _names(function)))
        for number in _numbers_in(value)
    )


def _called(check: Function) -> Iterator[Any]:
    """The function and all that it calls by a name of its module."""
    seen: set[int] = set()
    waiting = [check]
    while waiting:
        function = inspect.unwrap(waiting.pop())  # what remembers its answers is no function itself
        if id(function) in seen or not inspect.isfunction(function):
            continue
        seen.add(id(function))
        yield function
        space = function.__globals__
        waiting += [space[name] for name in _names(function) if callable(space.get(name))]


def _names(function: Any) -> Iterator[str]:
    for code in _codes(function.__code__):
        yield from code.co_names


def _constants(function: Any) -> Iterator[Any]:
    for code in _codes(function.__code__):
        yield from code.co_consts


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _codes(value)


def _numbers_in(value: Any) -> Iterator[int]:
    if isinstance(value, dt.date):
        yield value.toordinal()
    elif isinstance(value, int):
        yield int(value)
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _numbers_in(pair)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for entry in value:
            yield from _numbers_in(entry)
