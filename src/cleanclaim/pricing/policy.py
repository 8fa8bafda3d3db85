"""Payment parameters that a regulation or manual sets, by the day from which they bind.

One YAML file a topic in ``book/policies/payment``. A file holds parameters by name; each has a ``unit``, a sentence on
what it ``is``, and dated ``values`` with the source of every one::

    reduction_of_imaging_professional_component:
      unit: share paid
      is: What is paid for the second and later professional component of a diagnostic imaging family
      values:
        - {from: 2017-01-01, value: "0.95", source: cfr, release: "2026-06-20", locator: 42 CFR 414.56}

``from`` and ``to`` (left out: until the next value, or open) are service dates. ``value`` is text, so that it is exact.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from cleanclaim.errors import InputError
from cleanclaim.pricing.parameter_files import parameters_told
from cleanclaim.types import Citation, Date


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of a parameter, the days it binds, and where it can be read."""

    name: str
    value: Decimal
    valid_from: Date | None
    valid_to: Date | None
    citation: Citation


@lru_cache(maxsize=4096)
def parameter(name: str, day: Date) -> Parameter | None:
    """The value in force on a service date; None where no known value binds on it. KeyError for an unknown name."""
    for value in _parameters()[name]:
        if (value.valid_from is None or value.valid_from <= day) and (value.valid_to is None or day <= value.valid_to):
            return value
    return None


def required(name: str, day: Date) -> Parameter:
    """The value in force, for parameters that have one on every day since their first.

    Raises InputError for a day before, which cannot be priced with; KeyError for an unknown name.
    """
    found = parameter(name, day)
    if found is None:
        begins = min(value.valid_from for value in _parameters()[name] if value.valid_from is not None)
        raise InputError(
            f"No {name.replace('_', ' ')} is known for {day}: the first one is of {begins}. Give a service date from "
            "then on."
        )
    return found


def values(name: str) -> tuple[Parameter, ...]:
    """Every known value, in the order of their days. KeyError for an unknown name."""
    return _parameters()[name]


def names() -> tuple[str, ...]:
    """Every parameter."""
    return tuple(_parameters())


@cache
def turns() -> tuple[int, ...]:
    """The days, as ordinals and in order, on which some parameter gets or loses a value.

    Between two of them all parameters stay as they are, and so does a price of which nothing else changes.
    """
    values = [value for named in _parameters().values() for value in named]
    begins = {value.valid_from.toordinal() for value in values if value.valid_from is not None}
    return tuple(sorted(begins.union(value.valid_to.toordinal() + 1 for value in values if value.valid_to is not None)))


@cache
def _parameters() -> dict[str, tuple[Parameter, ...]]:
    return {name: _values(name, told["values"]) for name, told in parameters_told().items()}


def _values(name: str, told: list[dict[str, Any]]) -> tuple[Parameter, ...]:
    values = []
    for at, entry in enumerate(told):
        following = told[at + 1]["from"] - dt.timedelta(days=1) if at + 1 < len(told) else None
        valid_from, valid_to = entry.get("from"), entry.get("to", following)
        text = entry.get("text", "")
        cited = Citation(entry["source"], entry["release"], entry["locator"], valid_from, valid_to, text)
        values.append(Parameter(name, Decimal(entry["value"]), valid_from, valid_to, cited))
    return tuple(values)
