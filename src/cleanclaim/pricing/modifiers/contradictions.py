"""Modifiers that cannot both be true of one line: no price is made up for what they might mean."""

from __future__ import annotations

from typing import Final

from cleanclaim.pricing.model import Line
from cleanclaim.pricing.modifiers.authority import custom, manual
from cleanclaim.types import Citation

KEY: Final = "modifier_conflict"
ASSISTANTS: Final = ("80", "81", "82", "AS")

_COMBINATIONS: Final = manual("40.9", "the surgical modifiers that may stand together on one line")
_GLOBAL: Final = manual("40.2", "how shares of the global package are billed")
_SAID: Final = custom("the two say the opposite of each other")

_CONTRADICTIONS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...], str, Citation], ...]] = (
    (("50",), ("LT", "RT"), "50 is both sides already, LT or RT is one", _SAID),
    (("62",), ("66",), "62 is one of two surgeons, 66 one of a team", _COMBINATIONS),
    (("62", "66"), ASSISTANTS, "a surgeon of two or of a team is not the assistant too", _COMBINATIONS),
    (("54", "55", "56"), ASSISTANTS, "an assistant has no share of the care before and after", _COMBINATIONS),
    (("54",), ("55", "56"), "who gives the care of both bills two lines, or the code alone for all of it", _GLOBAL),
    (("55",), ("56",), "care after and care before the operation are billed on two lines", _GLOBAL),
    (("78",), ("54", "55", "56"), "78 is paid for the operation alone and has no shares to divide", _GLOBAL),
    (("78",), ("58", "79"), "78 is a complication, 58 a planned stage, 79 something unrelated", _SAID),
    (("58",), ("79",), "58 is a stage of the first procedure, 79 has nothing to do with it", _SAID),
    (("22",), ("52", "53"), "22 is more work than usual, 52 and 53 are less", _SAID),
    (("52",), ("53",), "52 was done in part as intended, 53 was stopped", _SAID),
    (("73",), ("74",), "73 was stopped before anesthesia, 74 after it", _SAID),
    (("53",), ("73", "74"), "53 is the practitioner's, 73 and 74 are the facility's", _SAID),
    (("CQ",), ("CO",), "CQ is physical therapy, CO occupational therapy", _SAID),
)


def refuse(line: Line) -> None:
    """Refuse a line of which two modifiers contradict each other."""
    if len(line.service.modifiers) < 2:  # noqa: PLR2004 - as it says
        return
    for some, others, why, citation in _CONTRADICTIONS:
        one = [modifier for modifier in some if line.service.bears(modifier)]
        two = [modifier for modifier in others if line.service.bears(modifier)]
        if one and two:
            line.refuse(KEY, f"{one[0]} and {two[0]} on one line contradict each other: {why}", citation)
            return
