"""Where the visits of a code are made, as CPT names them. Only places that surely contradict are told.

The ranges are facts of the code set; which place fits them is the custom of the trade. A telehealth place (02, 10) says
how, not where, and contradicts none; 21 is where Medicare wants any service to a hospital inpatient placed.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import CodeKind, LineFacts

_OFFICE: Final = (code_number("99202"), code_number("99215"))
_HOSPITAL: Final = (code_number("99221"), code_number("99239"))
_EMERGENCY: Final = (code_number("99281"), code_number("99285"))
_NURSING: Final = (code_number("99304"), code_number("99316"))
_HOME: Final = (code_number("99341"), code_number("99350"))

_STAY: Final = (21, 51, 61)
"""Inpatient hospital, psychiatric and rehabilitation facility."""
_NOT_HOSPITAL: Final = (11, 12, 13, 14, 15, 17, 20, 31, 32, 33, 49, 50, 71, 72, 81)
"""Office, home, assisted living, group home, mobile unit, retail and urgent care clinic, nursing facilities, clinics,
laboratory."""
_NOT_NURSING_FACILITY: Final = (11, 12, 14, 15, 17, 20, 23, 24, 49, 50, 71, 72, 81)
_NOT_HOME: Final = (11, 17, 19, 20, 21, 22, 23, 24, 31, 32, 49, 50, 51, 61, 71, 72, 81)


def visit_elsewhere(line: LineFacts) -> bool:
    """The place of service is surely none where visits of the code are made."""
    code, place = line.code_number, line.place_of_service
    if line.code_kind != CodeKind.CATEGORY_I:
        return False
    if _OFFICE[0] <= code <= _OFFICE[1]:
        return place in _STAY
    if _HOSPITAL[0] <= code <= _HOSPITAL[1] or _EMERGENCY[0] <= code <= _EMERGENCY[1]:
        return place in _NOT_HOSPITAL
    if _NURSING[0] <= code <= _NURSING[1]:
        return place in _NOT_NURSING_FACILITY
    return _HOME[0] <= code <= _HOME[1] and place in _NOT_HOME
