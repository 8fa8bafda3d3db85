"""Where it can be read what a modifier pays."""

from __future__ import annotations

from dataclasses import replace

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.policy import Parameter, parameter
from cleanclaim.types import Citation


def layout(item: str, text: str = "") -> Citation:
    """The record layout of the relative value file (RVU25D.pdf)."""
    return Citation("mpfs-record-layout", "RVU25D", item, text=text)


def manual(section: str, text: str = "") -> Citation:
    """The Medicare Claims Processing Manual, chapter 12, which was read only as public pages quote it."""
    return Citation("claims-processing-manual", "as quoted on public pages", f"ch. 12 sec. {section}", text=text)


def custom(text: str) -> Citation:
    """What everyone in the trade knows and no document at hand says."""
    return Citation("convention", "", "custom of the trade", text=text)


def row_says(row: FeeScheduleRow, context: Context, what: str) -> Citation:
    """The row of the fee schedule, and what of it matters here."""
    cited = context.cite(row)
    return replace(cited, text=f"{cited.text}, {what}")


def share(name: str, line: Line, context: Context) -> Parameter | None:
    """A payment parameter on the service date; the line is refused where none is known for that day."""
    found = parameter(name, context.date)
    if found is None:
        line.refuse("no_parameter", f"no {name.replace('_', ' ')} is known for {context.date}")
    return found
