"""What a new release changes, in each of its formats, of which only the one asked for is imported."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleanclaim.engine.impact.model import Impact


class ImpactFormat(StrEnum):
    """Formats of an impact."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def render(impact: Impact, form: ImpactFormat, *, width: int = 100, limit: int = 10) -> str | bytes:
    """The impact in a format; ``width`` and ``limit``, the rows of each table, are of the text."""
    match form:
        case ImpactFormat.TEXT:
            from cleanclaim.render import impact_text  # noqa: PLC0415 - as the module says

            return impact_text.render(impact, width=width, limit=limit)
        case ImpactFormat.JSON:
            from cleanclaim.render import impact_json  # noqa: PLC0415 - as above

            return impact_json.render(impact)
        case ImpactFormat.CSV:
            from cleanclaim.render import impact_csv  # noqa: PLC0415 - as above

            return impact_csv.render(impact)
