"""What a modifier says of who is liable: it changes no fee, but Medicare denies the line."""

from __future__ import annotations

import datetime as dt
from typing import Final

from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line
from cleanclaim.types import Citation, Date

_DENIED: Final[tuple[tuple[str, Date, str, Citation], ...]] = (
    (
        "GY",
        dt.date(2002, 1, 1),
        "GY says that Medicare does not cover it: the line is denied, and the price is what it would be if covered.",
        Citation("contractor", "", "Palmetto GBA, GZ and GY HCPCS Modifier Use", text="GY makes an automatic denial"),
    ),
    (
        "GZ",
        dt.date(2011, 7, 1),
        "GZ expects a denial: the line is denied without review, and the price is what it would be if paid.",
        Citation("cms-change-request", "CR7228", "GZ", text="denied automatically from July 1, 2011, as MM7228 tells"),
    ),
)


def note(line: Line, context: Context) -> None:
    """Say of a line that its modifier makes Medicare deny it."""
    for modifier, begins, told, citation in _DENIED:
        if line.service.bears(modifier) and context.date >= begins:
            line.notes.append(told)
            line.cite(citation)
