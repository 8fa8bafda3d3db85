"""The report as a Parquet file: the rows of :mod:`cleanclaim.render.rows`, typed."""

from __future__ import annotations

import io
from itertools import islice
from typing import IO, Any, Final

from cleanclaim.render.rows import COLUMNS, Kind, Row, fit, rows
from cleanclaim.types import Reported

_ROWS_OF_A_GROUP: Final = 1 << 16
"""Rows that are held in memory at a time, and stand in one row group of the file."""


def render(report: Reported) -> bytes:
    """One Parquet file; dollars are decimals, dates are dates, and what has nothing to say is null."""
    out = io.BytesIO()
    write(report, out)
    return out.getvalue()


def write(report: Reported, out: IO[bytes]) -> None:
    """The same, written as it is made."""
    import pyarrow as pa  # noqa: PLC0415 - the other formats should not pay for it
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    schema = arrow_schema()
    left = map(record, rows(report))
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while some := list(islice(left, _ROWS_OF_A_GROUP)):
            writer.write_table(pa.Table.from_pylist(some, schema=schema))


def arrow_schema() -> Any:
    """The Arrow schema of the table, with what each column is about."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    types: dict[Kind, Any] = {
        Kind.TEXT: pa.string(),
        Kind.TEXTS: pa.list_(pa.string()),
        Kind.INTEGER: pa.int64(),
        Kind.INTEGERS: pa.list_(pa.int64()),
        Kind.DOLLARS: pa.decimal128(38, 2),
        Kind.DATE: pa.date32(),
        Kind.BOOLEAN: pa.bool_(),
    }
    return pa.schema(
        [pa.field(column.name, types[column.kind], metadata={"about": column.about}) for column in COLUMNS],
        metadata={"schema": "cleanclaim.report/1"},
    )


def record(row: Row) -> Row:
    """A row as the table holds it."""
    return {name: fit(value) for name, value in row.items() if value not in {"", ()}}
