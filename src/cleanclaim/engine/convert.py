"""Small conversions between what a claim says and what a fact holds."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from cleanclaim.rules.facts import UNKNOWN, NpiState
from cleanclaim.types import Date

_NPI: Final = re.compile(r"[12][0-9]{9}")
_DOUBLED: Final = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}
"""What each digit that is doubled adds to the sum of a check digit."""


def cents(amount: Decimal | None) -> int:
    """Whole cents, -1 for unknown."""
    return UNKNOWN if amount is None else int(amount * 100)


def ordinal(date: Date | None) -> int:
    """The day's ordinal, 0 for unknown."""
    return 0 if date is None else date.toordinal()


@lru_cache(maxsize=65536)
def npi_state(npi: str) -> NpiState:
    """Whether an NPI is well formed: ten digits, the last a Luhn check digit over 80840 and the first nine.

    Source: CMS, NPI check digit calculation (the prefix 80840 adds 24 to the sum).
    """
    if not npi:
        return NpiState.ABSENT
    if not _NPI.fullmatch(npi):
        return NpiState.MALFORMED
    total = 24 + sum(map(int, npi[1::2])) + sum(map(_DOUBLED.__getitem__, npi[::2]))
    return NpiState.WELL_FORMED if total % 10 == 0 else NpiState.WRONG_CHECK_DIGIT


def number(text: str) -> int:
    """An indicator published as a digit, -1 for a blank or a letter."""
    return int(text) if text.isascii() and text.isdigit() else UNKNOWN
