"""Rows on tables of claims, Parquet and CSV: read, and checked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from bench.before import COMMIT, rules_before, source_before
from bench.books import REPOSITORY
from bench.claims837 import Mix
from bench.commands import JOBS, Command, commands_in_turn, file837, report_of
from bench.measure import RowResult, in_turn, ratios
from bench.row import Context, claims_of
from bench.warehouse import write_parquet
from pyarrow import csv
from pyarrow import parquet as pq

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.table_columns import delimited
from cleanclaim.claims.readers.table_columns import parquet as parquet_columns
from cleanclaim.claims.readers.tabular import read_csv, read_parquet
from cleanclaim.claims.readers.x12_columns.parts import Part
from cleanclaim.types import Reject

_ROUNDS = 3


def parquet_reader(context: Context) -> RowResult:
    """Parquet to a claim table, against the reader that makes a claim of each in turn."""
    content = _warehouse_of(context).read_bytes()
    return _columns_against_rows(
        context, content, lambda: parquet_columns.read_parts(content, "claims"), lambda: read_parquet(content, "claims")
    )


def csv_reader(context: Context) -> RowResult:
    """CSV to a claim table, against the reader that makes a claim of each in turn."""
    path = context.books.folder / "reader.csv"
    csv.write_csv(pq.read_table(_warehouse_of(context)), path)
    content = path.read_bytes()
    return _columns_against_rows(
        context, content, lambda: delimited.read_parts(content, "claims") or (), lambda: read_csv(content, "claims")
    )


def _warehouse_of(context: Context) -> Path:
    """The claims of the context in Parquet, a row for each line."""
    path = context.books.folder / "reader.parquet"
    write_parquet(context.batch, path)
    return path


def _columns_against_rows(
    context: Context,
    content: bytes,
    columns: Callable[[], Iterable[Part]],
    rows: Callable[[], Iterable[Claim | Reject]],
) -> RowResult:
    """Two readers in turn, in processor time of all threads: Arrow decodes columns on several."""
    claims = context.batch
    lines = sum(len(claim.lines) for claim in claims)
    same = [item for part in columns() for item in part.items()] == list(rows())
    seconds = in_turn(
        {"columns": lambda: list(columns()), "rows": lambda: list(rows())},
        min(_ROUNDS, context.size.rounds),
        time.process_time,
    )
    result = RowResult(
        notes=[
            f"{len(claims):,} claims ({context.mix}), {lines:,} rows, {len(content) / 1e6:.1f} MB",
            f"both give the same claims and rejects: {'yes' if same else 'NO'}",
            "the one gives tables, the other objects: what works on objects has still to make them",
        ]
    )
    for name, work in (("columns", "column by column"), ("rows", "row by row")):
        result.add(f"{work}, claims", [len(claims) / value for value in seconds[name]], "claims/s")
        result.add(f"{work}, rows", [lines / value for value in seconds[name]], "rows/s")
    result.add("column by column, against row by row", ratios(seconds["rows"], seconds["columns"]), "times as fast")
    return result


def parquet(context: Context) -> RowResult:
    """Parquet to findings in Parquet, against the engine before this work, in processes in turn."""
    try:
        # A tiny run tries the row out: the engine as it was would have to make an index of its own.
        before = REPOSITORY / "src" if context.tiny else source_before(context.books.folder)
    except LookupError as error:
        return RowResult(skipped=str(error))
    rules = rules_before(before)
    environment = context.books.environment()
    ours: dict[str, Command] = {
        "every rule": (("--jobs", "1"), environment),
        "two": (("--jobs", JOBS), environment),
    }
    commands: dict[str, Command] = {
        "before": ((), environment | {"PYTHONPATH": str(before)}),
        "same rules": (("--select", ",".join(rules), "--jobs", "1"), environment),
        **ours,
    }
    result = RowResult(
        notes=[
            "whole commands, starting and writing included",
            f"baseline: the product as it was ({COMMIT}), its {len(rules)} rules interpreted one by one, one process",
        ]
    )
    path, count = _warehouse(result, context, context.mix)
    taken = commands_in_turn(context, path, commands, context.size.whole_rounds)
    clock = {name: [one.clock for one in many] for name, many in taken.items()}
    spent = {name: [one.processor for one in many] for name, many in taken.items()}
    result.add("before, one process", [count / value for value in clock["before"]], "claims/s")
    result.add("every rule, one process", [count / value for value in clock["every rule"]], "claims/s")
    result.add(f"every rule, {JOBS} processes", [count / value for value in clock["two"]], "claims/s")
    result.add(
        f"every rule in {JOBS} processes, against before, by the clock",
        ratios(clock["before"], clock["two"]),
        "times as fast",
        at_least=40,
    )
    result.add(
        "the same rules, one process, against before, processor time",
        ratios(spent["before"], spent["same rules"]),
        "times as fast",
    )
    same, theirs = (_findings(report_of(context, name)) for name in ("same rules", "before"))
    if either := (same | theirs).total():
        both = 100 * (same & theirs).total() / either
        result.add("findings both have, of those either has (the same rules)", [both], "%")
    if context.mix is not Mix.VARIED:
        path, count = _warehouse(result, context, Mix.VARIED)
        for name, many in commands_in_turn(context, path, ours, context.size.whole_rounds).items():
            jobs = f"{JOBS} processes" if name == "two" else "one process"
            result.add(f"every rule, {jobs} ({Mix.VARIED})", [count / one.clock for one in many], "claims/s")
    return result


def _warehouse(result: RowResult, context: Context, mix: Mix) -> tuple[Path, int]:
    """A Parquet file of claims, and how many it has."""
    path = context.books.folder / f"claims-{mix}.parquet"
    claims = claims_of(file837(context, context.size.whole_claims, mix).read_bytes())
    write_parquet(claims, path)
    result.notes.append(f"{len(claims):,} claims ({mix}), {path.stat().st_size / 1e6:.1f} MB")
    return path, len(claims)


def _findings(path: Path) -> Counter[tuple[object, ...]]:
    """The findings of a report: rule, severity, claim, line and message."""
    rows = pq.read_table(path).to_pylist()
    return Counter(
        (row["rule"], row["severity"], row["claim"], row["line"], row["message"])
        for row in rows
        if row["kind"] == "finding"
    )
