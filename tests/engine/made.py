"""Rules and books made for the tests of the engine, so that they say what is tested and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cleanclaim.book.provenance import quarter_span
from cleanclaim.rules.model import LoadedRule, Related, Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

DAY = dt.date(2026, 7, 15)


def rule(
    severity: Severity,
    *,
    code: str = "ZZZ001",
    scope: Scope = Scope.LINE,
    tables: tuple[str, ...] = (),
    check: Callable[..., bool] = lambda *_: True,
    related: Related = Related.NOTHING,
    message: str = "Something is wrong.",
    settings: tuple[Setting, ...] = (Setting.PRACTITIONER, Setting.OUTPATIENT),
) -> LoadedRule:
    """A rule that fires wherever ``check`` says, by default everywhere."""
    made = Rule(
        code=code,
        name="made-for-a-test",
        severity=severity,
        scope=scope,
        message=message,
        fix=Fix("review-record", "review", "Look."),
        citations=(convention("test"),),
        tables=tables,
        adjustment=Adjustment("CO", "16"),
        related=related,
        settings=settings,
    )
    return LoadedRule(made, check, "", {})


def never(*_: object) -> bool:
    return False


def released(name: str, **values: Any) -> dict[str, Any]:
    """The release of a row: a quarter and its span."""
    covers_from, covers_to = quarter_span(name)
    return {"release": name, "covers_from": covers_from, "covers_to": covers_to, **values}


COMPLETE: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "ptp": [{"column_one": "99213", "column_two": "36415", "valid_to": dt.date(2020, 1, 1)}],
    "mue": [{"hcpcs": code, "mue_value": 4} for code in ("99213", "36415", "J1100")],
    "aoc": [{"add_on": "99417", "primary": "99215"}],
    "mpfs": [
        {"hcpcs": "99213"},
        {"hcpcs": "36415", "status_indicator": "X"},
        {"hcpcs": "J1100", "status_indicator": "E"},
    ],
    "hcpcs": [{"hcpcs": "J1100"}],
    "icd10cm": [{"icd10cm": "E119"}],
    "pos": [{"pos": "11"}],
}
"""Every table, with what is needed to check :data:`SOUND` and nothing against it."""

SOUND: Mapping[str, Any] = {
    "diagnoses": ["E119"],
    "lines": [
        {"hcpcs": "99213", "charge": "100.00", "diagnosis_pointers": [1]},
        {"hcpcs": "36415", "charge": "10.00", "diagnosis_pointers": [1]},
        {"hcpcs": "J1100", "charge": "12.00", "units": 4, "diagnosis_pointers": [1]},
    ],
}
"""A claim with nothing to report."""
