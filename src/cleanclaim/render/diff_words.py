"""The words for what changed between two releases: keys, columns and values, in text and in Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from cleanclaim.book.diff.model import ADDED, BETWEEN, CHANGED, ENDED, Change, Difference, PublishedRow, Value
from cleanclaim.types import Date, dotted

_DIAGNOSIS: Final = re.compile(r"[A-Z]\d[0-9A-Z]{1,5}")
_DIAGNOSES: Final = ("icd10cm", "first", "last")
_SHORT: Final = {
    "amount_nonfacility": "nonfacility",
    "amount_facility": "facility",
    "column_one": "Column One",
    "add_on": "add-on code",
    "hcpcs": "code",
    "mue_value": "limit",
    "work_gpci": "work",
    "pe_gpci": "practice expense",
    "mp_gpci": "malpractice",
    "mai": "MAI",
    "valid_from": "from",
    "valid_to": "until",
}
"""Columns by what people call them where the source is known."""
_MONEY: Final = ("amount_", "rate", "fee", "rural_fee", "payment_limit")
_ORDINARY: Final = ("kind", "code")
"""What a row of the HCPCS file is, where it is no modifier."""
_LONGEST: Final = 60


def column(name: str) -> str:
    """A column's name in words."""
    return _SHORT.get(name, name.replace("_", " "))


def key(parts: Mapping[str, str]) -> str:
    """A key as it is printed: ``43214``, ``43214-26``, ``43214/74360``, ``M54.50``."""
    told = [code(name, text) for name, text in parts.items() if text and (name, text) != _ORDINARY]
    separator = "-" if "modifier" in parts or "locality" in parts else "/"
    return separator.join(told)


def code(name: str, text: str) -> str:
    """A diagnosis code with its dot, any other text as it is."""
    return dotted(text) if name in _DIAGNOSES and _DIAGNOSIS.fullmatch(text) else text


def value(name: str, told: Value) -> str:
    """A cell in words; a text that is long is cut."""
    match told:
        case None:
            return "none"
        case bool():
            return "yes" if told else "no"
        case Decimal() if name.startswith(_MONEY):
            return f"{told:,}"
        case Date() | Decimal() | int():
            return str(told)
        case _:
            text = "".join(char if char.isprintable() else " " for char in told).strip()
            return f"{text[:_LONGEST].rstrip()}..." if len(text) > _LONGEST else text or "blank"


def difference(told: Difference) -> str:
    """A column that differs: ``facility 100.00 -> 110.00 (+10.00, +10.0 %)``."""
    old, new = value(told.column, told.old), value(told.column, told.new)
    if old == new:  # the parts that differ were cut off
        return f"{column(told.column)}: re-worded"
    change = f"{column(told.column)} {old} -> {new}"
    if told.difference is None or isinstance(told.difference, int):
        return change
    percent = "" if told.percent is None else f", {told.percent:+,} %"
    return f"{change} ({told.difference:+,}{percent})"


def row(published: PublishedRow, shown: tuple[str, ...]) -> str:
    """What a row says, of the columns named or, with none, all; what it leaves blank is left out."""
    names = shown or tuple(published.values)
    told = (f"{column(name)} {value(name, published.values[name])}" for name in names if name in published.values)
    blank = (" none", " blank")
    return "; ".join(words for words in told if not words.endswith(blank))


def cells(change: Change, shown: tuple[str, ...]) -> tuple[Difference, ...]:
    """The columns that differ; of a row that one release lacks, those that are told of it."""
    if change.what == CHANGED:
        return change.differences
    sides = [row.values if row is not None else {} for row in (change.old, change.new)]
    names = dict.fromkeys((*(shown or (*sides[0], *sides[1])), *(one.column for one in change.differences)))
    return tuple(Difference(name, sides[0].get(name), sides[1].get(name)) for name in names)


def rows(change: Change) -> str:
    """The rows of a change, that of the old release first: ``rows 12 and 14``, or ``row 12`` where one has none."""
    numbers = [f"{row.row:,}" for row in (change.old, change.new) if row is not None]
    return f"rows {' and '.join(numbers)}" if len(numbers) > 1 else f"row {numbers[0]}"


def what(change: Change, columns: tuple[str, ...], shown: tuple[str, ...]) -> str:
    """A change in words; of what differs only ``columns``, where some are named."""
    if change.what == CHANGED:
        told = [one for one in change.differences if not columns or one.column in columns]
        return "; ".join(difference(one) for one in told)
    published = change.new if change.what in {ADDED, BETWEEN} else change.old
    words = "" if published is None else row(published, shown)
    if change.what == ENDED and change.new is not None:
        ended = next((one.new for one in change.differences if one.column == "valid_to"), None)
        words = f"ended {ended}; {words}" if ended else words
    elif change.what == ADDED and change.old is not None:
        words = f"it had ended before; {words}"
    return f"{words}; {change.note}" if change.note else words
