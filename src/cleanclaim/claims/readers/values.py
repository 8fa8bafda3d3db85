"""Turning what a claims file says into values: dates, numbers, codes, keys. One meaning for every format.

A value that cannot be read raises :class:`BadValue`. Its reason tells the shape of what was found
(``99/99/99``), never the value itself: in a file with shifted columns that could be a patient's name.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from cleanclaim.types import Date

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_TIME: Final = r"(?:[T ][0-9:.,+\-Z ]*(?:AM|PM)?)?"
_DATES: Final = tuple(
    re.compile(pattern + _TIME, re.IGNORECASE)
    for pattern in (
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})",
        r"(?P<day>[0-9]{1,2})-(?P<month>[A-Z]{3})-(?P<year>[0-9]{4})",
    )
)
# 15 whole digits and 10 decimals hold every amount a claim can carry, and keep sums inside Decimal's 28.
_NUMBER: Final = re.compile(r"\$?([+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})(?:E[+-]?[0-9]{1,2})?)")
_MOST: Final = Decimal(10) ** 15
_FINEST: Final = -10
_SHAPE_LENGTH: Final = 20
_FREQUENCY_UNSTATED: Final = "X"
_BILL_TYPE: Final = re.compile(r"0?([1-9][0-9])([0-9A-Z])?")
_STATE: Final = re.compile(r"[A-Z]{2}")
_ZIP: Final = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")
_SEX: Final = {"M": "M", "MALE": "M", "F": "F", "FEMALE": "F"}


class BadValue(ValueError):
    """A value that cannot be read. ``where`` is its column or JSON path; it is set as it becomes known."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where


def shape(text: str) -> str:
    """How a value looks without what it says: digits as 9, letters as A (``"7/1/26"`` is ``9/9/99``)."""
    masked = "".join(
        "9" if char.isdigit() else "A" if char.isalpha() else char if char.isprintable() else "?"
        for char in text[:_SHAPE_LENGTH]
    )
    return masked + ("..." if len(text) > _SHAPE_LENGTH else "")


@lru_cache(maxsize=4096)
def parse_date(text: str) -> Date:
    """A calendar day: ``2026-07-01``, ``20260701``, ``07/01/2026`` or ``01-Jul-2026``.

    A time behind it is dropped: the day counts as written. Raises BadValue for anything else: two-digit
    years, days that do not exist.
    """
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        month = match["month"].upper()
        try:
            number = _MONTHS.index(month) + 1 if month.isalpha() else int(month)
            return dt.date(int(match["year"]), number, int(match["day"]))
        except ValueError:
            break
    raise BadValue(f"not a date (looks like {shape(text)}): write 2026-07-01, 20260701 or 07/01/2026")


@lru_cache(maxsize=4096)
def parse_number(text: str) -> Decimal:
    """A number as billed, exact. A dollar sign before it is accepted; thousands separators are not."""
    match = _NUMBER.fullmatch(text.upper())
    if match is not None:
        value = Decimal(match[1])
        exponent = value.as_tuple().exponent
        if abs(value) < _MOST and isinstance(exponent, int) and exponent >= _FINEST:
            return value.quantize(Decimal(1)) if exponent > 0 else value
    raise BadValue(f"not a number that is read (looks like {shape(text)}): write 1234.50 or $1234.50, without commas")


@lru_cache(maxsize=4096)
def parse_units(text: str) -> Decimal:
    """Service units: a number that is not negative."""
    value = parse_number(text)
    if value < 0:
        raise BadValue("units below zero")
    return value


def parse_diagnosis_code(text: str) -> str:
    """An ICD code as stored: upper case, without the dot."""
    return text.replace(".", "").strip().upper()


