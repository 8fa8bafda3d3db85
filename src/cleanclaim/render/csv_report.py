"""The report as csv (RFC 4180, UTF-8): the rows of :mod:`cleanclaim.render.rows`, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any, Final

from cleanclaim.render.rows import COLUMNS, fit, rows
from cleanclaim.types import Report, format_money

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these, and their full-width forms, a spreadsheet may take a text for a formula and run it."""


def render(report: Report) -> bytes:
    """A header and one row a record; lists are parted by ``; ``, lines end with CR LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows([_cell(row.get(column.name)) for column in COLUMNS] for row in rows(report))
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    match value:
        case None:
            cell = ""
        case bool():
            cell = "true" if value else "false"
        case Decimal():
            cell = format_money(value)
        case tuple():
            cell = _text("; ".join(map(str, value)))
        case str():
            cell = _text(value)
        case _:  # numbers, and dates in ISO form
            cell = str(value)
    return cell


def _text(text: str) -> str:
    """A text that no spreadsheet runs: one that could start a formula is preceded by an apostrophe."""
    told: str = fit(text)
    risky = told.startswith(_STARTS_A_FORMULA) or told.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{told}" if risky else told
