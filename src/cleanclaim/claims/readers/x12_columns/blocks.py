"""64 bytes at once: which of them are of a kind, as the bits of a word, and the places of the bits that are set."""

# The signatures and generators below are those of numba's untyped interface.
# mypy: disable-error-code="no-untyped-def, misc, no-untyped-call"
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.registry import cpu_target
from numba.extending import intrinsic

_BLOCK: Final = 64
_BYTE: Final = ir.IntType(8)
_NUMBER: Final = ir.IntType(32)
_WORD: Final = ir.IntType(64)
_BYTES: Final = ir.VectorType(_BYTE, _BLOCK)
_PLACES: Final = 16
"""Places of one vector."""

_FEATURES: Final = cpu_target.target_context.codegen()._get_host_cpu_features().split(",")  # noqa: SLF001 - as compiled for
COMPRESSES: Final = "+avx512vbmi2" in _FEATURES and "+bmi2" in _FEATURES
"""The processor can put the places of all bits of a word side by side: what :data:`store_places`, :data:`store_ranks`
and :data:`picked` ask for."""


def _in_every_lane(builder, value, lanes):  # noqa: ANN001, ANN202
    vector = ir.VectorType(value.type, lanes)
    lone = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(_NUMBER, 0))
    first = ir.Constant(ir.VectorType(_NUMBER, lanes), [0] * lanes)
    return builder.shuffle_vector(lone, ir.Constant(vector, ir.Undefined), first)


def _every_byte(builder, number):  # noqa: ANN001, ANN202
    return _in_every_lane(builder, builder.trunc(number, _BYTE), _BLOCK)


def _block_at(builder, address):  # noqa: ANN001, ANN202
    return builder.load(builder.inttoptr(address, _BYTES.as_pointer()), align=1)


@intrinsic
def _equal_in_block(typing_context, address, byte):  # noqa: ARG001, ANN001, ANN202
    """Which of the 64 bytes from ``address`` are ``byte``: bit 0 for the first."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        found = _block_at(builder, arguments[0])
        return builder.bitcast(builder.icmp_unsigned("==", found, _every_byte(builder, arguments[1])), _WORD)

    return types.uint64(types.int64, types.int64), generate


@intrinsic
def _between_in_block(typing_context, address, first, last):  # noqa: ARG001, ANN001, ANN202
    """Which of the 64 bytes from ``address`` are one from ``first`` to ``last``: bit 0 for the first byte."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        above = builder.sub(_block_at(builder, arguments[0]), _every_byte(builder, arguments[1]))
        many = _every_byte(builder, builder.sub(arguments[2], arguments[1]))
        return builder.bitcast(builder.icmp_unsigned("<=", above, many), _WORD)

    return types.uint64(types.int64, types.int64, types.int64), generate


def _store_places(usual: int) -> Any:
    """Makes what writes the places of the bits of a word, and ``more`` each, one after the other as 32-bit numbers.

    It writes over 64 such numbers at most, and over as many as ``usual`` at least.
    """

    @intrinsic
    def store(typing_context, address, word, more):  # noqa: ARG001, ANN001, ANN202
        def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
            address, word, more = arguments
            flags, some = ir.VectorType(ir.IntType(1), _BLOCK), ir.VectorType(_NUMBER, _PLACES)
            kind = ir.FunctionType(_BYTES, [_BYTES, _BYTES, flags])
            compress = builder.module.declare_intrinsic("llvm.x86.avx512.mask.compress.v64i8", [], kind)
            places = ir.Constant(_BYTES, list(range(_BLOCK)))
            found = builder.call(compress, [places, places, builder.bitcast(word, flags)])
            all_more = _in_every_lane(builder, builder.trunc(more, _NUMBER), _PLACES)

            def stored(first, end):  # noqa: ANN001, ANN202
                for at in range(first, end, _PLACES):
                    lanes = ir.Constant(some, list(range(at, at + _PLACES)))
                    numbers = builder.add(builder.zext(builder.shuffle_vector(found, found, lanes), some), all_more)
                    target = builder.add(address, ir.Constant(_WORD, 4 * at))
                    builder.store(numbers, builder.inttoptr(target, some.as_pointer()), align=1)

            stored(0, usual)
            with builder.if_then(
                builder.icmp_unsigned(">", builder.ctpop(word), ir.Constant(_WORD, usual)), likely=False
            ):
                stored(usual, _BLOCK)
            return context.get_dummy_value()

        return types.void(types.int64, types.uint64, types.int64), generate

    return store


@intrinsic
def _picked(typing_context, word, mask):  # noqa: ARG001, ANN001, ANN202
    """The bits of a word at which ``mask`` has one, side by side from below."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        kind = ir.FunctionType(_WORD, [_WORD, _WORD])
        return builder.call(builder.module.declare_intrinsic("llvm.x86.bmi.pext.64", [], kind), arguments)

    return types.uint64(types.uint64, types.uint64), generate


equal_in_block: Final[Callable[[int, int], np.uint64]] = cast("Any", _equal_in_block)
between_in_block: Final[Callable[[int, int, int], np.uint64]] = cast("Any", _between_in_block)
store_places: Final[Callable[[int, np.uint64, int], None]] = _store_places(2 * _PLACES)
"""For the separators of a block, which are more than 32 in few."""
store_ranks: Final[Callable[[int, np.uint64, int], None]] = _store_places(_PLACES)
"""For its terminators, which are more than 16 in few."""
picked: Final[Callable[[np.uint64, np.uint64], np.uint64]] = cast("Any", _picked)
