"""Characters that mean what a plainer one means."""

from __future__ import annotations

from typing import Final

TYPEWRITTEN: Final = str.maketrans(
    "\u2018\u2019\u201c\u201d\u2013\u2014\u2011\u00a0\u017f\u0130\u0131\u212a", "''\"\"--- sIiK"
)
"""Curly quotes, dashes, hard spaces and odd letters as a typewriter has them, one character each: offsets stay.

The letters are those that a pattern which ignores case takes for s, i and k, and that no word list has.
"""
