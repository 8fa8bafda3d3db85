"""The formats a report can be written in: the format ``name`` is the module ``<name>_report.py`` beside this one.

Such a module has one function, ``render(report, look)``, which answers the whole report as text, or as bytes where
the format says how its bytes must be. A format is imported when it is asked for: a cold start should not pay for the
others.
"""

from __future__ import annotations

import datetime as dt
import importlib
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

from cleanclaim.engine.collecting import collecting_later
from cleanclaim.types import Reported


class ReportFormat(StrEnum):
    """Formats of the report."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    SARIF = "sarif"
    HTML = "html"
    FHIR = "fhir"


NOT_FOR_A_TERMINAL: Final = frozenset({ReportFormat.PARQUET})
"""Formats that only a program can read."""


STREAMED: Final = frozenset({ReportFormat.JSONL, ReportFormat.CSV, ReportFormat.PARQUET})
"""Formats that are written as they are made; the others need the whole report at once."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a report shows that is not in it.

    ``made`` is the moment of the check, with its time zone, for formats that must tell it. ``width`` (columns),
    ``colour`` and ``most`` (claims told one by one; None: all) are for text only.
    """

    made: dt.datetime
    width: int = 100
    colour: bool = False
    most: int | None = None


def render(report: Reported, form: ReportFormat, look: Look) -> str | bytes:
    """The whole report in a format."""
    module = importlib.import_module(f"cleanclaim.render.{form}_report")
    # Text, JSON and JSON lines take nothing of a Look but what they name.
    if form is ReportFormat.TEXT:
        made: str | bytes = module.render(report, width=look.width, colour=look.colour, most=look.most)
    elif form in {ReportFormat.JSON, ReportFormat.JSONL, ReportFormat.CSV, ReportFormat.PARQUET}:
        made = module.render(report)
    else:
        made = module.render(report, made=look.made)
    return made


def write(report: Reported, form: ReportFormat, out: IO[bytes]) -> None:
    """The report in one of the :data:`STREAMED` formats: the same bytes, written as they are made."""
    module = importlib.import_module(f"cleanclaim.render.{form}_report")
    with collecting_later():  # nothing that is made refers back to itself: it goes when it is written
        module.write(report, out)
