"""Texts that come from Python, put among those the compiled reader has found."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.readers.x12_columns.machine import kernel
from cleanclaim.claims.readers.x12_columns.words import LONGEST, exactly_numbered


@kernel
def add_texts(pool: int, starts: npt.NDArray[np.int64], numbers: npt.NDArray[np.int32], vocabulary: int) -> bool:
    """Give each text of a pool, as it stands, its number; False where there is no room, or one is too long."""
    for at in range(len(numbers)):
        length = starts[at + 1] - starts[at]
        if length > LONGEST:
            return False
        found = exactly_numbered(pool + starts[at], length, vocabulary)
        if found < 0:
            return False
        numbers[at] = found
    return True
