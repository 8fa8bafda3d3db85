"""Delimited text cut into blocks of lines, and whether each line is a row with as many cells as the header."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.readers.content import let_go

_AT_ONCE: Final = 1 << 22
_LINE_FEED, _RETURN, _TAB, _QUOTE, _SPACE = b'\n\r\t" '
_BLANK: Final = b" \t\r\n"

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


class Irregular(Exception):
    """Some row is not one line of plain cells: the text is for the slow reader, which reads what can be read of it."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: their bytes, with a line feed behind each, and the byte of the file at which each begins."""

    text: bytes
    starts: Places


def blocks(content: bytes, begin: int, delimiter: str) -> Iterator[Block]:
    """The lines of a text from byte ``begin`` on, in blocks of some bytes; without blank rows at its end."""
    end = _end_of_rows(content, begin, delimiter)
    while begin < end:
        cut = end
        if end - begin > _AT_ONCE:
            cut = content.rfind(b"\n", begin, begin + _AT_ONCE) + 1 or content.find(b"\n", begin, end) + 1 or end
        text = content[begin:cut]
        if not text.endswith(b"\n"):
            text += b"\n"
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _LINE_FEED)
        yield Block(text, np.concatenate([[0], ends[:-1] + 1]) + begin)
        begin = cut
        let_go(content, begin)


def _end_of_rows(content: bytes, begin: int, delimiter: str) -> int:
    """The end of the last row that is not blank."""
    blank = _BLANK + delimiter.encode()
    end = len(content)
    while end > begin:
        first = max(begin, end - _AT_ONCE)
        left = len(content[first:end].rstrip(blank))
        if left:
            after = content.find(b"\n", first + left)
            return len(content) if after < 0 else after + 1
        end = first
    return begin


def expect_regular(block: Block, delimiter: str, width: int) -> None:
    """Raise Irregular where a line of a block is not a row of ``width`` cells, at least 2.

    So it is where a quote stands elsewhere than around a whole cell or doubled within, and where a character is none of
    text.
    """
    text, separator = np.frombuffer(block.text, np.uint8), ord(delimiter)
    odd = text < _SPACE
    if separator == _TAB:
        odd &= text != _TAB
    controls = np.flatnonzero(odd)
    found = text[controls]
    returns = controls[found == _RETURN]
    _expect(bool(np.isin(found, (_LINE_FEED, _RETURN, _TAB)).all()))
    _expect(bool((text[returns + 1] == _LINE_FEED).all()))  # a line feed ends the text: there is a character behind
    ends: Places = controls[found == _LINE_FEED]
    separators = np.flatnonzero(text == separator)
    quotes = np.flatnonzero(text == _QUOTE)
    if len(quotes):
        _expect_cells_quoted(text, quotes, separator)
        _expect(not _is_quoted(quotes, ends).any())
        separators = separators[~_is_quoted(quotes, separators)]
    cells = np.diff(np.searchsorted(separators, ends), prepend=0)
    _expect(bool((cells == width - 1).all()))


def _is_quoted(quotes: Places, places: Places) -> npt.NDArray[np.bool_]:
    quoted: npt.NDArray[np.bool_] = np.searchsorted(quotes, places) % 2 == 1
    return quoted


def _expect_cells_quoted(text: Bytes, quotes: Places, separator: int) -> None:
    """A quote opens a cell at its beginning, or closes it at its end; or it is one of two that stand for one."""
    _expect(len(quotes) % 2 == 0)
    opening, closing = quotes[::2], quotes[1::2]
    doubled = closing[:-1] + 1 == opening[1:]
    before = text[opening - 1]
    begins = (opening == 0) | (before == separator) | (before == _LINE_FEED)
    begins[1:] |= doubled
    after = text[closing + 1]
    stops = (after == separator) | (after == _LINE_FEED) | (after == _RETURN)
    stops[:-1] |= doubled
    _expect(bool(begins.all() and stops.all()))


def _expect(regular: bool) -> None:
    if not regular:
        raise Irregular
