"""Facts for the experiment: lines and edits as the engine would have gathered them, at random from a seed."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from scalar import dtype_of

from cleanclaim.rules import modifiers as known_modifiers
from cleanclaim.rules.facts import EditFacts, LineFacts

LINES_OF_CLAIM: Final = 3
_COMMON: Final = ("59", "25", "26", "TC", "RT", "LT", "XS", "91", "58", "50", "24", "GA")
_RARE: Final = 0.02
_VALUES: Final = (-1, 0, 1, 2, 3, 5, 9, 21, 90, ord("A"), ord("B"), 739_800)

Facts = TypeVar("Facts")

Records = npt.NDArray[np.void]


def lines_at_random(count: int, seed: int = 7) -> Records:
    """``count`` lines; each common modifier stands on one line in fifty."""
    random = np.random.default_rng(seed)
    lines = np.zeros(count, dtype_of(LineFacts))
    for modifier in _COMMON:
        lines["modifiers"][:, known_modifiers.position(modifier)] = random.random(count) < _RARE
    lines["service_day"] = 739_800 + random.integers(0, 60, count)
    lines["evaluation_and_management"] = random.random(count) < 0.3
    lines["laboratory"] = ~lines["evaluation_and_management"] & (random.random(count) < 0.2)
    lines["professional"] = True
    lines["medicare"] = random.integers(-1, 2, count)
    lines["has_fee_schedule"] = random.random(count) < 0.95
    lines["pc_tc_indicator"] = random.choice((0, 0, 0, 1, 2, 3, 4, 5, 9), count)
    lines["has_row_for_modifier"] = (lines["pc_tc_indicator"] == 1) | (random.random(count) < 0.9)
    lines["mue_value"] = random.choice((-1, 1, 1, 2, 3, 4, 10), count)
    lines["mue_mai"] = np.where(lines["mue_value"] < 0, 0, random.choice((1, 2, 3, 3), count))
    lines["units_per_day"] = 1 + random.poisson(0.3, count)
    lines["units_of_day"] = lines["units_per_day"]
    lines["last_of_code_and_day"] = True
    return lines


def edits_at_random(lines: Records, seed: int = 11) -> tuple[Records, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """One edit for every third line, between two lines of one claim: the edits, their lines One and Two."""
    random = np.random.default_rng(seed)
    ones = np.arange(0, len(lines) - LINES_OF_CLAIM + 1, LINES_OF_CLAIM)
    twos = ones + random.integers(1, LINES_OF_CLAIM, len(ones))
    edits = np.zeros(len(ones), dtype_of(EditFacts))
    edits["modifier_indicator"] = random.integers(0, 2, len(ones))
    edits["service_day"] = lines["service_day"][ones]
    edits["start_known"] = random.random(len(ones)) < 0.9
    return edits, ones, twos


def anything_at_random(facts: type, count: int, seed: int = 20260701) -> Records:
    """Records with every field at random, likely or not: values that the rules compare with come up often."""
    random = np.random.default_rng(seed)
    records = np.zeros(count, dtype_of(facts))
    for name in records.dtype.names or ():
        kind = records.dtype[name]
        if kind.subdtype is not None:
            records[name] = random.random(records[name].shape) < 0.03
        elif kind == np.bool_:
            records[name] = random.random(count) < 0.5
        else:
            records[name] = random.choice(_VALUES, count)
    return records


def objects(facts: type[Facts], records: Records) -> list[Facts]:
    """The same records as the slotted objects the engine makes for a few claims."""
    return [facts(**_fields(row, records.dtype.names)) for row in records]


def _fields(row: Any, names: tuple[str, ...] | None) -> dict[str, Any]:
    return {name: row[name].tobytes() if name == "modifiers" else row[name].item() for name in names or ()}
