"""Groups of procedure codes that rules speak of, by code number.

Ranges are facts of the published code sets; which of them a rule may rest on is said at each group.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from cleanclaim.rules.facts import CodeKind

_SHAPES: Final = (
    (re.compile(r"\d{5}|\d{4}A", re.ASCII), CodeKind.CATEGORY_I),
    (re.compile(r"\d{4}F", re.ASCII), CodeKind.CATEGORY_II),
    (re.compile(r"\d{4}T", re.ASCII), CodeKind.CATEGORY_III),
    (re.compile(r"\d{4}[UM]", re.ASCII), CodeKind.LABORATORY),
    (re.compile(r"[A-Z]\d{4}|GXXX\d", re.ASCII), CodeKind.LEVEL_II),
)

_LONGEST_CODE: Final = 7
BASE: Final = 36
"""Of the numbers that stand for codes: digits and letters."""
_DIGITS: Final = 10

_EVALUATION_AND_MANAGEMENT_RANGES: Final = (
    ("99201", "99499"),  # office to advance care planning; NCCI manual chapter XI calls them E/M services
    ("98000", "98016"),  # telemedicine visits, since 2025
    ("92002", "92014"),  # general ophthalmological services: E/M for modifier 25 (NCCI manual VIII.D, XI.F)
)
_EVALUATION_AND_MANAGEMENT: Final = frozenset(
    "G0463 G0380 G0381 G0382 G0383 G0384 G0402 G0438 G0439 G0245 G0246 G0101 "
    "G0406 G0407 G0408 G0425 G0426 G0427 G0508 G0509 T1015 S0285".split()
)
"""HCPCS visits billed as E/M: hospital clinic and emergency visits, preventive visits, telehealth consultations.
Convention, used only to accept 24, 25, 57."""

NEVER_DISTINCT: Final = frozenset({"77427"})
"""Codes with which modifier 59 shall not be used (NCCI manual I.E.d)."""

_UNLISTED: Final = frozenset(
    "21089 23929 26989 37501 38129 38589 43289 43659 44238 44979 47379 47579 49329 49659 50549 50949 55559 58578 58579 "
    "58679 59897 59898 60659 69949 69979 76496 76497 76498 89240 92700 93998 96379 96549 97039 97139".split()
)
"""Unlisted procedures whose number does not end in 99, as the short names of the fee schedule (2026C) tell."""

PRIMARY_BY_COLLEAGUE: Final = frozenset({"99292"})
"""Add-ons Medicare may pay when a physician of the same specialty and group bills the primary (NCCI manual I.W)."""

_SURGERY_RANGES: Final = (("10004", "69990"),)

FLUOROSCOPY: Final = "76000"
GUIDANCE_OF_ENCOUNTER: Final = frozenset({"76942", "77002", "77003", "77012", "77021"})
"""Needle guidance whose unit of service is the encounter (NCCI manual IX.G.3)."""

_LABORATORY_RANGES: Final = (("80047", "89398"),)  # CPT Pathology and Laboratory
_LABORATORY: Final = frozenset(
    {"36415", "36416", "G0103", "G0123", "G0143", "G0145", "G0480", "G0481", "G0482", "G0483"}
)


@lru_cache(maxsize=65536)
def code_kind(hcpcs: str) -> CodeKind:
    """The kind of a procedure code, told by its shape."""
    if not hcpcs:
        return CodeKind.ABSENT
    for shape, kind in _SHAPES:
        if shape.fullmatch(hcpcs):
            return kind
    return CodeKind.MALFORMED


@lru_cache(maxsize=65536)
def code_number(code: str) -> int:
    """A procedure or diagnosis code (without its dot) as the number that facts carry: 1 and its characters in base 36.

    0 for text that is no such code. A rule compares it with a number worked out when its file is read:
    ``THERAPY = code_number("97110")``, and in ``check``, ``line.code_number == THERAPY``. Codes of one length keep
    their order, so ranges can be compared too.
    """
    return int(f"1{code}", BASE) if code.isascii() and code.isalnum() and len(code) <= _LONGEST_CODE else 0


def is_of_digits(kind: int, number: int) -> bool:
    """A CPT Category I code of five digits, by its kind and number: 0111A, a vaccine's, lies between such numbers."""
    return kind == CodeKind.CATEGORY_I and number % BASE < _DIGITS


@lru_cache(maxsize=65536)
def is_evaluation_and_management(hcpcs: str) -> bool:
    """An evaluation and management service: the only kind on which 24, 25 and 57 fit (NCCI manual I.D)."""
    return hcpcs in _EVALUATION_AND_MANAGEMENT or _in_ranges(hcpcs, _EVALUATION_AND_MANAGEMENT_RANGES)


@lru_cache(maxsize=65536)
def is_unlisted(hcpcs: str) -> bool:
    """A CPT code for procedures that have none of their own: nearly all of them end in 99."""
    return hcpcs in _UNLISTED or (len(hcpcs) == 5 and hcpcs.isdigit() and hcpcs.endswith("99"))


@lru_cache(maxsize=65536)
def is_laboratory(hcpcs: str) -> bool:
    """A laboratory test: the only kind on which 91 fits (NCCI manual I.E)."""
    return (
        hcpcs in _LABORATORY
        or code_kind(hcpcs) is CodeKind.LABORATORY
        or (len(hcpcs) == 5 and _in_ranges(hcpcs, _LABORATORY_RANGES))
    )


@lru_cache(maxsize=65536)
def is_surgery(hcpcs: str) -> bool:
    """A procedure of the CPT surgery section, to which the NCCI manual gives chapters III to VIII."""
    return _in_ranges(hcpcs, _SURGERY_RANGES)


def _in_ranges(hcpcs: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return hcpcs.isdigit() and any(low <= hcpcs <= high for low, high in ranges)


PROFESSIONAL_SHARE_ONLY: Final = frozenset({"19", "21", "22", "23", "24", "26", "31", "34", "51", "52", "56", "61"})
"""Places where a practitioner bills only the professional share of a diagnostic test. Convention of the trade
(RULES.md, Components): a rule resting on it is never more than review. 31 binds in a Part A stay only."""
