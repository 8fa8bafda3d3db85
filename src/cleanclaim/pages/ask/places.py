"""Where and for whom: the ZIP code, the place of service and the payer that a question names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from cleanclaim.pages.ask.topics import mistypings

_ZIP: Final = re.compile(r"\bzip(?:\s*code)?\s*(?:is|of|:|#|=|in)?\s*([0-9]{5})(?:-[0-9]{4})?\b", re.IGNORECASE)
_IN_PLACE: Final = re.compile(r"\b(?:in|near|around)\s+([0-9]{5})(?:-[0-9]{4})?\b", re.IGNORECASE)
_FIVE: Final = re.compile(r"(?<![\w.$/-])([0-9]{5})(?:-[0-9]{4})?(?![\w/%]|-[0-9A-Z]|\.[0-9])", re.IGNORECASE)
_POS: Final = re.compile(
    r"\b(?:pos|place of service|asc|surgery center|office|hospital|hopd)\s*(?:code)?\s*(?:is|of|:|#|=)?\s*\(?"
    r"(0[1-9]|1[0-9]|2[0-6]|3[1-4]|4[129]|5[0-8]|6[0-25]|7[12]|81|99)\b",
    re.IGNORECASE,
)
_SETTINGS: Final = (
    (re.compile(r"\bnon-?\s?facility\b", re.IGNORECASE), "11"),
    (re.compile(r"\b(?:asc|surgery center|surgical center)\b", re.IGNORECASE), "24"),
    (re.compile(r"\binpatient\b", re.IGNORECASE), "21"),
    (re.compile(r"\b(?:outpatient hospital|hospital outpatient|hopd|facility|hospital)\b", re.IGNORECASE), "22"),
    (re.compile(r"\b(?:office(?!s?\s+(?:visit|manager))|clinic)\b", re.IGNORECASE), "11"),
)
_PAYERS: Final = {
    "medicare": "medicare",
    "aetna": "aetna",
    "cigna": "cigna",
    "evernorth": "cigna",
    "unitedhealthcare": "uhc",
    "unitedhealth": "uhc",
    "united": "uhc",
    "uhc": "uhc",
    "bcbs": "blue",
    "anthem": "blue",
    "blue": "blue",
    "humana": "humana",
    "medicaid": "medicaid",
    "tricare": "tricare",
}
_LEAST_NAME: Final = 5


def zip_named(text: str, is_code: Callable[[str], bool], *, of_money: bool) -> tuple[str, str]:
    """The ZIP code, and the text without it.

    Five digits are one behind the word ZIP; where money is asked for, also those that no list of codes has, and those
    after "in" beside another code, as what a code pays is asked in a place.
    """
    match = _ZIP.search(text)
    if match is None and of_money:
        others = {found[1] for found in _FIVE.finditer(text) if is_code(found[1])}
        others |= {found[0].upper() for found in re.finditer(r"\b[A-Za-z][0-9]{4}\b|\b[0-9]{4}[FTUMftum]\b", text)}
        match = next(
            (found for found in _IN_PLACE.finditer(text) if not is_code(found[1]) or others - {found[1]}), None
        ) or next((found for found in _FIVE.finditer(text) if not is_code(found[1]) and others), None)
    if match is None:
        return "", text
    return match[1], text[: match.start()] + " " + text[match.end() :]


def place_named(text: str) -> tuple[str, str]:
    """The place of service, by its number or by its name, and the text without the number."""
    match = _POS.search(text)
    if match is not None:
        return match[1], text[: match.start()] + " " + text[match.end() :]
    for shape, pos in _SETTINGS:
        if shape.search(text):
            return pos, text
    return "", text


def payer_named(question: str) -> str:
    """The payer, a mistyped one too; "" where none is named."""
    for word in re.findall(r"[a-z]+", question.lower()):
        if word in _PAYERS:
            return _PAYERS[word]
        if len(word) >= _LEAST_NAME:
            for name, payer in _PAYERS.items():
                if len(name) >= _LEAST_NAME and name[0] == word[0] and mistypings(word, name, 1) <= 1:
                    return payer
    return ""
