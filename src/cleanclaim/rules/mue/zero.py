"""Codes whose published unit limit is 0."""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.modifiers import GY


def charged_at_zero_limit(line: LineFacts) -> bool:
    """The line asks payment for a code of which the edits allow no unit in this setting.

    Not asked for: a line at 0.00 (0.01 where software refuses zero) reports without asking payment, GY asks for the
    denial itself, and quality measures are the QLT family's.
    """
    return (
        line.mue_value == 0
        and line.units_per_day > 0
        and not 0 <= line.charge_cents <= 1
        and not line.is_measure
        and not line.modifiers[GY]
    )
