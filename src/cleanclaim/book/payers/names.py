"""Names of payers as sets of words, so that spelling and order matter less."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[A-Z0-9]+")
_LITTLE: Final = frozenset({"OF", "THE", "AND", "A", "AN", "INC", "CO", "LLC", "CORP"})
_SPELLINGS: Final = (
    ("BLUECROSS", "BLUE CROSS"),
    ("BLUESHIELD", "BLUE SHIELD"),
    ("BCBSNC", "BCBS NC"),
    ("BCBSIL", "BCBS IL"),
    ("BCBSMA", "BCBS MA"),
    ("BCBSM", "BCBS MICHIGAN"),
    ("BCBS", "BLUE CROSS BLUE SHIELD"),
    ("HEALTHCARE", "HEALTH CARE"),
    ("UNITEDHEALTH", "UNITED HEALTH"),
    ("UHC", "UNITED HEALTH CARE"),
)
_BLUE: Final = (frozenset({"BLUE", "CROSS"}), frozenset({"BLUE", "SHIELD"}), frozenset({"ANTHEM"}))


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """The words of a payer's name, with the common short forms written out."""
    text = name.upper()
    for short, whole in _SPELLINGS:
        text = text.replace(short, whole)
    return frozenset(_WORD.findall(text)) - _LITTLE


def is_blue(name: str) -> bool:
    """The name is one of the Blue Cross Blue Shield companies, of which each has its own rules."""
    words = words_of(name)
    return any(phrase <= words for phrase in _BLUE)
