"""Form (a): the rule is a scalar function of one record; for many records the same function is compiled.

Nothing is written twice. ``records`` are slotted objects for a few claims, and rows of a structured array with the
same field names for many. :func:`compiled` takes a rule's ``check`` as it stands, with the small functions it calls.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

import cleanclaim.rules
from cleanclaim.rules.modifiers import KNOWN_TO_RULES

Check = Callable[..., bool]
_WIDTHS: Final = {"int": "i4", "float": "f8", "bool": "?"}


def dtype_of(facts: type) -> np.dtype[np.void]:
    """The structured type with the fields of a facts record; modifiers are a row of flag bytes."""
    described: list[tuple[Any, ...]] = []
    for field in dataclasses.fields(facts):
        kind = str(field.type)
        described.append((field.name, "u1", (len(KNOWN_TO_RULES),)) if kind == "bytes" else (field.name, _WIDTHS[kind]))
    return np.dtype(described, align=True)


def compiled(function: Callable[..., Any], known: dict[Callable[..., Any], Any] | None = None) -> Any:
    """``function`` compiled when first called, and with it every function of ours that it calls.

    The source stays as it is. Two things are done on the way: a global that is a function is replaced by its
    compiled twin, and keyword-only parameters become ordinary ones, which the compiler wants.
    """
    known = {} if known is None else known
    if function not in known:
        code = function.__code__
        called = {
            name: compiled(function.__globals__[name], known)
            for name in code.co_names
            if isinstance(function.__globals__.get(name), types.FunctionType)
        }
        plain = code.replace(co_argcount=code.co_argcount + code.co_kwonlyargcount, co_kwonlyargcount=0)
        copy = types.FunctionType(plain, {**function.__globals__, **called}, function.__name__, function.__defaults__)
        known[function] = numba.njit(copy, nogil=True)
    return known[function]


LINE_KERNEL: Final = """
def kernel(lines, hits):
    for at in range(len(lines)):
        line = lines[at]
{body}
"""
PAIR_KERNEL: Final = """
def kernel(edits, ones, twos, lines, hits):
    for at in range(len(edits)):
        edit, one, two = edits[at], lines[ones[at]], lines[twos[at]]
{body}
"""


def kernel(checks: Sequence[Check], template: str, arguments: str, cache: Path) -> Callable[..., None]:
    """One compiled loop that asks several rules of every record and writes ``hits[at, rule]``.

    The machine code is kept in ``cache`` under a name made of the source of all rules, so that a rule or a helper
    that changes is compiled anew.
    """
    body = "\n".join(f"        hits[at, {number}] = check_{number}({arguments})" for number in range(len(checks)))
    text = template.format(body=body)
    name = f"kernel_{_fingerprint(text)}"
    path = cache / f"{name}.py"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    module = _module(name, path)
    known: dict[Callable[..., Any], Any] = {}
    for number, check in enumerate(checks):
        setattr(module, f"check_{number}", compiled(check, known))
    made: Callable[..., None] = numba.njit(nogil=True, cache=True)(module.kernel)
    return made


def _module(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[name] = module
    return module


def _fingerprint(text: str) -> str:
    """Of the loop, the source of every rule, and the compiler."""
    digest = hashlib.sha256(text.encode() + numba.__version__.encode())
    for source in sorted(Path(cleanclaim.rules.__path__[0]).rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def interpreted_lines(checks: Sequence[Check], lines: Sequence[Any]) -> list[list[bool]]:
    """The same rules asked of slotted objects, without the compiler."""
    return [[check(line) for check in checks] for line in lines]


def interpreted_pairs(checks: Sequence[Check], pairs: Sequence[tuple[Any, Any, Any]]) -> list[list[bool]]:
    """The same for pairs: the edit, the Column One line, the Column Two line."""
    return [[check(edit, one, two) for check in checks] for edit, one, two in pairs]


def hits(records: int, rules: int) -> npt.NDArray[np.bool_]:
    """Where a kernel writes its answers."""
    return np.zeros((records, rules), np.bool_)
