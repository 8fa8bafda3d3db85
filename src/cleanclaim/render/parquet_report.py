"""The report as a Parquet file: the rows of :mod:`cleanclaim.render.rows`, typed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import IO, Final

from cleanclaim.engine.stream.ahead import made_ahead
from cleanclaim.types import Reported

_ROWS_OF_A_GROUP: Final = 1 << 16
"""Rows that stand in one row group of the file: always so many, or the bytes would tell how they were made."""


def render(report: Reported) -> bytes:
    """One Parquet file; dollars are decimals, dates are dates, and what has nothing to say is null."""
    out = io.BytesIO()
    write(report, out)
    return out.getvalue()


def write(report: Reported, out: IO[bytes]) -> None:
    """The same, written as it is made."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - the other formats should not pay for it

    from cleanclaim.render.row_columns import SCHEMA, tables  # noqa: PLC0415 - the same

    with (
        _giving_back(),
        pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer,
        closing(made_ahead(tables(report, _ROWS_OF_A_GROUP))) as groups,  # packing leaves the interpreter to others
    ):
        for group in groups:
            writer.write_table(group)


@contextmanager
def _giving_back() -> Iterator[None]:
    """Arrow takes its memory from the system: what it manages itself it keeps, a fifth of all that a report takes."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)
