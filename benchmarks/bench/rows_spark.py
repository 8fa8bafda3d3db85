"""The row that checks the same Parquet file on Spark and in a single process."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.claims837 import claims_file
from bench.measure import RowResult, in_turn, ratios
from bench.row import Context, claims_of
from bench.warehouse import write_parquet

import cleanclaim
from cleanclaim.interfaces.python import Book
from cleanclaim.render import parquet_report


def spark(context: Context) -> RowResult:
    """One Parquet file to a report in Parquet: by Spark on two cores, and by one process."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only this row

    if why := _missing():
        return RowResult(skipped=why)
    opened = context.books.whole()
    book, count = Book(opened), context.size.spark_claims
    path, written = context.books.folder / "spark.parquet", context.books.folder / "spark-report"
    write_parquet(claims_of(claims_file(opened, count)), path)
    alone = context.books.folder / "report.parquet"
    with _session(context.books.folder) as session:
        from cleanclaim import spark as on_spark  # noqa: PLC0415 - only where Spark is

        def by_spark() -> None:
            report = on_spark.check(on_spark.read(session, path), book=book)
            report.write.mode("overwrite").parquet(str(written))

        def by_one() -> None:
            alone.write_bytes(parquet_report.render(cleanclaim.check(path, book)))

        seconds = in_turn({"one": by_one, "spark": by_spark}, context.size.spark_rounds, time.perf_counter)
        read_back = session.read.parquet(str(written))
        counted = on_spark.counts(on_spark.read(session, path), read_back)
    ours, theirs = _bag(pq.read_table(alone).to_pylist()), _bag(pq.read_table(written).to_pylist())
    result = RowResult(
        notes=[
            f"{count:,} claims, local[2]; by the clock, since the work is in other processes",
            f"{counted.claims:,} claims given, {counted.reported:,} reported, {counted.rejected:,} rejected",
        ]
    )
    result.add("Spark, against the single process", ratios(seconds["spark"], seconds["one"]), "times", at_most=3)
    result.add(
        "rows of the report that are the same",
        [100 * (ours & theirs).total() / (ours | theirs).total()],
        "%",
        at_least=100,
    )
    result.add("Spark", [count / value for value in seconds["spark"]], "claims/s")
    result.add("single process", [count / value for value in seconds["one"]], "claims/s")
    return result


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


def _bag(rows: Iterable[dict[str, Any]]) -> Counter[str]:
    """The rows of a report whatever their order; the notes count over a whole run, which Spark has not."""
    return Counter(repr(sorted(row.items())) for row in rows if row["kind"] != "note")
