"""The claims of some rows as a part, with the slow reader for the claims that are not regular; and pieces of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.table_columns.column import Column
from cleanclaim.claims.readers.table_columns.diagnoses import fill_diagnoses
from cleanclaim.claims.readers.table_columns.fields import fill_claims, fill_lines
from cleanclaim.claims.readers.table_columns.groups import Rows
from cleanclaim.claims.readers.table_columns.records import Placed, Sheet
from cleanclaim.claims.readers.x12_columns.parts import Part
from cleanclaim.claims.table import ClaimTable, put_behind
from cleanclaim.types import Reject

ROWS_OF_A_PART: Final = 1 << 16

Slowly = Callable[[Rows], Sequence[Claim | Reject]]
"""Reads the claims of some rows, or their rejects, in the order of their first rows."""


def part_of(columns: Mapping[str, Column], placed: Placed, slowly: Slowly) -> Part:
    """The claims of some rows, and the rejects among them. No other row of these claims may stand elsewhere."""
    sheet = Sheet(columns, placed)
    fill_claims(sheet)
    fill_lines(sheet)
    diagnoses = fill_diagnoses(sheet)
    sheet.refuse_the_rest()
    irregular = np.flatnonzero(sheet.irregular)
    entries = slowly(np.flatnonzero(sheet.irregular[sheet.groups.of_row]))
    slow = ClaimTable.of(entry for entry in entries if isinstance(entry, Claim))
    texts = sheet.words.add(slow.vocabulary.texts())
    vocabulary, numbers = sheet.words.settle()
    put_behind(slow, numbers[texts], len(sheet.lines), len(diagnoses))
    claims = sheet.claims
    is_reject = np.array([isinstance(entry, Reject) for entry in entries], np.bool_)
    claims[irregular[~is_reject]] = slow.claim_rows
    rejected = irregular[is_reject]
    return Part(
        ClaimTable(
            np.delete(claims, rejected) if len(rejected) else claims,
            np.concatenate([sheet.lines, slow.line_rows]) if len(slow) else sheet.lines,
            np.concatenate([diagnoses, slow.diagnosis_rows]) if len(slow) else diagnoses,
            vocabulary,
            kept=slow.kept,
        ),
        tuple(entry for entry in entries if isinstance(entry, Reject)),
        tuple((rejected - np.arange(len(rejected))).tolist()),
    )


def pieces(batches: Iterable[pa.RecordBatch], ends: Iterable[int]) -> Iterator[pa.Table]:
    """The rows of some batches in tables that end behind so many rows; what is left behind the last end is one too."""
    held: list[pa.RecordBatch] = []
    many = done = 0
    left = iter(ends)
    end = next(left, None)
    for batch in batches:
        held.append(batch)
        many += batch.num_rows
        while end is not None and done + many >= end:
            table = pa.Table.from_batches(held)
            yield table.slice(0, end - done)
            held = table.slice(end - done).to_batches()
            many -= end - done
            done, end = end, next(left, None)
    if many:
        yield pa.Table.from_batches(held)
