"""Form (b): the rule is an expression over whole columns.

``lines`` has one numpy column for each field of the facts, and one column of flag bytes for each modifier; a pair
rule gets the columns of its Column One and Column Two lines, gathered once.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from cleanclaim.rules.modifiers import (
    ANATOMIC,
    DISTINCT,
    DISTINCT_BY_X,
    M24,
    M25,
    M26,
    M27,
    M57,
    M58,
    M59,
    M78,
    M79,
    M91,
    TC,
)
from cleanclaim.rules.ptp.bypass import EITHER_LINE_FROM

Hits = Any
"""A column of truth values, one for each line or edit."""


class Columns:
    """The records of a structured array as one contiguous column for each field; ``modifiers[M59]`` is a column."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self.__dict__.update(columns)

    @classmethod
    def of(cls, records: npt.NDArray[np.void]) -> Columns:
        """Copy every field of ``records`` into a column."""
        made: dict[str, Any] = {}
        for name in records.dtype.names or ():
            if name == "modifiers":
                made[name] = list(np.ascontiguousarray(records[name].T).view(np.bool_))
            else:
                made[name] = np.ascontiguousarray(records[name])
        return cls(made)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def part(self, first: int, after: int) -> Columns:
        """The same columns between two rows, without a copy."""
        return Columns(
            {
                name: [flags[first:after] for flags in column] if name == "modifiers" else column[first:after]
                for name, column in vars(self).items()
            }
        )


class PairColumns:
    """What pair rules read of the lines of each edit: columns gathered when first asked for, then kept."""

    def __init__(self, lines: Columns, at: npt.NDArray[np.intp]) -> None:
        self._lines, self._at = lines, at
        self._kept: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self._kept:
            self._kept[name] = getattr(self._lines, name)[self._at]
        return self._kept[name]

    def flag(self, modifier: int) -> Any:
        """Whether a modifier is on the line of each pair."""
        if modifier not in self._kept:
            self._kept[modifier] = self._lines.modifiers[modifier][self._at]
        return self._kept[modifier]


def any_flag(lines: PairColumns, modifiers: tuple[int, ...]) -> Hits:
    """Where at least one of some modifiers is on the line."""
    return reduce(np.logical_or, (lines.flag(modifier) for modifier in modifiers))


# --- the three rules


def ptp002(edit: Columns, one: PairColumns, two: PairColumns) -> Hits:
    """The edit has modifier indicator 1 and no PTP-associated modifier sets Column Two apart."""
    in_force = edit.start_known & ~edit.borrowed & (edit.modifier_indicator == 1)
    said_on_either = edit.service_day >= EITHER_LINE_FROM
    bypassed = qualifies(two, distinct_counts=True) | qualifies(one, distinct_counts=said_on_either)
    visit = one.evaluation_and_management | two.evaluation_and_management
    sited = any_flag(two, ANATOMIC) | (visit & any_flag(one, ANATOMIC))
    return in_force & ~bypassed & ~sited & ~associated(one) & ~associated(two)


def qualifies(line: PairColumns, *, distinct_counts: Any) -> Hits:
    """Where a modifier that fits its service is on the line."""
    on_visit = line.flag(M24) | line.flag(M25) | line.flag(M57) | (line.flag(M27) & ~line.professional)
    distinct = any_flag(line, DISTINCT_BY_X) | (line.flag(M59) & ~line.never_distinct)
    otherwise = (
        line.flag(M58)
        | line.flag(M78)
        | line.flag(M79)
        | (line.flag(M91) & line.laboratory)
        | (distinct & distinct_counts)
    )
    return np.where(line.evaluation_and_management, on_visit, otherwise)


def associated(line: PairColumns) -> Hits:
    """Where any PTP-associated modifier that is not anatomic is on the line."""
    return any_flag(line, (M24, M25, M27, M57, M58, M78, M79, M91, *DISTINCT))


def mue003(line: Columns) -> Hits:
    """The day's units are over a clinical limit; said on the claim's last line of the code and day."""
    return (
        (line.mue_mai == 3)
        & (line.mue_value > 0)
        & (line.units_of_day > line.mue_value)
        & line.last_of_code_and_day
    )  # fmt: skip


def cmp001(line: Columns) -> Hits:
    """The line bears 26 or TC, and the fee schedule neither divides the code nor has a row with the modifier."""
    concerned = (line.modifiers[M26] != line.modifiers[TC]) & ~line.is_measure
    concerned &= line.has_fee_schedule & ~line.has_row_for_modifier
    undivided = ~np.isin(line.pc_tc_indicator, (-1, 1))
    return concerned & np.where(line.pc_tc_indicator == 9, line.medicare != 0, undivided)
