"""``cleanclaim check --engine spark``: Parquet and Delta tables in, a folder of Parquet or a summary out."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyspark.errors
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

from cleanclaim import errors
from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.on_spark import Asked
from cleanclaim.interfaces.python import Book
from cleanclaim.interfaces.spark.counting import Counts, counts
from cleanclaim.interfaces.spark.plan import check
from cleanclaim.interfaces.spark.tables import read
from cleanclaim.render.dollars import allowed_at_risk, dollars
from cleanclaim.types import Date, Severity, Verdict

_OURS: Final = re.compile(r"^cleanclaim\.errors\.(?P<name>\w+): (?P<message>.+)$", re.MULTILINE)
_MOST_RULES: Final = 30
_PARTITIONS: Final = "spark.sql.shuffle.partitions"
_PARTITIONS_UNSET: Final = "200"
"""Made for a cluster: on one machine it costs more to start so many tasks than a small input takes."""


def check_on_spark(asked: Asked, book: Book, known_on: Date | None, tell: Callable[[str], None]) -> int:
    """Check on the Spark that is configured here, tell a summary, and return the exit code.

    Raises InputError when Spark cannot start, a path cannot be read, or the output is there already.
    """
    with _session() as session, clear_errors():
        claims = read(session, *asked.paths)
        report = check(
            claims,
            book=book,
            select=asked.select,
            ignore=asked.ignore,
            known_on=known_on,
            history=read(session, *asked.history) if asked.history else None,
        )
        with _kept(session, report, asked.output) as kept:
            summary = Summary.of(counts(claims, kept), kept)
    for line in summary.lines():
        tell(line)
    if asked.output is not None:
        tell(f"The report: {asked.output} (Parquet).")
    return summary.exit_code(asked.fail_on)


@contextmanager
def _session() -> Iterator[SparkSession]:
    """The session that runs already, left as it is, or one of our own."""
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    # Spark would start whichever python3 is found first, and not the one that has this package.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        session = SparkSession.builder.appName("cleanclaim check").getOrCreate()
    except pyspark.errors.PySparkRuntimeError as error:
        raise InputError(
            f"Spark could not start ({error.getCondition() or type(error).__name__}). It needs Java 17 or newer: "
            "install it, or set JAVA_HOME. What Spark says is above."
        ) from None
    session.sparkContext.setLogLevel("ERROR")
    if session.sparkContext.master.startswith("local") and session.conf.get(_PARTITIONS) == _PARTITIONS_UNSET:
        session.conf.set(_PARTITIONS, str(4 * session.sparkContext.defaultParallelism))
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def clear_errors() -> Iterator[None]:
    """An error of ours that a task ended with, as that error and without the traceback of two languages."""
    try:
        yield
    except pyspark.errors.PySparkException as error:
        found = _OURS.search(str(error))
        kind = getattr(errors, found["name"], None) if found is not None else None
        if found is None or kind is None:
            raise
        raise kind(found["message"]) from None


@contextmanager
def _kept(session: SparkSession, report: DataFrame, output: Path | None) -> Iterator[DataFrame]:
    """The report computed once: written to the output and read back, or kept by Spark for the moment."""
    if output is None:
        report.persist(StorageLevel.DISK_ONLY)
        try:
            yield report
        finally:
            report.unpersist()
        return
    try:
        report.write.parquet(str(output))
    except pyspark.errors.AnalysisException as error:
        if error.getCondition() != "PATH_ALREADY_EXISTS":
            raise
        raise InputError(f"{output}: there already. Spark writes a folder that is not there yet.") from None
    yield session.read.parquet(str(output))


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told of a report too large to print."""

    counts: Counts
    verdicts: dict[str, int]
    rules: list[tuple[str, str, str, int]]
    """Severity, rule, name and findings: the most severe first, then the most frequent."""
    at_risk: Decimal
    allowed: Decimal | None
    """What the Medicare fee schedule allows of it, for the lines that have a price; None where none has."""
    unpriced: int
    """Lines at risk that have none."""
    notes: list[str]

    @classmethod
    def of(cls, counted: Counts, report: DataFrame) -> Summary:
        """The summary of a report."""
        groups = (
            report.where(F.col("kind").isin("claim", "finding"))
            .groupBy("kind", "verdict", "severity", "rule", "name")
            .agg(
                F.count("*").alias("rows"),
                F.sum("amount_at_risk").alias("at_risk"),
                F.sum("allowed_at_risk").alias("allowed"),
                F.sum("unpriced_lines").alias("unpriced"),
            )
            .collect()
        )
        of_claims = [row for row in groups if row["kind"] == "claim"]
        allowed = sum((row["allowed"] or Decimal(0) for row in of_claims), Decimal(0))
        unpriced = sum(row["unpriced"] for row in of_claims)
        rules = [(row["severity"], row["rule"], row["name"], row["rows"]) for row in groups if row["kind"] == "finding"]
        return cls(
            counted,
            {row["verdict"]: row["rows"] for row in of_claims},
            sorted(rules, key=lambda rule: (Severity(rule[0]).rank, -rule[3], rule[1])),
            sum((row["at_risk"] for row in of_claims), Decimal(0)),
            allowed if allowed or not unpriced else None,
            unpriced,
            [row["message"] for row in report.where(F.col("kind") == "note").select("message").collect()],
        )

    def lines(self) -> Iterator[str]:
        """The summary as text."""
        told = [
            f"{self.verdicts[verdict]:,} {verdict.replace('_', ' ')}" for verdict in Verdict if verdict in self.verdicts
        ]
        yield f"{self.counts.claims:,} claims: {', '.join([*told, f'{self.counts.rejected:,} rejected'])}"
        findings = sum(rule[3] for rule in self.rules)
        allowed = allowed_at_risk(self.allowed, self.unpriced)
        yield f"{findings:,} findings; billed and at risk: {dollars(self.at_risk)}" + (
            f" ({allowed})" if allowed else ""
        )
        for severity, rule, name, count in self.rules[:_MOST_RULES]:
            yield f"  {severity:6}  {rule} {name}: {count:,}"
        if len(self.rules) > _MOST_RULES:
            yield f"  and {len(self.rules) - _MOST_RULES} rules more"
        yield from self.notes

    def exit_code(self, fail_on: Severity) -> int:
        """2 when nothing could be read, 1 when a finding is at least as severe as ``fail_on``, else 0."""
        if self.counts.rejected and not self.counts.reported:
            return 2
        return int(any(Severity(severity).rank <= fail_on.rank for severity, *_ in self.rules))
