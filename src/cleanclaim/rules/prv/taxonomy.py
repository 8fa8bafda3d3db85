"""Citations of the provider taxonomy, and modifiers that name a profession."""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.modifiers import position
from cleanclaim.types import Citation

AA: Final = position("AA")
AD: Final = position("AD")
QK: Final = position("QK")
QX: Final = position("QX")
QY: Final = position("QY")
QZ: Final = position("QZ")
ASSISTANT_AS: Final = position("AS")
ASSISTANT_PHYSICIAN: Final = (position("80"), position("81"), position("82"))
GP: Final = position("GP")
GO: Final = position("GO")
GN: Final = position("GN")

BY_ANESTHESIOLOGIST: Final = (AA, AD, QK, QY)
"""Anesthesia done personally, or directed, by a physician."""


def nucc(text: str) -> Citation:
    """A citation of the health care provider taxonomy code set of the NUCC."""
    return Citation(source="nucc-taxonomy", release="25.1", locator="", text=text)


def level_two(modifier: str, text: str) -> Citation:
    """A citation of the HCPCS Level II list for what a modifier says."""
    return Citation(source="hcpcs", release="2025Q4", locator=modifier, text=text)
