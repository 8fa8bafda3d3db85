"""Modalities of imaging: which one a guidance code is, and with which a procedure has another code."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from cleanclaim.index.lookup import Answer, DayBook

MODALITIES: Final = ("ultrasound", "fluoroscopy", "CT", "MR", "stereotactic imaging", "mammography")
ANY_MODALITY: Final = "any imaging"

_CODES_NAMED: Final = re.compile(r" \([^)]*\)")
_BETWEEN: Final = re.compile(r", | or ")
_CODE: Final = re.compile(r"[0-9A-Z]{5}")


@lru_cache(maxsize=256)
def modality_flags(modality: str) -> int:
    """One bit for each modality that the imaging-guidance table names: ``fluoroscopy or CT`` is 0b110."""
    named = set(_BETWEEN.split(_CODES_NAMED.sub("", modality)))
    return sum(1 << at for at, name in enumerate(MODALITIES) if name in named or ANY_MODALITY in named)


def partner_flags(day: DayBook, imaging: Answer[Any]) -> dict[str, int]:
    """The codes to report with imaging in place of a code without, each with the modalities it stands for.

    A partner of which the table says nothing stands for those of the code it replaces.
    """
    found = {}
    for partner in _CODE.findall(imaging.fact.partner):
        own = day.imaging(partner)
        found[partner] = modality_flags(own.fact.modality if own.known else imaging.fact.modality)
    return found
