"""The report as a Parquet file: the rows of :mod:`cleanclaim.render.rows`, typed."""

from __future__ import annotations

import io
from typing import Any

from cleanclaim.render.rows import COLUMNS, Kind, fit, rows
from cleanclaim.types import Report


def render(report: Report) -> bytes:
    """One Parquet file; dollars are decimals, dates are dates, and what has nothing to say is null."""
    import pyarrow as pa  # noqa: PLC0415 - the other formats should not pay for it
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    types: dict[Kind, Any] = {
        Kind.TEXT: pa.string(),
        Kind.TEXTS: pa.list_(pa.string()),
        Kind.INTEGER: pa.int64(),
        Kind.INTEGERS: pa.list_(pa.int64()),
        Kind.DOLLARS: pa.decimal128(38, 2),
        Kind.DATE: pa.date32(),
        Kind.BOOLEAN: pa.bool_(),
    }
    schema = pa.schema(
        [pa.field(column.name, types[column.kind], metadata={"about": column.about}) for column in COLUMNS],
        metadata={"schema": "cleanclaim.report/1"},
    )
    table = pa.Table.from_pylist(
        [{name: fit(value) for name, value in row.items() if value not in {"", ()}} for row in rows(report)],
        schema=schema,
    )
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()
