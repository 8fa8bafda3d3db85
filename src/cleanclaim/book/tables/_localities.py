"""What the tables by fee schedule locality share."""

from __future__ import annotations

import re


def why_no_locality(key: tuple[str, str]) -> str:
    """Why a contractor and a number are no locality, "" where they are."""
    if not re.fullmatch(r"[0-9]{5}", key[0]):
        return f"{key[0]!r} is no contractor number"
    if not re.fullmatch(r"[0-9]{2}", key[1]):
        return f"{key[1]!r} is no locality number"
    return ""
