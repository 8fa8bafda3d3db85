"""The heading or block a diagnosis stands under, told by its first characters."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from cleanclaim.rules.code_groups import BASE, code_number
from cleanclaim.rules.facts import DiagnosisFacts

_ORGANISM_FIRST: Final = code_number("B95")
_ORGANISM_LAST: Final = code_number("B97")
_DELIVERY: Final = code_number("Z37")
_CIRCUMSTANCES_FIRST: Final = code_number("Z55")
_CIRCUMSTANCES_LAST: Final = code_number("Z65")
_BODY_MASS: Final = code_number("Z68")
_SEVERE_SEPSIS: Final = code_number("R652")
_STROKE_SCALE: Final = code_number("R297")
_UNDERIMMUNIZED: Final = code_number("Z283")
_COMA_FIRST: Final = code_number("R4021")
_COMA_LAST: Final = code_number("R4024")


def beginning(dx: DiagnosisFacts, characters: int) -> int:
    """The number of the code's first characters; 0 where it is shorter."""
    if dx.characters < characters:
        return 0
    number = dx.code_number
    for _ in range(dx.characters - characters):
        number //= BASE
    return number


class Addition(IntEnum):
    """What a code only adds to another, by the guideline that says so."""

    NONE = 0
    """Nothing: the code may stand first."""
    ORGANISM = 1
    SEVERE_SEPSIS = 2
    OUTCOME_OF_DELIVERY = 3
    DOCUMENTED_BY_OTHERS = 4
    """Body mass index, scales, underimmunization, social circumstances: what others than the provider may document."""


def addition(dx: DiagnosisFacts) -> Addition:
    """What the code says of a condition or visit that by the coding guidelines has a code of its own."""
    category, subcategory, fifth = beginning(dx, 3), beginning(dx, 4), beginning(dx, 5)
    if _ORGANISM_FIRST <= category <= _ORGANISM_LAST:
        return Addition.ORGANISM
    if subcategory == _SEVERE_SEPSIS:
        return Addition.SEVERE_SEPSIS
    if category == _DELIVERY:
        return Addition.OUTCOME_OF_DELIVERY
    by_others = (
        _CIRCUMSTANCES_FIRST <= category <= _CIRCUMSTANCES_LAST
        or category == _BODY_MASS
        or subcategory in (_STROKE_SCALE, _UNDERIMMUNIZED)
        or _COMA_FIRST <= fifth <= _COMA_LAST
    )
    return Addition.DOCUMENTED_BY_OTHERS if by_others else Addition.NONE


def only_adds(dx: DiagnosisFacts) -> bool:
    """By the coding guidelines the code cannot stand first: it only adds to another."""
    return addition(dx) != Addition.NONE
