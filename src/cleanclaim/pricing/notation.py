"""How a service is written in one word: ``43214``, ``76942-26``, ``97110-GPx2``, ``00142-QZ@90min``, ``99213=180.00``.

The code comes first, then its modifiers, then the units; what follows them may come in any order: ``@90min`` minutes of
anesthesia, ``@60days`` days of postoperative care given (modifier 55), ``@pos22`` a place of service of its own, and
``=180.00`` the charge for all its units. Small and capital letters are alike.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from cleanclaim.errors import InputError
from cleanclaim.pricing.model import Service
from cleanclaim.types import parse_money

MOST_MODIFIERS: Final = 4
"""As many as a claim line holds."""

_CODE: Final = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,4})?")
_MORE: Final = re.compile(r"@(?P<minutes>[0-9.]+)MIN|@(?P<days>[0-9]{1,3})DAYS?|@POS(?P<pos>[0-9]{2})|=(?P<charge>.+)")
_CODE_LENGTH: Final = 5
_MODIFIER_LENGTH: Final = 2


def service_from(text: str) -> Service:
    """The service that ``text`` names. Raises InputError for text that names none, saying which part of it is wrong."""
    head, *suffixes = re.split(r"(?=[@=])", text.strip().upper())
    code, *modifiers = head.split("-")
    units = Decimal(1)
    if modifiers:
        modifiers[-1], units = _parted(text, modifiers[-1], _MODIFIER_LENGTH)
    else:
        code, units = _parted(text, code, _CODE_LENGTH)
    _check(text, code, modifiers)
    more: dict[str, Any] = {}
    for suffix in suffixes:
        name, value = _suffix(text, suffix)
        if name in more:
            raise InputError(f"Service {text!r} says its {_NAMES[name]} twice: say it once.")
        more[name] = value
    return Service(code, tuple(modifiers), units, **more)


def _parted(text: str, token: str, length: int) -> tuple[str, Decimal]:
    """A code or modifier, and the units behind it. The first ``length`` characters are its own, an X in them too."""
    own, written = token[:length], token[length:]
    if not written:
        return own, Decimal(1)
    if written[0] not in "X*":
        return token, Decimal(1)
    if not _NUMBER.fullmatch(written[1:]) or not Decimal(written[1:]):
        raise InputError(f"Service {text!r}: {written[1:]!r} units: give a number above 0, such as x2.")
    return own, Decimal(written[1:])


def _check(text: str, code: str, modifiers: list[str]) -> None:
    if not _CODE.fullmatch(code):
        raise InputError(
            f"Service {text!r}: {code!r} is no procedure code: expected five characters, such as 43214, 0042T or G0105."
            f"{_units_before(code, _CODE_LENGTH)}"
        )
    for modifier in modifiers:
        if not _MODIFIER.fullmatch(modifier):
            raise InputError(
                f"Service {text!r}: {modifier!r} is no modifier: expected two characters, such as 26 or LT."
                f"{_units_before(modifier, _MODIFIER_LENGTH)}"
            )
    if len(modifiers) > MOST_MODIFIERS:
        raise InputError(f"Service {text!r} has {len(modifiers)} modifiers: a claim line holds {MOST_MODIFIERS}.")


def _units_before(token: str, length: int) -> str:
    """What to say where units stand before the last modifier."""
    return " The units stand after the modifiers." if token[length : length + 1] in {"X", "*"} else ""


_NAMES: Final = {
    "minutes": "minutes",
    "postoperative_days": "days of care",
    "pos": "place of service",
    "charge": "charge",
}


def _suffix(text: str, suffix: str) -> tuple[str, Any]:
    match = _MORE.fullmatch(suffix)
    if match is None:
        raise InputError(
            f"Service {text!r}: {suffix.lower()!r} is none of @90min (minutes of anesthesia), @60days (of "
            "postoperative care), @pos22 (place of service) and =180.00 (charge)."
        )
    if match["minutes"] is not None:
        if not _NUMBER.fullmatch(match["minutes"]):
            raise InputError(f"Service {text!r}: {match['minutes']!r} minutes: give a number, such as @90min.")
        return "minutes", Decimal(match["minutes"])
    if match["days"] is not None:
        return "postoperative_days", int(match["days"])
    if match["pos"] is not None:
        return "pos", match["pos"]
    charge = parse_money(match["charge"])
    if charge is None or charge < 0:
        raise InputError(f"Service {text!r}: {match['charge']!r} is no charge: give dollars, such as =180.00.")
    return "charge", charge
