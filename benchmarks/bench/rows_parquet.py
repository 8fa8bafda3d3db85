"""The row that reads a Parquet file of claims, column by column and row by row."""

from __future__ import annotations

import time

from bench.measure import RowResult, in_turn, ratios
from bench.row import Context
from bench.warehouse import write_parquet

from cleanclaim.claims.readers.parquet_columns.reader import read_parts
from cleanclaim.claims.readers.tabular import read_parquet

_ROUNDS = 3


def parquet_reader(context: Context) -> RowResult:
    """Parquet to a claim table, against the reader that makes a claim of each in turn.

    In processor time of all threads: Arrow decodes columns on several.
    """
    path = context.books.folder / "reader.parquet"
    claims = context.batch
    write_parquet(claims, path)
    content = path.read_bytes()
    rows = sum(len(claim.lines) for claim in claims)
    same = [item for part in read_parts(content, path.name) for item in part.items()] == list(
        read_parquet(content, path.name)
    )
    seconds = in_turn(
        {
            "columns": lambda: list(read_parts(content, path.name)),
            "rows": lambda: list(read_parquet(content, path.name)),
        },
        min(_ROUNDS, context.size.rounds),
        time.process_time,
    )
    result = RowResult(
        notes=[
            f"{len(claims):,} claims ({context.mix}), {rows:,} rows, {len(content) / 1e6:.1f} MB",
            f"both give the same claims and rejects: {'yes' if same else 'NO'}",
            "the one gives tables, the other objects: what works on objects has still to make them",
        ]
    )
    for name, work in (("columns", "column by column"), ("rows", "row by row")):
        result.add(f"{work}, claims", [len(claims) / value for value in seconds[name]], "claims/s")
        result.add(f"{work}, rows", [rows / value for value in seconds[name]], "rows/s")
    result.add("column by column, against row by row", ratios(seconds["rows"], seconds["columns"]), "times as fast")
    return result