def parse_bill_type(text: str) -> tuple[str, str]:
    """Type of bill and frequency of a UB-04 code: ``0131``, ``131`` and ``13`` are all bill type ``13``.

    The frequency is ``""`` when the code has none, or the ``X`` that stands for any.
    """
    match = _BILL_TYPE.fullmatch(as_code(text))
    if match is None:
        raise BadValue(f"not a type of bill (looks like {shape(text)}): write 0131, 131 or 13")
    frequency = match[2] or ""
    return match[1], "" if frequency == _FREQUENCY_UNSTATED else frequency


def parse_sex(text: str) -> str:
    """``M``, ``F``, or ``U`` for any other statement, from ``M``, ``Male``, ``female`` and the like."""
    return _SEX.get(text.upper(), "U") if text else ""


def as_code(text: str) -> str:
    """A code in capitals. ``22.0`` is 22: so data frames write a column of whole numbers of which some are missing."""
    whole = text.removesuffix(".0")
    return whole if whole.isdigit() else text.upper()


def padded(text: str, width: int) -> str:
    """A code with the leading zeros that a spreadsheet takes away where it is a number."""
    code = as_code(text)
    return code.zfill(width) if code.isdigit() else code


def patient_key(identifier: str) -> str:
    """The key that tells patients apart inside one run: a hash, so that it says nothing of the patient."""
    if not identifier:
        return ""
    return hashlib.blake2b(identifier.strip().upper().encode(), digest_size=8).hexdigest()


def as_text(value: object) -> str:
    """A value of a JSON or Parquet field as the text a CSV would hold; a list is joined with spaces.

    A double is read to a millionth, which undoes its binary error and keeps every cent.
    """
    match value:
        case None:
            text = ""
        case str():
            # A lone surrogate (a JSON escape can hold one) is no character and could not be written out again.
            text = value if value.isascii() else value.encode("utf-8", "replace").decode()
        case bool() | Mapping():
            raise BadValue("a single value was expected here")
        case float():
            text = "" if math.isnan(value) else f"{value:.6f}".rstrip("0").rstrip(".")
        case dt.date():
            text = value.isoformat()
        case bytes():
            text = value.decode("utf-8", "replace")
        case list() | tuple():
            text = " ".join(filter(None, map(as_text, value)))
        case _:
            text = str(value)
    return text.strip()


def _no_repeated_key(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise BadValue("the same key stands twice in one object")
    return keys


def _no_constant(_name: str) -> object:
    raise BadValue("a number that is not finite")


def load_json(text: str) -> object:
    """A JSON document with every number as the text that was written, so that no cent is rounded.

    Raises BadValue with the position of the fault, never with the text around it.
    """
    try:
        return json.loads(
            text,
            parse_float=str,
            parse_int=str,
            parse_constant=_no_constant,
            object_pairs_hook=_no_repeated_key,
        )
    except json.JSONDecodeError as error:
        raise BadValue(f"not valid JSON at line {error.lineno}, column {error.colno} ({error.msg.lower()})") from None
    except RecursionError:
        raise BadValue("JSON nested too deeply to be a claim") from None


def state_of(text: str) -> str:
    """A state's two letters; ``""`` for anything else, a country's province among it."""
    state = text.strip().upper()
    return state if _STATE.fullmatch(state) else ""


def zip_of(text: str) -> str:
    """The first five digits of a ZIP code; ``""`` for anything else."""
    match = _ZIP.fullmatch(text.strip())
    return match[1] if match else ""


def parse_state(text: str) -> str:
    """A state's two letters. Raises BadValue for anything else."""
    if not (state := state_of(text)):
        raise BadValue(f"not a state (looks like {shape(text)}): write its two letters")
    return state


def parse_zip(text: str) -> str:
    """The first five digits of a ZIP code, of which a spreadsheet may have taken the leading zeros.

    Raises BadValue for anything else.
    """
    digits = text.strip().removesuffix(".0")
    five = zip_of(digits.zfill(5) if len(digits) <= len("99999") else digits.zfill(9) if "-" not in digits else digits)
    if not five:
        raise BadValue(f"not a ZIP code (looks like {shape(text)}): write its five or nine digits")
    return five
