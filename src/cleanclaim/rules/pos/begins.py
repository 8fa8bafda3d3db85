"""The first day of the places of service that were added since 2016, which the published list does not date.

Authority: CMS change requests 9726 (02), 12427 (10), 13314 (27) and 11353 (58), read on public pages that carry
or quote them.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

BEGINS: Final = (
    (2, dt.date(2017, 1, 1).toordinal()),
    (10, dt.date(2022, 1, 1).toordinal()),
    (27, dt.date(2023, 10, 1).toordinal()),
    (58, dt.date(2020, 1, 1).toordinal()),
)


def before_its_time(place: int, day: int) -> bool:
    """The place of service is one that did not exist on the day yet."""
    for code, begins in BEGINS:
        if place == code:
            return day < begins
    return False
