"""Claims that have no finding, and claims that differ from them by one thing for which something else is said of them.

They stand in twins.yaml, with the book they are for. A claim there says what it has beyond :func:`_full`: one of a
practice's patients, or of a hospital's outpatients, with nothing against it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from alike.lane import patient

from cleanclaim.claims.model import Claim
from cleanclaim.index.lookup import OpenBook
from cleanclaim.testing.inline import book_from, claim_from

DAY: Final = dt.date(2026, 7, 15)
_WRITTEN: Final[Mapping[str, Any]] = yaml.safe_load(Path(__file__).with_name("twins.yaml").read_text(encoding="utf-8"))
_OF_PRACTICE: Final[Mapping[str, Any]] = {
    "diagnoses": ["I10"],
    "patient_birth_date": dt.date(1980, 3, 4),
    "patient_sex": "F",
    "payer_id": "99999",
    "filing_indicator": "CI",
    "payer_responsibility": "P",
    "billing_state": "NY",
    "billing_zip": "10001",
    "submitted_on": DAY + dt.timedelta(5),
}
_OF_HOSPITAL: Final[Mapping[str, Any]] = {
    **_OF_PRACTICE,
    "claim_type": "institutional",
    "bill_type": "13",
    "rendering_npi": "",
    "attending_npi": "1234567893",
    "pos": "",
    "statement_from": DAY,
    "statement_to": DAY,
}
_LINE_OF_HOSPITAL: Final[Mapping[str, Any]] = {
    "segment": "SV2",
    "revenue_code": "0510",
    "pos": "",
    "rendering_npi": "",
    "diagnosis_pointers": [],
}
_RECORDS: Final = {"": "claim", "lines": "line", "diagnoses": "diagnosis"}
"""What the records of a claim table are of, by the field of a claim."""


@cache
def made_book() -> OpenBook:
    """The book that the claims are for."""
    return book_from(_WRITTEN["book"])


@dataclass(frozen=True)
class Twins:
    """A claim without a finding, and one of which something else is said: it differs by ``changes`` alone.

    These have a field of the claim, or of ``lines`` or ``diagnoses`` with the place: ``lines.0.units``.
    """

    name: str
    claim: Mapping[str, Any]
    changes: Mapping[str, Any]
    rules: Sequence[str] = ()
    """Those that are chosen; without any, all are."""
    taught: Sequence[Mapping[str, Any]] = ()
    """Other claims that have no finding, from which something of the second is known."""
    fields: Sequence[str] = ()
    """The fields of the records of a claim table that differ, where they are called otherwise than in ``changes``."""
    unusual: bool = False
    """Neither is ever told by the other: such claims are always checked themselves."""

    def __str__(self) -> str:
        return self.name.replace(" ", "-")

    @property
    def columns(self) -> frozenset[str]:
        """What differs, as records have it."""
        return frozenset(self.fields or map(_column, self.changes))

    def first(self, name: str) -> Claim:
        """The claim as it is, of a patient of this name."""
        return _named(self.claim, name)

    def second(self, name: str) -> Claim:
        """The other."""
        return _named(_changed(self.claim, self.changes), name)

    def others(self) -> list[Claim]:
        """The claims from which more is known."""
        return [_named(claim, f"taught {at}") for at, claim in enumerate(self.taught)]


@dataclass(frozen=True)
class Together:
    """Claims that have no finding, each by itself, and what is said when they are of one patient."""

    name: str
    claims: Sequence[Mapping[str, Any]]
    rules: Sequence[str] = ()

    def __str__(self) -> str:
        return self.name.replace(" ", "-")

    def alone(self, name: str) -> list[Claim]:
        """Each of a patient of its own."""
        return [_named(claim, f"{name} {at}") for at, claim in enumerate(self.claims)]

    def of_one(self, name: str) -> list[Claim]:
        """All of one patient."""
        return [replace(claim, patient_key=patient(name)) for claim in self.alone(name)]


TWINS: Final = tuple(Twins(**values) for values in _WRITTEN["twins"])
TOGETHER: Final = tuple(Together(**values) for values in _WRITTEN["together"])
"""Something else is said of them when they are of one patient."""
APART: Final = tuple(Together(**values) for values in _WRITTEN["apart"])
"""Nothing else is: they need not be checked."""


def _named(values: Mapping[str, Any], name: str) -> Claim:
    """A claim with a name, and of a patient of that name, unless it is nobody's."""
    made = claim_from(_full(values), claim_id=name)
    return replace(made, patient_key=patient(name) if made.patient_key else "")


def _full(values: Mapping[str, Any]) -> dict[str, Any]:
    own = dict(values)
    hospital = own.pop("form", "practice") == "hospital"
    of_line = _LINE_OF_HOSPITAL if hospital else {"diagnosis_pointers": [1]}
    own["lines"] = [{**of_line, **line} for line in own["lines"]]
    return {**(_OF_HOSPITAL if hospital else _OF_PRACTICE), **own}


def _column(path: str) -> str:
    records, _, column = path.rpartition(".")
    return f"{_RECORDS[records.partition('.')[0]]}.{column}"


def _changed(claim: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    made = _full(claim)
    made["diagnoses"] = [{"code": code} if isinstance(code, str) else dict(code) for code in made["diagnoses"]]
    for path, value in changes.items():
        records, _, column = path.rpartition(".")
        name, _, at = records.partition(".")
        (made[name][int(at)] if name else made)[column] = value
    return made
