"""Parquet files to claim tables, in parts, with the slow reader for the claims that are not regular."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.columns import flat_names, resolve
from cleanclaim.claims.readers.content import file_of
from cleanclaim.claims.readers.parquet_columns import arrays
from cleanclaim.claims.readers.parquet_columns.column import Column, encoded, merged
from cleanclaim.claims.readers.parquet_columns.diagnoses import fill_diagnoses
from cleanclaim.claims.readers.parquet_columns.fields import fill_claims, fill_lines
from cleanclaim.claims.readers.parquet_columns.groups import Rows, cuts
from cleanclaim.claims.readers.parquet_columns.records import Sheet
from cleanclaim.claims.readers.tabular import arrow_columns, arrow_rows, is_nested, read_parquet, read_rows
from cleanclaim.claims.readers.x12_columns.parts import Part, in_parts
from cleanclaim.claims.table import ClaimTable, put_behind
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

ROWS_OF_A_PART: Final = 1 << 16
_READ_AT_ONCE: Final = 1 << 15


def read_parts(content: bytes, file: str, *, rows: int = ROWS_OF_A_PART) -> Iterator[Part]:
    """The claims and rejects of a Parquet file in parts of about ``rows`` rows, in the order of the file.

    All rows of a claim are in one part, however far apart they stand. Files of whole claims with a list ``lines`` are
    read by the slow reader.

    Raises:
        UnreadableFile: as :func:`cleanclaim.claims.readers.tabular.read_parquet` does; for a file that is damaged
            further on, after the parts before that.
    """
    with _reading(file):
        parquet = pq.ParquetFile(file_of(content))
        wanted = arrow_columns(parquet.schema_arrow.names, file)
    if is_nested(wanted):
        yield from in_parts(read_parquet(content, file), rows)
        return
    pieces = ((table, _columns(table)) for table in _pieces(parquet, wanted, rows))
    before = 0
    while True:
        with _reading(file):
            piece = next(pieces, None)
        if piece is None:
            return
        yield _part(*piece, before + 1, file)
        before += piece[0].num_rows


@contextmanager
def _reading(file: str) -> Iterator[None]:
    """What Arrow and Python raise on damaged values is one error of ours, worded as the slow reader words it."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableFile(f"{file}: a damaged Parquet file ({type(error).__name__}). Write it again.") from None


def _pieces(parquet: pq.ParquetFile, wanted: Sequence[str], rows: int) -> Iterator[pa.Table]:
    """The file in tables of ``rows`` rows or more, no claim in two of them; the last may have fewer."""
    held: list[pa.RecordBatch] = []
    many = done = 0
    ends = iter(_cuts(parquet, wanted, rows))
    end = next(ends, None)
    for batch in parquet.iter_batches(batch_size=_READ_AT_ONCE, columns=wanted):
        held.append(batch)
        many += batch.num_rows
        while end is not None and done + many >= end:
            table = pa.Table.from_batches(held)
            yield table.slice(0, end - done)
            held = table.slice(end - done).to_batches()
            many -= end - done
            done, end = end, next(ends, None)
    if many:
        yield pa.Table.from_batches(held)


def _cuts(parquet: pq.ParquetFile, wanted: Sequence[str], rows: int) -> list[int]:
    if parquet.metadata.num_rows <= rows:
        return []
    names = resolve(wanted, flat_names())["claim_id"]
    batches = parquet.iter_batches(_READ_AT_ONCE, columns=names)
    return cuts((_column(_named_once(pa.Table.from_batches([batch])), names) for batch in batches), rows)


def _named_once(table: pa.Table) -> pa.Table:
    """The table with the last of the columns that have the same name, which is what the slow reader sees."""
    last = {name: number for number, name in enumerate(table.column_names)}
    return table if len(last) == table.num_columns else table.select(list(last.values()))


def part_of(table: pa.Table, first_row: int, file: str) -> Part:
    """The claims of some rows, which are called ``row N`` from ``first_row`` on, and the rejects among them.

    No other row of these claims may stand elsewhere. Raises what Arrow and Python raise on reading damaged values.
    """
    return _part(table, _columns(table), first_row, file)


def _columns(table: pa.Table) -> dict[str, Column]:
    """The documented columns that the table has."""
    table = _named_once(table)
    plan = resolve(table.column_names, flat_names())
    named = {name for names in plan.values() for name in names}
    for name in table.column_names:
        if name not in named:
            encoded(table.column(name))  # the slow reader would also fail on what is damaged in it
    return {column: _column(table, names) for column, names in plan.items()}


def _part(table: pa.Table, columns: Mapping[str, Column], first_row: int, file: str) -> Part:
    sheet = Sheet(columns, first_row, file)
    fill_claims(sheet)
    fill_lines(sheet)
    diagnoses = fill_diagnoses(sheet)
    sheet.refuse_the_rest()
    irregular = np.flatnonzero(sheet.irregular)
    entries = _read_slowly(table, np.flatnonzero(sheet.irregular[sheet.groups.of_row]), first_row, file)
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


def _column(table: pa.Table, names: Sequence[str]) -> Column:
    return merged([encoded(table.column(name)) for name in names])


def _read_slowly(table: pa.Table, rows: Rows, first_row: int, file: str) -> list[Claim | Reject]:
    """The claims of some rows, or their rejects, in the order of their first rows."""
    places = [f"row {first_row + row}" for row in rows.tolist()]
    batches = table.take(arrays.numbers(rows)).to_batches()
    values: list[dict[str, Any]] = [row for batch in batches for row in arrow_rows(batch)]
    return list(read_rows(zip(places, values, strict=True), file))
