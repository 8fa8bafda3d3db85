"""Which share of a service a line bills, and whether the place leaves that share to the facility.

PC/TC 1 is a test of two shares: 26 bills the professional one, TC the technical one, neither of them bills both.
PC/TC 2 is a code of the professional share alone, 3 of the technical share alone, 4 of both (record layout,
attachment A).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.modifiers import M26, TC

HOSPITAL: Final = (19, 21, 22, 23)
"""Off-campus outpatient, inpatient, on-campus outpatient, emergency room: the places named hospital."""
INPATIENT: Final = (21, 51, 61)
"""Inpatient hospital, inpatient psychiatric facility, inpatient rehabilitation facility."""


def whole_in_facility(line: LineFacts) -> bool:
    """Both shares are billed where the facility is paid for the technical one."""
    if not line.professional_share_only or line.modifiers[M26] or line.modifiers[TC]:
        return False
    return line.pc_tc_indicator in {1, 4}


def technical_in_facility(line: LineFacts) -> bool:
    """The technical share is billed where the facility is paid for it."""
    if not line.professional_share_only or line.modifiers[M26]:
        return False
    return line.pc_tc_indicator == 3 or (line.pc_tc_indicator == 1 and bool(line.modifiers[TC]))


def of_another_share(line: LineFacts) -> bool:
    """26 or TC names a share that the code, by its indicator, does not stand for alone: another code does."""
    if line.modifiers[M26] == line.modifiers[TC]:
        return False
    wrong = (3, 4) if line.modifiers[M26] else (2, 4)
    return line.pc_tc_indicator in wrong


def incident_to_in_hospital(line: LineFacts) -> bool:
    """A service of the practitioner's staff is billed to Medicare for a hospital's patient."""
    return line.pc_tc_indicator == 5 and line.medicare != 0 and line.place_of_service in HOSPITAL
