"""Until when Medicare takes a claim (42 CFR 424.44)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.types import Date

SINCE: Final = Date(2010, 1, 1)
"""For services since this day the limit is one calendar year; for earlier ones it was another."""


def medicare_filing_day(claim: Claim, line: ClaimLine) -> int:
    """The last day to file as an ordinal, 0 where the service has no date or is of before 2010.

    It is counted from the first day of a professional line, and from the last day of an institutional claim.
    """
    day = line.service_from
    if claim.claim_type is ClaimType.INSTITUTIONAL:
        day = claim.statement_to or line.service_to or line.service_from
    if day is None or day < SINCE or day.year >= Date.max.year:
        return 0
    return _a_year_after(day)


@lru_cache(maxsize=4096)
def _a_year_after(day: Date) -> int:
    """The same day of the next year as an ordinal; of a leap day, the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return Date(day.year + 1, day.month, 28 if leap_day else day.day).toordinal()
