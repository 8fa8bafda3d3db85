"""The family of a procedure code: the chapter of the NCCI Policy Manual that its range belongs to."""

from __future__ import annotations

import re
from typing import Final

_RANGES: Final = (
    ("00000", "09999", "00000-09999 anesthesia"),
    ("10000", "19999", "10000-19999 integumentary"),
    ("20000", "29999", "20000-29999 musculoskeletal"),
    ("30000", "39999", "30000-39999 respiratory, cardiovascular, lymphatic"),
    ("40000", "49999", "40000-49999 digestive"),
    ("50000", "59999", "50000-59999 urinary, genital, maternity"),
    ("60000", "69999", "60000-69999 endocrine, nervous, eye, ear"),
    ("70000", "79999", "70000-79999 radiology"),
    ("80000", "89999", "80000-89999 pathology and laboratory"),
    ("90000", "99999", "90000-99999 medicine, evaluation and management"),
)
_SHAPES: Final = (
    (re.compile(r"\d{4}T"), "0001T-0999T Category III"),
    (re.compile(r"\d{4}U"), "0001U-0999U proprietary laboratory analyses"),
    (re.compile(r"\d{4}F"), "0001F-9999F Category II"),
    (re.compile(r"\d{4}[A-Z]"), "other codes of four digits and a letter"),
    (re.compile(r"[A-V]\d{4}"), "A0000-V9999 HCPCS Level II"),
)
_OTHER: Final = "other"


def family_of(code: str) -> str:
    """The family of a CPT or HCPCS Level II code, ``other`` for what has the shape of neither."""
    if len(code) == len("43214") and code.isdigit():
        return next(name for first, last, name in _RANGES if first <= code <= last)
    return next((name for shape, name in _SHAPES if shape.fullmatch(code)), _OTHER)
