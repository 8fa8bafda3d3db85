"""One mapping of a policy file, read key by key: every key is known, every value has its shape."""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final, TypeVar

from cleanclaim.book.payers.model import CodeSet, shape
from cleanclaim.book.payers.plain import Document, Path_
from cleanclaim.errors import InputError
from cleanclaim.types import Date

_CODE: Final = re.compile(r"\d{5}|\d{4}[A-Z]|[A-Z]\d{4}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RANGE: Final = re.compile(r"(\w{5})-(\w{5})", re.ASCII)
_Word = TypeVar("_Word", bound=StrEnum)


def as_day(value: Any) -> Any:
    """A day written as text (YYYY-MM-DD) as a day; anything else as it is."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(value)
    return value


class Entry:
    """A mapping at a path of a document. What was not asked for by the time of :meth:`done` is an unknown key."""

    def __init__(self, document: Document, path: Path_, values: Any, what: str) -> None:
        self.document, self.path, self.what = document, path, what
        if not isinstance(values, dict):
            raise document.fault(path, f"{what} is no mapping of keys to values", "see the how-to for its keys")
        self._values: dict[str, Any] = values
        self._asked: list[str] = []

    def fault(self, key: str, what: str, next_step: str) -> InputError:
        """What is wrong with a key of this entry."""
        return self.document.fault((*self.path, key) if key else self.path, what, next_step)

    def has(self, key: str) -> bool:
        """True when the key is there with a value."""
        return self._values.get(key) is not None

    def raw(self, key: str) -> Any:
        """The value as YAML gave it, None without one."""
        self._asked.append(key)
        return self._values.get(key)

    def need(self, key: str) -> Any:
        """The value of a key that must be there."""
        value = self.raw(key)
        if value is None or value == "":
            near = difflib.get_close_matches(key, [given for given in self._values if given != key], n=1, cutoff=0.8)
            if near:
                raise self.fault(near[0], f"{self.what} has no {key}, and {near[0]!r} is no key", f"write `{key}:`")
            raise self.fault("", f"{self.what} has no {key}", f"add `{key}:`")
        return value

    def text(self, key: str, default: str | None = None, pattern: str = "") -> str:
        """A text; required without a default."""
        value = self.need(key) if default is None else self.raw(key)
        if value is None:
            return default or ""
        if not isinstance(value, str):
            raise self.fault(key, f"{key} is {type(value).__name__}, not text", "put it in quotes")
        if pattern and not re.fullmatch(pattern, value):
            raise self.fault(key, f"{value!r} is not the shape of a {key}", f"it must match {pattern}")
        return value.strip()

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.fault(key, f"{key} is neither true nor false", "write true or false")
        return value

    def whole(self, key: str, *, least: int = 1, default: int | None = None) -> int:
        """A whole number; required without a default."""
        value = self.need(key) if default is None else self.raw(key)
        if value is None:
            return default or 0
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.fault(key, f"{key} is no whole number from {least}", "write the number without quotes")
        return value

    def word(self, key: str, words: type[_Word]) -> _Word:
        """One of some words."""
        value = self.need(key)
        found = next((word for word in words if word.value == value), None)
        if found is None:
            raise self.fault(key, f"{value!r} is no {key}", f"choose one of {', '.join(words)}")
        return found

    def day(self, key: str) -> Date | None:
        """A day, or None where there is none."""
        value = as_day(self.raw(key))
        if value is None:
            return None
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.fault(key, f"{value!r} is no date", "write it as YYYY-MM-DD")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, upper case."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not value:
            raise self.fault(key, f"{key} is no list", f'write {key}: ["..."]')
        for number, entry in enumerate(value):
            if not isinstance(entry, str) or not entry.strip():
                raise self.document.fault((*self.path, key, number), f"{entry!r} is no text", "put it in quotes")
        return tuple(entry.strip().upper() for entry in value)

    def codes(self, key: str) -> CodeSet:
        """Procedure codes and ranges of them."""
        return self.code_set(key, self.texts(key), (*self.path, key))

    def code_set(self, key: str, texts: Iterable[str], path: Path_) -> CodeSet:
        """Codes and ranges from their texts."""
        singles: set[str] = set()
        ranges: list[tuple[str, str]] = []
        for number, text in enumerate(texts):
            ends = _RANGE.fullmatch(text)
            if _CODE.fullmatch(text):
                singles.add(text)
            elif ends and all(_CODE.fullmatch(end) for end in ends.groups()):
                low, high = ends.groups()
                if shape(low) != shape(high) or low > high:
                    raise self.document.fault((*path, number), f"{text} is no range", "both ends need the same shape")
                ranges.append((low, high))
            else:
                raise self.document.fault(
                    (*path, number), f"{text!r} in {key} is no procedure code", 'write "12345" or "12345-12349"'
                )
        return CodeSet(frozenset(singles), tuple(sorted(ranges)))

    def done(self) -> None:
        """Refuse a key that was never asked for."""
        for key in self._values:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1)
                known = ", ".join(dict.fromkeys(self._asked))
                hint = f"perhaps {near[0]} was meant" if near else f"the keys here are {known}"
                raise self.fault(key, f"{key!r} is no key of {self.what}", hint)
