"""How payers want modifiers to be reported, as numbers a rule can compare, and when a line does otherwise."""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.modifiers import ANATOMIC, DISTINCT_BY_X, M50, M51, M59, any_of, position

_ASSISTANTS: Final = (position("80"), position("81"), position("82"))

ONE_LINE_50: Final = 1
TWO_LINES_LT_RT: Final = 2

DISTINCT_X: Final = 1
DISTINCT_59: Final = 2
MULTIPLE_51: Final = 3
NO_MULTIPLE_51: Final = 4
ASSISTANT_AS: Final = 5
SIDE_SHOWN: Final = 6


def breaks_bilateral_style(style: int, line: LineFacts) -> bool:
    """Both sides are reported, and in the other way than the payer wants."""
    if style == ONE_LINE_50:
        return line.side_on_other_line
    return style == TWO_LINES_LT_RT and line.modifiers[M50] == 1


def breaks_modifier_style(style: int, line: LineFacts) -> bool:
    """The line's modifiers are not those the payer wants."""
    if style == DISTINCT_X:
        return line.modifiers[M59] == 1 and not any_of(line.modifiers, DISTINCT_BY_X)
    if style == DISTINCT_59:
        return any_of(line.modifiers, DISTINCT_BY_X) and line.modifiers[M59] == 0
    if style == MULTIPLE_51:
        return line.lesser_procedure and line.modifiers[M51] == 0
    if style == NO_MULTIPLE_51:
        return line.modifiers[M51] == 1
    if style == ASSISTANT_AS:
        return line.nonphysician and any_of(line.modifiers, _ASSISTANTS)
    return style == SIDE_SHOWN and not any_of(line.modifiers, ANATOMIC) and line.modifiers[M50] == 0
