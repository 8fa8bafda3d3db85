"""The report as csv (RFC 4180, UTF-8): the rows of :mod:`cleanclaim.render.rows`, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from functools import lru_cache
from typing import IO, Any, Final

from cleanclaim.render.rows import COLUMNS, fit, rows
from cleanclaim.types import Reported, format_money

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these, and their full-width forms, a spreadsheet may take a text for a formula and run it."""


def render(report: Reported) -> bytes:
    """A header and one row a record; lists are parted by ``; ``, lines end with CR LF."""
    out = io.BytesIO()
    write(report, out)
    return out.getvalue()


def write(report: Reported, out: IO[bytes]) -> None:
    """The same, written as it is made."""
    writer = csv.writer(_Encoding(out), lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows([cell(row.get(column.name)) for column in COLUMNS] for row in rows(report))


class _Encoding:
    """What csv writes text to, and bytes come out of."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        """Pass a row on."""
        return self._out.write(text.encode())


def cell(value: Any) -> str:
    """A value as text: dollars with cents, a list parted by ``; ``, "" for nothing, and no formula."""
    match value:
        case None | "":
            told = ""
        case str():
            told = safe_text(value)
        case tuple():
            told = safe_text("; ".join(map(str, value)))
        case bool():
            told = "true" if value else "false"
        case Decimal():
            told = format_money(value)
        case _:  # numbers, and dates in ISO form
            told = str(value)
    return told


@lru_cache(maxsize=4096)
def safe_text(text: str) -> str:
    """A text that no spreadsheet runs: one that could start a formula is preceded by an apostrophe."""
    told: str = fit(text)
    risky = told.startswith(_STARTS_A_FORMULA) or told.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{told}" if risky else told
