"""What every mix of claims shares: the days of service, provider numbers, and how many claims share a provider."""

from __future__ import annotations

import datetime as dt
from typing import Final

FIRST_DAY: Final = dt.date(2026, 7, 1)
"""Services lie in the quarter that the starter's fee schedule covers."""
DAYS: Final = 60
CLAIMS_OF_PROVIDER: Final = 40


def npi(number: int) -> str:
    """A well-formed NPI: nine digits and their Luhn check digit (the prefix 80840 adds 24)."""
    digits = f"1{number % 100_000_000:08d}"
    total = 24 + sum(sum(divmod(int(digit) * (2 if at % 2 == 0 else 1), 10)) for at, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
