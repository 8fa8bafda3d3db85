"""Claims as a warehouse has them: rows scattered, patients on one row only, some that cannot be read."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import strategies_tabular as tables

from cleanclaim.claims.model import Claim

Rows = list[dict[str, Any]]


def rows_of(claims: Iterable[Claim]) -> Rows:
    return [row for claim in claims for row in tables.rows(claim)]


def awkward(claims: Sequence[Claim]) -> Rows:
    """One row a line, with what real tables do to them; the rows of a claim are scattered, the same way every time."""
    chance = random.Random(4)  # noqa: S311 - no secret
    again = [replace(claim, claim_id=f"{claim.claim_id}-AGAIN") for claim in claims[::17]]
    rows: Rows = []
    for number, claim in enumerate([*claims, *again]):
        own = tables.rows(claim)
        if number % 11 == 1:
            for row in own:
                row["patient_id"] = None
        elif number % 5 == 2:
            own[0]["patient_id"] = f"  {own[0]['patient_id'].upper()}\u00a0"
            for row in own[1:]:
                row["patient_id"] = ""  # a patient on the first row only
        _break(own, number)
        rows += own
    chance.shuffle(rows)
    return rows


def _break(own: Rows, number: int) -> None:
    if number % 29 == 3:
        own[0]["frequency"], own[-1]["frequency"] = "1", "9"  # the rows disagree
    if number % 31 == 4:
        own[0]["claim_type"] = "letter"
    if number % 37 == 5:
        own[0]["claim_id"] = " "
    if number % 41 == 6:
        for row in own:
            row["line_no"] = 1  # the order of the rows is all there is


def write(path: Path, rows: Rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tables.to_parquet(rows))
    return path


def write_nested(path: Path, claims: Iterable[Claim]) -> Path:
    pq.write_table(pa.Table.from_pylist([tables.nested(claim) for claim in claims]), path)
    return path


def same(rows: Iterable[dict[str, Any]], *, without: Sequence[str] = (), kinds: Sequence[str] = ()) -> list[str]:
    """Rows of a report in a form that can be compared whatever their order. Notes count over a whole run."""
    return sorted(
        repr([(name, value) for name, value in sorted(row.items()) if name not in without])
        for row in rows
        if row["kind"] != "note" and (not kinds or row["kind"] in kinds)
    )
