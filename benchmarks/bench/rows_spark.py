"""The row that checks the same Parquet file on Spark and in a single process."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Final

from bench.claims837 import Mix, claims_file
from bench.measure import RowResult, in_turn, ratios
from bench.row import Context, claims_of
from bench.warehouse import write_parquet

import cleanclaim
from cleanclaim.interfaces.python import Book
from cleanclaim.render import parquet_report

_ROWS_AT_ONCE: Final = 10_000
"""Rows of a report that are Python's at a time."""


def spark(context: Context) -> RowResult:
    """One Parquet file to a report in Parquet: by Spark on two cores, and by one process; hard claims, and everyday."""
    if why := _missing():
        return RowResult(skipped=why)
    result = RowResult()
    sizes = context.size
    with _session(context.books.folder) as session:
        for mix, many, rounds in (
            (Mix.HARD, sizes.spark_claims, sizes.spark_rounds),
            (Mix.EVERYDAY, sizes.whole_claims, sizes.whole_rounds),
        ):
            _compare(context, session, result, mix, many, rounds)
    return result


def _compare(  # noqa: PLR0917 - what is compared, and where it is told
    context: Context, session: Any, result: RowResult, mix: Mix, count: int, rounds: int
) -> None:
    """Check so many claims of a mix in both ways, and tell what that took."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only this row

    from cleanclaim import spark as on_spark  # noqa: PLC0415 - only where Spark is

    opened, folder = context.books.whole(), context.books.folder
    book, path, written, alone = Book(opened), folder / "spark.parquet", folder / "spark-report", folder / "one.parquet"
    write_parquet(claims_of(claims_file(opened, count, mix=mix)), path)

    def by_spark() -> None:
        report = on_spark.check(on_spark.read(session, path), book=book)
        report.write.mode("overwrite").parquet(str(written))

    def by_one() -> None:
        alone.write_bytes(parquet_report.render(cleanclaim.check(path, book)))

    seconds = in_turn({"one": by_one, "spark": by_spark}, rounds, time.perf_counter)
    counted = on_spark.counts(on_spark.read(session, path), session.read.parquet(str(written)))
    ours, theirs = _bag(pq.read_table(alone)), _bag(pq.read_table(written))
    of_mix = f" ({mix})"
    result.add(
        f"Spark, against the single process{of_mix}", ratios(seconds["spark"], seconds["one"]), "times", at_most=3
    )
    same = 100 * (ours & theirs).total() / (ours | theirs).total()
    result.add(f"rows of the report that are the same{of_mix}", [same], "%", at_least=100)
    result.add(f"Spark{of_mix}", [count / value for value in seconds["spark"]], "claims/s")
    result.add(f"single process{of_mix}", [count / value for value in seconds["one"]], "claims/s")
    result.notes += [
        f"{count:,} {mix} claims, local[2]; by the clock, since the work is in other processes",
        f"{counted.claims:,} claims given, {counted.reported:,} reported, {counted.rejected:,} rejected",
    ]


def _missing() -> str:
    """Why the row cannot run here; "" when it can."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed: pip install 'cleanclaim[spark]'"
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "Spark needs Java, and there is none"
    return ""


@contextmanager
def _session(folder: Path) -> Iterator[Any]:
    """Spark on two cores of this machine; one that runs already is used and left running."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where it is installed

    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master("local[2]")
        .appName("cleanclaim-benchmark")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.local.dir", str(folder))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()


def _bag(report: Any) -> Counter[str]:
    """The rows of a report whatever their order; the notes count over a whole run, which Spark has not."""
    rows = chain.from_iterable(batch.to_pylist() for batch in report.to_batches(_ROWS_AT_ONCE))
    return Counter(sha256(repr(sorted(row.items())).encode()).hexdigest() for row in rows if row["kind"] != "note")
