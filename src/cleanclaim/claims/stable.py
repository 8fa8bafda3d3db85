"""Numbers for texts that are the same in every run, process and machine."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

_KEY: Final = re.compile(r"[0-9a-f]{16}")
"""A patient key as the readers make it: a hash of 64 bits in hexadecimal."""


def stable_hash(text: str) -> int:
    """64 bits of a text."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def patient_number(key: str) -> int:
    """The number of a patient key: the hash that the readers write in hexadecimal, or a hash of any other key."""
    if _KEY.fullmatch(key):
        return int(key, 16)
    return stable_hash(key) if key else 0
