"""Parquet files to claim tables, in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.columns import flat_names, resolve
from cleanclaim.claims.readers.content import file_of
from cleanclaim.claims.readers.table_columns import arrays
from cleanclaim.claims.readers.table_columns.column import Column, encoded, merged
from cleanclaim.claims.readers.table_columns.groups import Rows, cuts
from cleanclaim.claims.readers.table_columns.part import ROWS_OF_A_PART, part_of, pieces
from cleanclaim.claims.readers.table_columns.records import Placed
from cleanclaim.claims.readers.tabular import arrow_columns, arrow_rows, is_nested, read_parquet, read_rows
from cleanclaim.claims.readers.x12_columns.parts import Part, in_parts
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

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
    batches = parquet.iter_batches(batch_size=_READ_AT_ONCE, columns=wanted)
    with _reading(file):
        tables = ((table, columns_of(table)) for table in pieces(batches, _cuts(parquet, wanted, rows)))
    before = 0
    while True:
        with _reading(file):
            piece = next(tables, None)
        if piece is None:
            return
        table, columns = piece
        placed = Placed.of_file(file, before + 1, table.num_rows)
        yield part_of(columns, placed, partial(_read_slowly, table, before + 1, file))
        before += table.num_rows


@contextmanager
def _reading(file: str) -> Iterator[None]:
    """What Arrow and Python raise on damaged values is one error of ours, worded as the slow reader words it."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableFile(f"{file}: a damaged Parquet file ({type(error).__name__}). Write it again.") from None


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


def columns_of(table: pa.Table) -> dict[str, Column]:
    """The documented columns that the table has."""
    table = _named_once(table)
    plan = resolve(table.column_names, flat_names())
    named = {name for names in plan.values() for name in names}
    for name in table.column_names:
        if name not in named:
            encoded(table.column(name))  # the slow reader would also fail on what is damaged in it
    return {column: _column(table, names) for column, names in plan.items()}


def _column(table: pa.Table, names: Sequence[str]) -> Column:
    return merged([encoded(table.column(name)) for name in names])


def _read_slowly(table: pa.Table, first_row: int, file: str, rows: Rows) -> list[Claim | Reject]:
    """The claims of some rows, or their rejects, in the order of their first rows."""
    places = [f"row {first_row + row}" for row in rows.tolist()]
    batches = table.take(arrays.numbers(rows)).to_batches()
    values: list[dict[str, Any]] = [row for batch in batches for row in arrow_rows(batch)]
    return list(read_rows(zip(places, values, strict=True), file))
