"""Values of a claim as a report may show them: only what has the shape of its field.

A field filled by mistake may hold a name, an address or a date of birth. Such a value is told by its length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

from cleanclaim.claims.model import Diagnosis
from cleanclaim.types import dotted

Field = Literal[
    "procedure",
    "diagnosis",
    "modifier",
    "npi",
    "place of service",
    "revenue code",
    "code system",
    "payer",
    "taxonomy",
]

_SHAPES: Final[dict[Field, re.Pattern[str]]] = {
    "procedure": re.compile(r"[0-9]{1,5}|(?=[A-Z]*[0-9])[0-9A-Z]{4,6}"),
    "diagnosis": re.compile(r"[0-9]{3,5}|(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[0-9A-Z]{3,7}"),
    "modifier": re.compile(r"[0-9A-Z]{2}"),
    "npi": re.compile(r"[0-9]{10}"),
    "place of service": re.compile(r"[0-9A-Z]{1,2}"),
    "revenue code": re.compile(r"[0-9]{1,4}"),
    "code system": re.compile(r"[0-9A-Z]{2}"),
    "payer": re.compile(r"(?=[A-Z]*[0-9])[0-9A-Z]{3,7}"),
    "taxonomy": re.compile(r"(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[0-9A-Z]{4,10}"),
}
"""Procedure and diagnosis codes also as they come out when a zero is lost or a key struck twice; never without a digit,
as names are, nor eight digits, as dates are."""


@lru_cache(maxsize=65536)
def has_shape(field: Field, value: str) -> bool:
    """True when a value looks like what its field is for, and may be shown."""
    return _SHAPES[field].fullmatch(value) is not None


@lru_cache(maxsize=65536)
def shown(field: Field, value: str) -> str:
    """The value as a report may show it; an absent one as it is."""
    return value if not value or has_shape(field, value) else f"a value of {len(value)} characters"


def shown_diagnosis(diagnosis: Diagnosis) -> str:
    """A diagnosis code as a report may show it, with its dot."""
    shaped = has_shape("diagnosis", diagnosis.code)
    return dotted(diagnosis.code, diagnosis.system) if shaped else shown("diagnosis", diagnosis.code)


def some(codes: Sequence[str], most: int = 6) -> str:
    """The first few of some codes, and how many more there are."""
    told = ", ".join(codes[:most])
    return told if len(codes) <= most else f"{told} and {len(codes) - most} more"
