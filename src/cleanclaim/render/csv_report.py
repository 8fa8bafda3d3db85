"""The report as csv (RFC 4180, UTF-8): the rows of :mod:`cleanclaim.render.rows`, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import IO, Any, Final

from cleanclaim.engine.stream.results import Results, blocks_of
from cleanclaim.engine.stream.values import Columns, Repeated
from cleanclaim.render.rows import COLUMNS, Row, columns_after_results, each, fit, rows_of_result
from cleanclaim.types import Reported, format_money

_LINE_END: Final = "\r\n"
_PLACE: Final = {column.name: place for place, column in enumerate(COLUMNS)}
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these, and their full-width forms, a spreadsheet may take a text for a formula and run it."""


def render(report: Reported) -> bytes:
    """A header and one row a record; lists are parted by ``; ``, lines end with CR LF."""
    out = io.BytesIO()
    write(report, out)
    return out.getvalue()


def write(report: Reported, out: IO[bytes]) -> None:
    """The same, written as it is made."""
    out.write(_text([[column.name for column in COLUMNS]]))
    for block in blocks_of(report):
        out.write(_of_results(block))
    for columns in columns_after_results(report):
        out.write(_text(_rows(columns)))


class _Lines(list[str]):
    """What csv writes lines to, one at a time."""

    write = list.append


def _lines(rows: Iterable[Sequence[str]]) -> list[str]:
    lines = _Lines()
    csv.writer(lines, lineterminator=_LINE_END).writerows(rows)
    return lines


def _text(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join(_lines(rows)).encode()


def _of_results(block: Results) -> bytes:
    """What results say is made once; of a claim, what stands between the kind of its rows and the rest of them."""

    @cache
    def rows(template: int, stakes: int) -> list[tuple[str, str]]:
        return [_parted(line) for line in _lines(map(_cells, rows_of_result(block.says(template, stakes))))]

    files = [safe_text(file) for file in block.files]
    named = _lines(zip([files[number] for number in block.of_file], map(safe_text, block.claims), strict=True))
    made: list[str] = []
    for line, template, stakes in zip(named, block.of_template, block.of_stakes, strict=True):
        of_claim = line.removesuffix(_LINE_END)
        made += [f"{kind},{of_claim},{rest}" for kind, rest in rows(template, stakes)]
    return "".join(made).encode()


def _parted(line: str) -> tuple[str, str]:
    """The kind of a row that names no file and claim, and what stands after the columns of these."""
    kind, _, _, rest = line.split(",", 3)
    return kind, rest


def _rows(columns: Columns) -> Iterator[tuple[str, ...]]:
    nothing = Repeated.always(None, len(columns["kind"]))
    return zip(*[each(cell, columns.get(column.name, nothing)) for column in COLUMNS], strict=True)


def _cells(row: Row) -> list[str]:
    cells = [""] * len(COLUMNS)
    for name, value in row.items():
        if value is not None:
            cells[_PLACE[name]] = cell(value)
    return cells


def cell(value: Any) -> str:
    """A value as text: dollars with cents, a list parted by ``; ``, "" for nothing, and no formula."""
    match value:
        case None | "" | ():
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
    if told[:1].isalnum():  # nearly every text
        return told
    risky = told.startswith(_STARTS_A_FORMULA) or told.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{told}" if risky else told
