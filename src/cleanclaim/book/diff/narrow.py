"""The codes a comparison is narrowed to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from cleanclaim.book.diff.described import Described
from cleanclaim.errors import InputError

_ASKED: Final = re.compile(r"(?P<code>[0-9A-Z.]{1,12})(?:(?P<open>\*)|-(?P<last>[0-9A-Z.]{1,12}))?")
_NO_CODES: Final = frozenset(
    "modifier second_modifier kind first last group entry revision locality state state_id specialty_code".split()
)
"""Parts of keys that are no codes by which people ask."""


@dataclass(frozen=True)
class CodesAsked:
    """Codes, ranges and beginnings of codes; none asks for all."""

    given: tuple[str, ...]
    ranges: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, given: Sequence[str]) -> CodesAsked:
        """``43214``, ``43200-43299``, ``432*``, diagnoses with or without the dot. Raises InputError for the rest."""
        ranges = []
        for text in given:
            match = _ASKED.fullmatch(text.strip().upper())
            if match is None:
                raise InputError(
                    f"--code {text!r} is none: write a code (43214), a range (43200-43299) or a beginning (432*)."
                )
            first = match["code"].replace(".", "")
            last = (match["last"] or first).replace(".", "")
            if last < first:
                raise InputError(f"--code {text!r} holds no code: write the lower end of a range first.")
            ranges.append((first, first + "~" if match["open"] else last))  # "~" sorts behind every letter
        return cls(tuple(text.strip().upper() for text in given), tuple(ranges))


def narrowed(table: pa.Table, described: Described, asked: CodesAsked) -> pa.Table:
    """The rows with one of the codes in their key."""
    if not asked.ranges:
        return table
    wanted = None
    for name in (name for name in described.key if name not in _NO_CODES):
        texts = pc.fill_null(table[name].cast(pa.string()), "")
        for first, last in asked.ranges:
            within = pc.and_(pc.greater_equal(texts, first), pc.less_equal(texts, last))
            wanted = within if wanted is None else pc.or_(wanted, within)
    return table.filter(wanted)
