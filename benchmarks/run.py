"""The front door of the benchmarks: ``python benchmarks/run.py [ROW ...]``.

Makes its own input, measures each row against its baseline in the same run, prints the figures and writes them to
``benchmarks/results/latest.json``. Without names every row is run; rows not named keep the figures they had. See
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench import rows_claims, rows_process
from bench.books import Books
from bench.measure import write_results
from bench.row import FULL, TINY, Context, Row

from cleanclaim.rules.registry import all_rules

RESULTS: Final = Path(__file__).parent / "results" / "latest.json"

ROWS: Final = (
    Row(
        "one-claim",
        "one claim of 3 lines through every rule, warm",
        ("one claim through every rule, warm, p50",),
        rows_claims.one_claim,
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
        "batch",
        "every rule over batches of claims in memory",
        ("time against claims, lines per day, table size",),
        rows_claims.batch,
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
)

LATER: Final = {
    "all rules, Parquet to findings Parquet, against the plain-Python oracle of the same rules, same 100k claims": (
        'the batch engine is the issue "a million claims in a second"'
    ),
    "837P file to findings, end to end, 2 cores": "the same issue",
    "the first large batch on a fresh machine": "nothing is compiled yet; benchmarks/rule_forms measures what it costs",
    "memory for a file of any size": "a run still holds its claims in memory",
    "Spark local[2] against the single process on the same Parquet": "there is no Spark engine yet",
}
"""Rows of the targets table that are not in this issue, and why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rows named, print and keep their figures. Exit code 2 for a row that does not exist."""
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
        context = Context(Books(Path(folder), published=not options.tiny), TINY if options.tiny else FULL)
        try:
            done = {row.name: _run(row, context) for row in chosen}
            document = _document(done, context, options.output)
        finally:
            if before is None:
                os.environ.pop("XDG_CACHE_HOME", None)
            else:
                os.environ["XDG_CACHE_HOME"] = before
    for what, why in LATER.items():
        print(f"not in this issue: {what}: {why}")
    write_results(options.output, document)
    print(f"\nwritten: {options.output}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure speed and memory; every figure is a ratio of one run.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="rows to run (default: all)")
    parser.add_argument("--list", action="store_true", help="list the rows and stop")
    parser.add_argument("--tiny", action="store_true", help="run on a handful of claims and the starter, to try it out")
    parser.add_argument("--output", type=Path, metavar="FILE", default=RESULTS, help="where the figures go")
    return parser


def _print_list() -> None:
    for row in ROWS:
        print(f"{row.name:14} {row.question}")


def _run(row: Row, context: Context) -> dict[str, Any]:
    """Run a row, print it, and give what the results file keeps of it."""
    print(f"{row.name}: {row.question}", flush=True)
    begun, load = time.perf_counter(), os.getloadavg()[0]
    result = row.run(context)
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
    surroundings = {"book": context.books.name, "rules": len(all_rules()), "load": [load, os.getloadavg()[0]]}
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
        "not_in_this_issue": LATER,
    }


if __name__ == "__main__":
    sys.exit(main())
