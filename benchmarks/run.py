"""The front door of the benchmarks: ``python benchmarks/run.py [ROW ...]``.

Makes its own input, measures each row against its baseline in the same run, prints the figures and writes them to
``benchmarks/results/latest.json``. Without names every row is run; rows not named keep the figures they had. See
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench import (
    plots,
    rows_alike,
    rows_claims,
    rows_files,
    rows_oracles,
    rows_packages,
    rows_parquet,
    rows_process,
    rows_single,
    rows_spark,
)
from bench.books import Books
from bench.claims837 import Mix
from bench.measure import RowResult, write_results
from bench.row import FULL, TINY, Context, Row
from bench.table import page

from cleanclaim.rules.registry import all_rules

_FAILED: Final = "failed"
RESULTS: Final = Path(__file__).parent / "results" / "latest.json"

_ORACLE: Final = (
    "all rules, Parquet to findings Parquet, against the plain-Python oracle of the same rules, same 100k claims"
)
ROWS: Final = (
    Row(
        "one-claim",
        "new claims of 3 lines, one by one, after thousands of others",
        ("one claim through every rule, warm, p50",),
        rows_single.one_claim,
    ),
    Row(
        "small-file",
        "a small file on the command line, cold",
        ("a small file on the command line, cold process to printed report",),
        rows_process.small_file,
    ),
    Row("questions", "`code` and `pair`, cold", ("`code`, `pair` cold",), rows_process.questions),
    Row(
        "open-book",
        "opening the book, and its memory",
        ("book with every source loaded: open",),
        rows_process.open_book,
    ),
    Row(
        "load-ptp",
        "loading the PTP practitioner release",
        ("load the whole PTP practitioner release into the book (2.5M rows)",),
        rows_process.load_ptp,
    ),
    Row(
        "reader",
        "reading 837P",
        ("837P reader, hardened, every field kept, one thread, against `bytes.split` on segments and elements",),
        rows_claims.reader,
    ),
    Row(
        "parquet-reader",
        "reading Parquet into a claim table",
        (_ORACLE,),
        rows_parquet.parquet_reader,
    ),
    Row(
        "csv-reader",
        "reading CSV into a claim table",
        (_ORACLE,),
        rows_parquet.csv_reader,
    ),
    Row(
        "batch",
        "every rule over batches of claims in memory",
        ("time against claims, lines per day, table size",),
        rows_claims.batch,
    ),
    Row(
        "alike",
        "claims settled by claims before without a finding",
        ("837P file to findings, end to end, 2 cores", "time against claims, lines per day, table size"),
        rows_alike.alike,
    ),
    Row(
        "lines-per-day",
        "days with many lines of one patient",
        ("time against claims, lines per day, table size",),
        rows_claims.lines_per_day,
    ),
    Row(
        "table-size",
        "a small book against a large one",
        ("time against claims, lines per day, table size",),
        rows_claims.table_size,
    ),
    Row(
        "spark",
        "the same Parquet file on Spark and in a single process",
        ("Spark local[2] against the single process on the same Parquet",),
        rows_spark.spark,
    ),
    Row(
        "parquet",
        "Parquet to findings in Parquet, against the engine as it was",
        (_ORACLE,),
        rows_parquet.parquet,
    ),
    Row(
        "oracles",
        "the engine against the oracles that can be run over a batch",
        (_ORACLE,),
        rows_oracles.oracles,
    ),
    Row(
        "end-to-end",
        "an 837P file to findings, one and two processes",
        ("837P file to findings, end to end, 2 cores",),
        rows_files.end_to_end,
    ),
    Row(
        "packages",
        "other Python packages on the same claims",
        ("837P file to findings, end to end, 2 cores",),
        rows_packages.packages,
    ),
    Row(
        "first-batch",
        "a large batch where nothing is cached yet",
        ("the first large batch on a fresh machine",),
        rows_files.first_batch,
    ),
    Row(
        "any-size",
        "memory and time of files of growing size",
        ("memory for a file of any size", "time against claims, lines per day, table size"),
        rows_files.any_size,
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rows named, print and keep their figures.

    Exit code 2 for a row that does not exist, 1 where one failed: the others are run all the same.
    """
    options = _parser().parse_args(arguments)
    if options.list:
        _print_list()
        return 0
    unknown = [name for name in options.rows if name not in {row.name for row in ROWS}]
    if unknown:
        print(f"No such row: {', '.join(unknown)}. Rows: {', '.join(row.name for row in ROWS)}.", file=sys.stderr)
        return 2
    chosen = [row for row in ROWS if not options.rows or row.name in options.rows]
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory(prefix="cleanclaim-bench-") as folder:
        books = Books(Path(folder), published=not options.tiny, loaded=None if options.tiny else options.book)
        context = Context(books, TINY if options.tiny else FULL, options.mix, options.most)
        try:
            for row in chosen:
                document = _document({row.name: _run(row, context)}, context, options.output)
                # Row by row: what an hour has measured is not lost with the row after it.
                write_results(options.output, document)
                options.output.with_suffix(".md").write_text(page(document), encoding="utf-8")
        finally:
            if before is None:
                os.environ.pop("XDG_CACHE_HOME", None)
            else:
                os.environ["XDG_CACHE_HOME"] = before
    print(f"\nwritten: {options.output}, and as a page beside it")
    _draw(document, options.output.parent / "plots")
    return int(any(document["rows"][row.name]["skipped"].startswith(_FAILED) for row in chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure speed and memory; every figure is a ratio of one run.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="rows to run (default: all)")
    parser.add_argument("--list", action="store_true", help="list the rows and stop")
    parser.add_argument("--tiny", action="store_true", help="run on a handful of claims and the starter, to try it out")
    parser.add_argument("--mix", type=Mix, choices=list(Mix), default=Mix.EVERYDAY, help="which claims are made")
    parser.add_argument(
        "--most", type=int, default=1_000_000, metavar="CLAIMS", help="the largest file of any-size (10000000 for all)"
    )
    parser.add_argument("--book", type=Path, metavar="DIR", help="a book with the published tables: saves loading them")
    parser.add_argument("--output", type=Path, metavar="FILE", default=RESULTS, help="where the figures go")
    return parser


def _draw(document: dict[str, Any], folder: Path) -> None:
    try:
        drawn = plots.draw(document["rows"], folder)
    except ImportError:
        print("no plots: matplotlib is not installed: pip install 'cleanclaim[bench]'")
        return
    for path in drawn:
        print(f"drawn: {path}")


def _print_list() -> None:
    for row in ROWS:
        print(f"{row.name:14} {row.question}")


def _run(row: Row, context: Context) -> dict[str, Any]:
    """Run a row, print it, and give what the results file keeps of it."""
    print(f"{row.name}: {row.question}", flush=True)
    begun, load = time.perf_counter(), os.getloadavg()[0]
    try:
        result = row.run(context)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in one row, the others are measured
        traceback.print_exc()
        result = RowResult(skipped=f"{_FAILED}: {type(error).__name__}: {str(error)[:300]}")
    if result.skipped:
        print(f"  skipped: {result.skipped}")
    for figure in result.figures:
        target = ""
        if figure.at_most is not None:
            target = f"   at most {figure.at_most:g}: {figure.verdict}"
        elif figure.at_least is not None:
            target = f"   at least {figure.at_least:g}: {figure.verdict}"
        print(f"  {figure.what}: {figure.value}{target}")
    for note in result.notes:
        print(f"  ({note})")
    print(f"  [{time.perf_counter() - begun:.0f} s]\n", flush=True)
    surroundings = {
        "measured": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "book": context.books.name,
        "rules": len(all_rules()),
        "load": [load, os.getloadavg()[0]],
    }
    return {"covers": row.covers, **surroundings, **result.to_json()}


def _document(done: dict[str, dict[str, Any]], context: Context, before: Path) -> dict[str, Any]:
    """The results file: the rows just run, and those of the file as it was that were not."""
    kept = json.loads(before.read_text(encoding="utf-8")) if before.is_file() else {}
    rows = kept["rows"] | done if kept.get("tiny") == context.tiny else done
    return {
        "schema": "cleanclaim.benchmarks/1",
        "tiny": context.tiny,
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "architecture": platform.machine(),
            "cores": os.cpu_count(),
        },
        "rows": {row.name: rows[row.name] for row in ROWS if row.name in rows},
    }


if __name__ == "__main__":
    sys.exit(main())
