"""Modifiers by which a claim says that its denial is expected."""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.modifiers import GY, position

GA: Final = position("GA")
GZ: Final = position("GZ")


def denial_expected(line: LineFacts) -> bool:
    """GA (the patient was told in writing) or GZ (was not): not reasonable and necessary, says the claim itself."""
    return bool(line.modifiers[GA] or line.modifiers[GZ])


def says_itself(line: LineFacts) -> bool:
    """The claim itself says that the line is not covered: GA, GZ, or GY (excluded by statute)."""
    return denial_expected(line) or bool(line.modifiers[GY])
