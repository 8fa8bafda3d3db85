"""Ranks and shares in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}
_TEENS: Final = range(11, 14)


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    ending = "th" if number % 100 in _TEENS else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def ranks(first: int, count: int) -> str:
    """``2nd``, for two ``2nd and 3rd``, for more in a row ``2nd to 5th``."""
    last = ordinal(first + count - 1)
    return {1: last, 2: f"{ordinal(first)} and {last}"}.get(count, f"{ordinal(first)} to {last}")


def percent(share: Decimal) -> str:
    """``50 %``."""
    return f"{(share * 100).normalize():f} %"


def listed(names: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
