"""BLAKE2b (RFC 7693) of eight texts at a time, each of at most one block: each vector has one word of all of them."""

# The signatures and generators below are those of numba's untyped interface.
# mypy: disable-error-code="no-untyped-def, misc, no-untyped-call"
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cleanclaim.claims.readers.x12_columns.layout import LANES, VECTOR

_WORD: Final = ir.IntType(64)
_VECTOR: Final = ir.VectorType(_WORD, LANES)
_ONES: Final = 0xFFFFFFFFFFFFFFFF
_PARAMETERS: Final = 0x01010008
"""A digest of 8 bytes, no key, one leaf (RFC 7693, 2.5)."""
_START: Final = (
    *(0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1),
    *(0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179),
)
"""The initialization vector (RFC 7693, 2.6)."""
_SIGMA: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
    (11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4),
    (7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
    (9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13),
    (2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
    (12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11),
    (13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
    (6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5),
    (10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0),
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
)
"""The order in which each round takes the message words (RFC 7693, 2.7)."""


def _every(word: int) -> Any:
    return ir.Constant(_VECTOR, [word] * LANES)


def _turned(builder, value, right):  # noqa: ANN001, ANN202
    return builder.or_(builder.lshr(value, _every(right)), builder.shl(value, _every(64 - right)))


def _mixed(builder, words, message):  # noqa: ANN001, ANN202
    """Mix the sixteen words, in vectors that stay in the processor from the first round to the last (RFC 7693, 3.2)."""
    for order in _SIGMA:
        # The function G (3.1) on the columns, then on the diagonals, which step a column further with each row.
        for step, column in ((step, column) for step in (0, 1) for column in range(4)):
            a, b, c, d = (4 * row + (column + step * row) % 4 for row in range(4))
            one, other = order[8 * step + 2 * column : 8 * step + 2 * column + 2]
            for number, first, second in ((one, 32, 24), (other, 16, 63)):
                words[a] = builder.add(builder.add(words[a], words[b]), message(number))
                words[d] = _turned(builder, builder.xor(words[d], words[a]), first)
                words[c] = builder.add(words[c], words[d])
                words[b] = _turned(builder, builder.xor(words[b], words[c]), second)


@intrinsic
def _hash_lanes(typing_context, message, lengths, hashes):  # noqa: ARG001, ANN001, ANN202
    """Write the first 8 bytes of each hash as a big-endian number.

    ``message`` is the address of sixteen vectors with the words of the texts, zero behind them; ``lengths`` that of
    one with their lengths.
    """

    def generate(context, builder, signature, arguments):  # noqa: ARG001, ANN001, ANN202
        message, lengths, hashes = arguments

        def place(address, number=0):  # noqa: ANN001, ANN202
            return builder.inttoptr(builder.add(address, ir.Constant(_WORD, VECTOR * number)), _VECTOR.as_pointer())

        begun = _START[0] ^ _PARAMETERS
        words = [_every(word) for word in (begun, *_START[1:], *_START)]
        words[12] = builder.xor(words[12], builder.load(place(lengths), align=8))
        words[14] = _every(_START[6] ^ _ONES)  # the text is the last block, and the first
        _mixed(builder, words, lambda number: builder.load(place(message, number), align=8))
        digest = builder.xor(_every(begun), builder.xor(words[0], words[8]))
        kind = ir.FunctionType(_VECTOR, [_VECTOR])
        swapped = builder.module.declare_intrinsic(f"llvm.bswap.v{LANES}i64", [], kind)
        builder.store(builder.call(swapped, [digest]), place(hashes), align=8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


hash_lanes: Final[Callable[[int, int, int], None]] = cast("Any", _hash_lanes)
