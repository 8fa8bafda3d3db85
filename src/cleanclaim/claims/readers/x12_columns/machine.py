"""What the compiled reader needs below the language: memory by address, and 64 bytes compared at once.

Everything here takes a bare address and checks nothing: each caller says why the address lies inside. Compiled once
and kept on disk, with a stamp of every source file that has a part in it.
"""

# The signatures and generators below are those of numba's untyped interface.
# mypy: disable-error-code="no-untyped-def, misc, no-untyped-call"
from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_BLOCK: Final = 64
_HERE: Final = Path(__file__).parent
_SOURCES: Final = (
    *sorted(_HERE.glob("*.py")),
    # Tables and places made of these are part of the machine code.
    *(_HERE.parent / name for name in ("x12_loops.py", "x12_claim.py")),
    _HERE.parents[1] / "table_layout.py",
)

_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy"}
# Python never calls a helper: nothing is made for that.
_HELPER_OPTIONS: Final[dict[str, Any]] = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_Function = TypeVar("_Function", bound=Callable[..., Any])


def helper(function: _Function) -> _Function:
    """A function that only compiled functions call."""
    made: Any = numba.njit(**_HELPER_OPTIONS)(function)
    return cast("_Function", made)


def kernel(function: _Function) -> _Function:
    """A compiled function that Python calls. The machine code is kept on disk.

    numba looks at the time of one source file only; here any of ours that changes makes it compile anew.
    """
    try:
        made: Any = numba.njit(**{**_OPTIONS, "cache": True})(function)
    except RuntimeError:  # there is no place where anything can be kept
        return cast("_Function", numba.njit(**_OPTIONS)(function))
    stamp = hashlib.sha256(b"".join(source.read_bytes() for source in _SOURCES)).hexdigest()
    made._cache._cache_file._source_stamp = stamp  # noqa: SLF001 - numba offers no other way to name the sources
    return cast("_Function", made)


def _load(width: int, kind: Any) -> Any:
    @intrinsic
    def load(typing_context, address):  # noqa: ARG001, ANN001, ANN202
        def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
            pointer = builder.inttoptr(arguments[0], ir.IntType(width).as_pointer())
            value = builder.load(pointer, align=1)
            return value if width == 64 else builder.zext(value, ir.IntType(64))  # noqa: PLR2004

        return kind(types.int64), generate

    return load


def _store(width: int) -> Any:
    @intrinsic
    def store(typing_context, address, value):  # noqa: ARG001, ANN001, ANN202
        def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
            pointer = builder.inttoptr(arguments[0], ir.IntType(width).as_pointer())
            given = arguments[1]
            builder.store(given if width == 64 else builder.trunc(given, ir.IntType(width)), pointer, align=1)  # noqa: PLR2004
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), generate

    return store


load_word: Final[Callable[[int], np.uint64]] = _load(64, types.uint64)
"""Eight bytes, the first in the lowest bits."""
load_int64: Final[Callable[[int], int]] = _load(64, types.int64)
load_uint32: Final[Callable[[int], int]] = _load(32, types.int64)
load_byte: Final[Callable[[int], int]] = _load(8, types.int64)
store_int64: Final[Callable[[int, int], None]] = _store(64)
store_int32: Final[Callable[[int, int], None]] = _store(32)
store_int16: Final[Callable[[int, int], None]] = _store(16)
store_byte: Final[Callable[[int, int], None]] = _store(8)


@intrinsic
def _equal_in_block(typing_context, address, byte):  # noqa: ARG001, ANN001, ANN202
    """Which of the 64 bytes from ``address`` are ``byte``: bit 0 for the first."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        block = ir.VectorType(ir.IntType(8), _BLOCK)
        found = builder.load(builder.inttoptr(arguments[0], block.as_pointer()), align=1)
        lone = builder.insert_element(
            ir.Constant(block, ir.Undefined), builder.trunc(arguments[1], ir.IntType(8)), ir.Constant(ir.IntType(32), 0)
        )
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), _BLOCK), [0] * _BLOCK)
        all_of_it = builder.shuffle_vector(lone, ir.Constant(block, ir.Undefined), lanes)
        return builder.bitcast(builder.icmp_unsigned("==", found, all_of_it), ir.IntType(_BLOCK))

    return types.uint64(types.int64, types.int64), generate


@intrinsic
def _trailing_zeros(typing_context, word):  # noqa: ARG001, ANN001, ANN202
    """How many bits below the lowest one that is set; 64 where none is."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


@intrinsic
def _bits_set(typing_context, word):  # noqa: ARG001, ANN001, ANN202
    """How many bits are set."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


equal_in_block: Final[Callable[[int, int], np.uint64]] = cast("Any", _equal_in_block)
trailing_zeros: Final[Callable[[np.uint64], int]] = cast("Any", _trailing_zeros)
bits_set: Final[Callable[[np.uint64], int]] = cast("Any", _bits_set)


@helper
def signed(word: np.uint64) -> int:
    """The same 64 bits as a signed number."""
    number: int = np.int64(word)  # type: ignore[assignment]  # to the compiler the two are one
    return number
