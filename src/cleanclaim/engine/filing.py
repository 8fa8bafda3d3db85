"""Until when Medicare takes a claim (42 CFR 424.44)."""

from __future__ import annotations

from typing import Final

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.payer_frequency import months_after
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
    return months_after(day, 12).toordinal()
