"""Arrow arrays of texts and numbers, from their bytes.

``pyarrow.array`` would do, but where pandas is installed it imports that first, to ask whether what it is given is a
series of it: a quarter of a second, and 60 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def binary(texts: Sequence[bytes], kind: pa.DataType | None = None) -> Any:
    """An array of these bytes, of the type ``large_binary`` unless another of 64-bit lengths is given."""
    starts = np.fromiter(accumulate(map(len, texts), initial=0), np.int64, len(texts) + 1)
    buffers = [None, pa.py_buffer(starts), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(kind or pa.large_binary(), len(texts), buffers)


def strings(texts: Sequence[str]) -> pa.LargeStringArray:
    """An array of these texts. Raises UnicodeEncodeError for a text that UTF-8 has no form for."""
    return binary([text.encode() for text in texts], pa.large_string())


def numbers(values: npt.NDArray[np.int64]) -> pa.Int64Array:
    """An array of these numbers."""
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(np.ascontiguousarray(values, np.int64))])


def filled(values: pa.Array) -> npt.NDArray[np.int64]:
    """The whole numbers of an array, -1 for each that is null."""
    if not len(values):
        return np.zeros(0, np.int64)
    whole = values.cast(pa.int64())
    validity, data = whole.buffers()
    found = np.frombuffer(data, np.int64)[whole.offset : whole.offset + len(whole)]
    return np.where(_bits(validity, whole), found, -1) if whole.null_count else found


def flags(values: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    """The truth values of an array without nulls."""
    return _bits(values.buffers()[1], values)


def _bits(bitmap: Any, values: pa.Array) -> npt.NDArray[np.bool_]:
    """A bitmap of an array, as truth values."""
    bits = np.unpackbits(np.frombuffer(bitmap, np.uint8), bitorder="little") if len(values) else np.zeros(0, np.uint8)
    return bits[values.offset : values.offset + len(values)].astype(np.bool_)
